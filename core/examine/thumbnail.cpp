#include "core/examine/thumbnail.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/image/decode.h"
#include "core/image/orientation.h"
#include "core/image/resample.h"

namespace signet::examine {
namespace {

constexpr std::uint64_t kMaxThumbnailPixels = 4'000'000;
constexpr int kLeastThumbnailSide = 16;  ///< px: below it there is nothing to compare
constexpr int kCells = 24;               ///< along the longer side
constexpr int kLeastCells = 8;
constexpr int kBarMargins[] = {0, 1, 2};  ///< px taken off beside bars, whose edge may be a pixel off
constexpr double kSameShape = 0.01;       ///< aspect ratios that differ by less are the same
constexpr double kCubicFrom = 0.7;        ///< correlation
constexpr double kSteepest = 1.5;
constexpr double kRidge = 1e-4;

/// Grey levels of an image with at most this longer side.
cv::Mat greyOf(const image::Image& image, int longSide) {
    const double scale = std::min(
        1.0, static_cast<double>(longSide) / static_cast<double>(std::max(image.width, image.height)));
    const auto side = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
    image::Image small =
        image::toRgb8(scale < 1 ? image::resize(image, side(image.width), side(image.height)) : image);
    const cv::Mat rgb(small.height, small.width, CV_8UC3, small.data.data());
    cv::Mat grey;
    cv::transform(rgb, grey, cv::Matx13f(0.299F, 0.587F, 0.114F));
    grey.convertTo(grey, CV_32F);
    return grey;
}

cv::Mat cells(const cv::Mat& grey, const cv::Rect2d& part, const cv::Size& raster) {
    const cv::Rect whole(0, 0, grey.cols, grey.rows);
    const cv::Rect pixels = cv::Rect(cvRound(part.x), cvRound(part.y), std::max(1, cvRound(part.width)),
                                     std::max(1, cvRound(part.height))) &
                            whole;
    cv::Mat out;
    const bool shrinks = pixels.width >= raster.width && pixels.height >= raster.height;
    cv::resize(grey(pixels), out, raster, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return out;
}

/// tones mapped to come close to target.
cv::Mat fitted(const cv::Mat& tones, const cv::Mat& target) {
    cv::Scalar meanT, deviationT, meanI, deviationI;
    cv::meanStdDev(tones, meanT, deviationT);
    cv::meanStdDev(target, meanI, deviationI);
    const double n = static_cast<double>(tones.total());
    const double covariance = (tones - meanT[0]).dot(target - meanI[0]) / n;
    const double spread = deviationT[0] * deviationI[0];
    if (spread < 1e-9 || covariance / spread < kCubicFrom) {
        const double variance = deviationT[0] * deviationT[0];
        const double slope =
            std::clamp(variance > 1e-9 ? covariance / variance : 1.0, 1 / kSteepest, kSteepest);
        return slope * (tones - meanT[0]) + meanI[0];
    }
    constexpr int kTerms = 4;
    const cv::Mat x = (tones.reshape(1, static_cast<int>(tones.total())) - 127.5) / 255;
    cv::Mat powers(x.rows, kTerms, CV_32F, cv::Scalar(1));
    for (int j = 1; j < kTerms; ++j) {
        const cv::Mat last = powers.col(j - 1);
        cv::Mat(last.mul(x)).copyTo(powers.col(j));
    }
    cv::Mat normal = powers.t() * powers;
    for (int j = 1; j < kTerms; ++j) normal.at<float>(j, j) += static_cast<float>(kRidge * n);
    cv::Mat factors;
    cv::solve(normal, powers.t() * target.reshape(1, x.rows), factors, cv::DECOMP_SVD);
    return cv::Mat(powers * factors).reshape(1, tones.rows).clone();
}

/// The largest mean over 3 x 3 cells of how far b lies outside the range of a around each cell.
double outside(const cv::Mat& a, const cv::Mat& b) {
    const cv::Mat around = cv::Mat::ones(3, 3, CV_8U);
    cv::Mat high, low, beyond, mean;
    cv::dilate(a, high, around);
    cv::erode(a, low, around);
    const cv::Mat above = b - high, below = low - b;
    cv::max(above, below, beyond);
    cv::max(beyond, 0, beyond);
    cv::boxFilter(beyond, mean, CV_32F, {3, 3}, {-1, -1}, true, cv::BORDER_REFLECT_101);
    double largest = 0;
    cv::minMaxLoc(mean, nullptr, &largest);
    return largest;
}

double differenceOf(const cv::Mat& thumbnail, const cv::Rect2d& thumbnailPart, const cv::Mat& image,
                    const cv::Rect2d& imagePart) {
    const double aspect = imagePart.width / imagePart.height;
    const auto shorter = [](double share) {
        return std::max(kLeastCells, static_cast<int>(std::lround(kCells * share)));
    };
    const cv::Size raster(aspect >= 1 ? kCells : shorter(aspect), aspect >= 1 ? shorter(1 / aspect) : kCells);
    const cv::Mat target = cells(image, imagePart, raster);
    const cv::Mat tones = fitted(cells(thumbnail, thumbnailPart, raster), target);
    return std::max(outside(target, tones), outside(tones, target));
}

/// The middle of an area, cut to an aspect ratio.
cv::Rect2d middle(const cv::Mat& area, double aspect) {
    const double width = std::min<double>(area.cols, area.rows * aspect);
    const double height = std::min<double>(area.rows, area.cols / aspect);
    return {(area.cols - width) / 2, (area.rows - height) / 2, width, height};
}

double differenceOf(const cv::Mat& thumbnail, const cv::Mat& image) {
    const cv::Rect2d wholeThumbnail(0, 0, thumbnail.cols, thumbnail.rows);
    const cv::Rect2d wholeImage(0, 0, image.cols, image.rows);
    double least = differenceOf(thumbnail, wholeThumbnail, image, wholeImage);
    const double aspect = wholeImage.width / wholeImage.height;
    const double thumbnailAspect = wholeThumbnail.width / wholeThumbnail.height;
    if (std::abs(aspect / thumbnailAspect - 1) < kSameShape) return least;
    const cv::Rect2d betweenBars = middle(thumbnail, aspect);
    for (const int margin : kBarMargins) {
        cv::Rect2d part = betweenBars;
        (aspect > thumbnailAspect ? part.y : part.x) += margin;
        (aspect > thumbnailAspect ? part.height : part.width) -= 2 * margin;
        if (part.width < kLeastCells || part.height < kLeastCells) break;
        least = std::min(least, differenceOf(thumbnail, part, image, wholeImage));
    }
    return std::min(least, differenceOf(thumbnail, wholeThumbnail, image, middle(image, thumbnailAspect)));
}

}  // namespace

std::optional<image::Image> embeddedThumbnail(const image::Metadata& metadata, int orientation) {
    if (metadata.thumbnail.empty()) return std::nullopt;
    try {
        image::DecodeOptions options;
        options.limits.maxPixels = kMaxThumbnailPixels;
        options.applyOrientation = false;
        image::Image picture = image::toRgb8(image::decode(metadata.thumbnail, options).image);
        return image::orient(std::move(picture), orientation);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

ThumbnailMatch matchThumbnail(const image::Image& thumbnail, const image::Image& shown) {
    constexpr int kImageSide = 192;  // px, enough for 24 cells
    ThumbnailMatch match;
    if (std::min(thumbnail.width, thumbnail.height) < kLeastThumbnailSide) return match;
    const cv::Mat image = greyOf(shown, kImageSide);
    match.difference = differenceOf(greyOf(thumbnail, 2 * kImageSide), image);
    for (int turned = 2; turned <= 8 && match.difference >= kThumbnailThreshold; ++turned) {
        const cv::Mat other = greyOf(image::orient(thumbnail, turned), 2 * kImageSide);
        if (differenceOf(other, image) >= kThumbnailThreshold) continue;
        match.orientation = turned;
        break;
    }
    return match;
}

}  // namespace signet::examine
