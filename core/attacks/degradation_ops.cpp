#include "core/attacks/degradation_ops.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/attacks/pixels.h"
#include "core/base/random.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/encode_avif.h"

namespace signet::attacks {
namespace {

/// A header over the image's samples; the Mat must not outlive it.
cv::Mat viewOf(const image::Image& image) {
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.data.data())};
}

cv::Mat gaussianTaps(double sigma, int size) {
    cv::Mat taps(size, 1, CV_32F);
    const int middle = size / 2;
    double sum = 0;
    for (int i = 0; i < size; ++i) {
        const double x = i - middle;
        sum += std::exp(-x * x / (2 * sigma * sigma));
    }
    for (int i = 0; i < size; ++i) {
        const double x = i - middle;
        taps.at<float>(i) = static_cast<float>(std::exp(-x * x / (2 * sigma * sigma)) / sum);
    }
    return taps;
}

/// Separable filter with taps in both directions. Outside the picture lies its reflection, or the level grey
/// (which makes the filter a zero-padded one about that level). In strips of rows, so that the floats stay
/// small for any image.
enum class Outside { Reflected, Grey };
image::Image filtered(const image::Image& image, const cv::Mat& taps, Outside outside) {
    const int border = outside == Outside::Grey ? cv::BORDER_CONSTANT : cv::BORDER_REFLECT_101;
    const int halo = taps.rows / 2;
    const int stripRows = std::max({64, 4 * halo, 500'000 / image.width});
    image::Image out = image::makeImage(image.width, image.height, 3);
    const cv::Mat whole = viewOf(image);
    cv::Mat centred, result;
    for (int begin = 0; begin < image.height; begin += stripRows) {
        const int end = std::min(image.height, begin + stripRows);
        const int first = std::max(0, begin - halo);
        whole.rowRange(first, std::min(image.height, end + halo)).convertTo(centred, CV_32F, 1, -kMidGrey);
        cv::sepFilter2D(centred, result, CV_32F, taps, taps, {-1, -1}, kMidGrey, border);
        for (int y = begin; y < end; ++y) {
            const float* row = result.ptr<float>(y - first);
            std::uint8_t* target = out.data.data() + offsetOf(image, 0, y);
            for (int i = 0; i < image.width * 3; ++i) target[i] = toByte(row[i]);
        }
    }
    return out;
}

std::vector<std::uint8_t> encoded(const image::Image& image, image::Format format, int quality) {
    if (format == image::Format::Avif) return image::encodeAvif(image, quality);
    image::EncodeOptions options;
    options.format = format;
    options.quality = quality;
    options.subsample = true;
    return image::encode(image, options);
}

}  // namespace

image::Image codecRoundTrip(const image::Image& image, image::Format format, int quality) {
    return image::toRgb8(image::decode(encoded(image, format, quality)).image);
}

image::Image blur(const image::Image& image, double sigma) {
    const int radius = std::max(1, static_cast<int>(std::ceil(4 * sigma)));
    return filtered(image, gaussianTaps(sigma, 2 * radius + 1), Outside::Reflected);
}

image::Image blurGreyPadded(const image::Image& image, double sigma, int size) {
    return filtered(image, gaussianTaps(sigma, size), Outside::Grey);
}

image::Image median(const image::Image& image, int size) {
    image::Image out = image::makeImage(image.width, image.height, 3);
    cv::Mat result(out.height, out.width, CV_8UC3, out.data.data());
    cv::medianBlur(viewOf(image), result, size);
    return out;
}

image::Image addNoise(const image::Image& image, double sigma, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    image::Image out = image;
    for (std::uint8_t& sample : out.data) sample = toByte(sample + 255 * sigma * random.normal());
    return out;
}

}  // namespace signet::attacks
