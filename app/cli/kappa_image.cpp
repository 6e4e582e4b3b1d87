#include "app/cli/kappa_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/examine/examine.h"

namespace signet::cli {
namespace {

constexpr int kMinWidthForBar = 160;

/// A white strip of the sheet's width: "0", the colour bar, the maximum.
void drawBar(cv::Mat strip, double maximum) {
    strip.setTo(cv::Scalar::all(255));
    const double scale = strip.rows / 48.0;
    const int stroke = std::max(1, static_cast<int>(std::lround(scale)));
    const int margin = strip.rows / 4;
    const auto widthOf = [&](const std::string& text) {
        return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale * 0.7, stroke, nullptr).width;
    };
    const std::string low = "0";
    const std::string high = fmt::format("kappa {:.1f}", maximum);
    const cv::Rect bar(2 * margin + widthOf(low), margin,
                       std::max(1, strip.cols - 4 * margin - widthOf(low) - widthOf(high)),
                       strip.rows - 2 * margin);
    for (int x = 0; x < bar.width; ++x) {
        const auto colour = examine::viridis(bar.width > 1 ? static_cast<double>(x) / (bar.width - 1) : 1.0);
        strip(cv::Rect(bar.x + x, bar.y, 1, bar.height)).setTo(cv::Scalar(colour[0], colour[1], colour[2]));
    }
    const int base = strip.rows / 2 + static_cast<int>(std::lround(7 * scale));
    const cv::Scalar ink = cv::Scalar::all(32);
    cv::putText(strip, low, {margin, base}, cv::FONT_HERSHEY_SIMPLEX, scale * 0.7, ink, stroke, cv::LINE_AA);
    cv::putText(strip, high, {bar.x + bar.width + margin, base}, cv::FONT_HERSHEY_SIMPLEX, scale * 0.7, ink,
                stroke, cv::LINE_AA);
}

}  // namespace

image::Image kappaImage(const std::vector<float>& kappa, int width, int height) {
    const double maximum = *std::max_element(kappa.begin(), kappa.end());
    const int barHeight = width >= kMinWidthForBar ? std::clamp(width / 16, 24, 160) : 0;
    image::Image out = image::makeImage(width, height + barHeight, 3);
    for (std::size_t i = 0; i < kappa.size(); ++i) {
        const auto colour = examine::viridis(maximum > 0 ? kappa[i] / maximum : 0.0);
        std::copy(colour.begin(), colour.end(), out.data.begin() + static_cast<std::ptrdiff_t>(3 * i));
    }
    if (barHeight > 0) {
        const cv::Mat sheet(out.height, out.width, CV_8UC3, out.data.data());
        drawBar(sheet.rowRange(height, height + barHeight), maximum);
    }
    return out;
}

}  // namespace signet::cli
