#include "core/metrics/blurred_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/image/resample.h"

namespace signet::metrics {
namespace {

constexpr int kLargestSide = 2 * kBlurredSide;

void checkSizes(const image::Image& a, const image::Image& b) {
    if (a.width != b.width || a.height != b.height)
        throw Error(ErrorCode::BadOption, fmt::format("the images differ in size: {} x {} and {} x {} pixels",
                                                      a.width, a.height, b.width, b.height));
    if (a.width < 1 || a.height < 1) throw Error(ErrorCode::BadOption, "an image without pixels");
}

/// Levels of R, G and B as they are looked at, CV_32FC3.
cv::Mat blurred(const image::Image& image) {
    image::Image rgb = image::toRgb8(image);
    const double longer = std::max(rgb.width, rgb.height);
    if (const double factor = kLargestSide / longer; factor < 1)
        rgb = image::resize(rgb, std::max(1, static_cast<int>(std::lround(rgb.width * factor))),
                            std::max(1, static_cast<int>(std::lround(rgb.height * factor))));
    cv::Mat levels;
    cv::Mat(rgb.height, rgb.width, CV_8UC3, rgb.data.data()).convertTo(levels, CV_32F);
    const double sigma = kBlurredSigma * std::max(rgb.width, rgb.height) / kBlurredSide;
    cv::GaussianBlur(levels, levels, {}, sigma, sigma, cv::BORDER_REPLICATE);
    return levels;
}

Lab labOf(const cv::Vec3f& levels) {
    std::array<double, 3> xyz{};
    for (int c = 0; c < 3; ++c) {
        const double light = linearLight(static_cast<double>(levels[c]));
        for (std::size_t i = 0; i < 3; ++i) xyz[i] += kXyzOfRgb[i][static_cast<std::size_t>(c)] * light;
    }
    return labOfXyz(xyz);
}

}  // namespace

VisibleDifference blurredDifference(const image::Image& a, const image::Image& b) {
    checkSizes(a, b);
    const cv::Mat first = blurred(a);
    const cv::Mat second = blurred(b);
    std::vector<double> differences;
    differences.reserve(first.total());
    for (int y = 0; y < first.rows; ++y)
        for (int x = 0; x < first.cols; ++x)
            differences.push_back(
                ciede2000(labOf(first.at<cv::Vec3f>(y, x)), labOf(second.at<cv::Vec3f>(y, x))));
    return overPlaces(std::move(differences));
}

double middleEnergy(const image::Image& first, const image::Image& second) {
    checkSizes(first, second);
    const image::Image a = image::toRgb8(first);
    const image::Image b = image::toRgb8(second);
    const auto isMiddle = [](int at, int side) { return 4 * at + 2 >= side && 4 * at + 2 < 3 * side; };
    double all = 0, middle = 0, places = 0;
    std::size_t i = 0;
    for (int y = 0; y < a.height; ++y) {
        for (int x = 0; x < a.width; ++x) {
            double energy = 0;
            for (int c = 0; c < 3; ++c, ++i) energy += std::pow(double(a.data[i]) - double(b.data[i]), 2);
            all += energy;
            if (!isMiddle(x, a.width) || !isMiddle(y, a.height)) continue;
            middle += energy;
            ++places;
        }
    }
    if (all == 0 || places == 0) return std::numeric_limits<double>::quiet_NaN();
    return middle / all * static_cast<double>(a.pixelCount()) / places;
}

}  // namespace signet::metrics
