#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/examine/claim.h"
#include "core/examine/examine.h"
#include "core/examine/findings.h"
#include "core/examine/viridis_table.h"

namespace signet::examine {
namespace {

constexpr int kLongSide = 1024;     ///< px of an annotated evidence map
constexpr int kShortestSide = 480;  ///< so that the caption fits
constexpr double kOpacity = 0.45;

cv::Mat header(const image::Image& image) {
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.data.data())};
}

void text(cv::Mat& canvas, const std::string& line, cv::Point at, double scale) {
    cv::putText(canvas, line, at, cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(235, 235, 235), 1, cv::LINE_AA);
}

/// What the finding is, and what its map shows.
std::pair<std::string, std::string> captionOf(const Finding& finding) {
    const std::string answer = fmt::format("{}: {}", finding.model, answerOf(finding));
    if (finding.keyed)
        return {fmt::format("{}, {} (reported up to 10^{:.0f}, inconclusive up to 10^{:.0f})", answer,
                            pValueText(finding.keyed->log10P), -finding.threshold, -finding.lowerThreshold),
                "agreement with the key's pattern at each place, in standard deviations"};
    const double mean = finding.evidence.mean();
    return {
        fmt::format("{}, score {:.2f} (found from {:.2f}, inconclusive from {:.2f})", answer,
                    finding.scoreLogit, finding.threshold, finding.lowerThreshold),
        fmt::format("class-activation map: logit of each cell, mean {:+.2f}; rest of the score, without a "
                    "place: {:+.2f}",
                    mean, finding.scoreLogit - mean)};
}

}  // namespace

std::array<std::uint8_t, 3> viridis(double t) {
    const auto index = static_cast<std::size_t>(std::lround(std::clamp(t, 0.0, 1.0) * 255));
    return kViridis[index];
}

image::Image renderEvidence(const image::Image& source, const Finding& finding) {
    const image::Image picture = image::toRgb8(source);
    const double scale = static_cast<double>(kLongSide) / std::max(picture.width, picture.height);
    const int width = std::max(kShortestSide, static_cast<int>(std::lround(picture.width * scale)));
    const int height = std::max(64, static_cast<int>(std::lround(picture.height * scale)));
    image::Image canvas = image::makeImage(width, height + kEvidenceCaptionHeight, 3);
    cv::Mat all = header(canvas);
    cv::Mat view = all(cv::Rect(0, 0, width, height));
    cv::resize(header(picture), view, view.size(), 0, 0, cv::INTER_AREA);

    if (finding.evidence.rows > 0 && finding.evidence.columns > 0) {
        const cv::Mat cells(finding.evidence.rows, finding.evidence.columns, CV_32F,
                            const_cast<float*>(finding.evidence.logits.data()));
        cv::Mat smooth;
        cv::resize(cells, smooth, view.size(), 0, 0, cv::INTER_LINEAR);
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const auto colour =
                    viridis((static_cast<double>(smooth.at<float>(y, x)) / kEvidenceRange + 1) / 2);
                auto& pixel = view.at<cv::Vec3b>(y, x);
                for (int c = 0; c < 3; ++c)
                    pixel[c] = static_cast<std::uint8_t>(std::lround(
                        (1 - kOpacity) * pixel[c] + kOpacity * colour[static_cast<std::size_t>(c)]));
            }
        }
    }
    cv::Mat caption = all(cv::Rect(0, height, width, kEvidenceCaptionHeight));
    caption.setTo(cv::Scalar(32, 32, 36));
    const auto [answer, shows] = captionOf(finding);
    text(caption, answer, {8, 18}, 0.42);
    text(caption, shows, {8, 38}, 0.42);
    const int barLeft = 60;
    const int barRight = width - 60;
    for (int x = barLeft; x < barRight; ++x) {
        const auto colour = viridis(static_cast<double>(x - barLeft) / (barRight - barLeft - 1));
        cv::line(caption, {x, 50}, {x, 64}, cv::Scalar(colour[0], colour[1], colour[2]));
    }
    text(caption, fmt::format("{:+.0f}", -kEvidenceRange), {14, 62}, 0.42);
    text(caption, fmt::format("{:+.0f}", kEvidenceRange), {barRight + 8, 62}, 0.42);
    return canvas;
}

std::vector<float> kappaMap(const image::Image& first, const image::Image& second) {
    const image::Image a = image::toRgb8(first);
    const image::Image b = image::toRgb8(second);
    if (a.width != b.width || a.height != b.height) {
        throw Error(ErrorCode::BadOption, fmt::format("the images differ in size: {} x {} and {} x {} px",
                                                      a.width, a.height, b.width, b.height));
    }
    std::vector<float> map(a.pixelCount());
    for (std::size_t i = 0; i < map.size(); ++i) {
        double sum = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            const double difference = static_cast<double>(a.data[3 * i + c]) - b.data[3 * i + c];
            sum += difference * difference;
        }
        map[i] = static_cast<float>(std::sqrt(sum));
    }
    return map;
}

}  // namespace signet::examine
