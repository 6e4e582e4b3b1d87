#include "core/attacks/pixel_ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "core/base/random.h"
#include "core/image/decode.h"
#include "core/image/encode.h"

namespace signet::attacks {
namespace {

constexpr double kMidGrey = 127.5;

std::uint8_t toByte(double value) {
    return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

/// A header over the image's samples; the Mat must not outlive it.
cv::Mat viewOf(const image::Image& image) {
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.data.data())};
}

std::size_t offsetOf(const image::Image& image, int x, int y) {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
            static_cast<std::size_t>(x)) *
           3;
}

/// Every sample through a table of 256 values.
image::Image mapped(const image::Image& image, const std::array<std::uint8_t, 256>& table) {
    image::Image out = image;
    for (std::uint8_t& sample : out.data) sample = table[sample];
    return out;
}

cv::Mat gaussianTaps(double sigma, int size) {
    cv::Mat taps(size, 1, CV_32F);
    double sum = 0;
    for (int i = 0; i < size; ++i) {
        const double x = i - size / 2;
        sum += std::exp(-x * x / (2 * sigma * sigma));
    }
    for (int i = 0; i < size; ++i) {
        const double x = i - size / 2;
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

/// Reads an image at real coordinates, mid-grey outside.
class Sampler {
public:
    explicit Sampler(const image::Image& image) : m_image(image) {}

    void nearest(double x, double y, std::uint8_t* rgb) const {
        const double column = std::floor(x + 0.5);
        const double row = std::floor(y + 0.5);
        for (int c = 0; c < 3; ++c) rgb[c] = toByte(at(static_cast<int>(column), static_cast<int>(row), c));
    }

    void bilinear(double x, double y, std::uint8_t* rgb) const {
        const double left = std::floor(x);
        const double top = std::floor(y);
        const double u = x - left;
        const double v = y - top;
        const int column = static_cast<int>(left);
        const int row = static_cast<int>(top);
        for (int c = 0; c < 3; ++c) {
            const double upper = (1 - u) * at(column, row, c) + u * at(column + 1, row, c);
            const double lower = (1 - u) * at(column, row + 1, c) + u * at(column + 1, row + 1, c);
            rgb[c] = toByte((1 - v) * upper + v * lower);
        }
    }

private:
    double at(int x, int y, int c) const {
        if (x < 0 || y < 0 || x >= m_image.width || y >= m_image.height) return kMidGrey;
        return m_image.data[offsetOf(m_image, x, y) + static_cast<std::size_t>(c)];
    }

    const image::Image& m_image;
};

}  // namespace

image::Image codecRoundTrip(const image::Image& image, image::Format format, int quality) {
    image::EncodeOptions options;
    options.format = format;
    options.quality = quality;
    options.subsample = true;
    return image::toRgb8(image::decode(image::encode(image, options)).image);
}

image::Image resizeAndBack(const image::Image& image, double share) {
    const auto scaled = [&](int side) { return std::max(1, static_cast<int>(std::lround(side * share))); };
    return image::resize(image::resize(image, scaled(image.width), scaled(image.height)), image.width,
                         image.height);
}

image::Image cropToArea(const image::Image& image, double areaShare) {
    const double sideShare = std::sqrt(areaShare);
    const auto scaled = [&](int side) {
        return std::max(1, static_cast<int>(std::lround(side * sideShare)));
    };
    image::Image out = image::makeImage(scaled(image.width), scaled(image.height), 3);
    const int left = (image.width - out.width) / 2;
    const int top = (image.height - out.height) / 2;
    for (int y = 0; y < out.height; ++y) {
        const std::uint8_t* source = image.data.data() + offsetOf(image, left, top + y);
        std::copy_n(source, out.width * 3, out.data.data() + offsetOf(out, 0, y));
    }
    return out;
}

image::Image rotate(const image::Image& image, double degrees, Interpolation interpolation) {
    const double angle = degrees * std::numbers::pi / 180;
    // Right angles exactly, so that a half turn is a permutation of the pixels.
    const bool rightAngle = std::fmod(degrees, 90.0) == 0;
    const double cosine = rightAngle ? std::round(std::cos(angle)) : std::cos(angle);
    const double sine = rightAngle ? std::round(std::sin(angle)) : std::sin(angle);
    const double centreX = (image.width - 1) / 2.0;
    const double centreY = (image.height - 1) / 2.0;
    const Sampler sampler(image);
    image::Image out = image::makeImage(image.width, image.height, 3);
    for (int y = 0; y < out.height; ++y) {
        const double dy = y - centreY;
        std::uint8_t* target = out.data.data() + offsetOf(out, 0, y);
        for (int x = 0; x < out.width; ++x, target += 3) {
            const double dx = x - centreX;
            const double sourceX = centreX + cosine * dx - sine * dy;
            const double sourceY = centreY + sine * dx + cosine * dy;
            if (interpolation == Interpolation::Nearest) {
                sampler.nearest(sourceX, sourceY, target);
            } else {
                sampler.bilinear(sourceX, sourceY, target);
            }
        }
    }
    return out;
}

image::Image flip(const image::Image& image) {
    image::Image out = image::makeImage(image.width, image.height, 3);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* source = image.data.data() + offsetOf(image, image.width - 1, y);
        std::uint8_t* target = out.data.data() + offsetOf(out, 0, y);
        for (int x = 0; x < image.width; ++x, source -= 3, target += 3) std::copy_n(source, 3, target);
    }
    return out;
}

image::Image blur(const image::Image& image, double sigma) {
    const int radius = std::max(1, static_cast<int>(std::ceil(4 * sigma)));
    return filtered(image, gaussianTaps(sigma, 2 * radius + 1), Outside::Reflected);
}

image::Image blurGreyPadded(const image::Image& image, double sigma, int size) {
    return filtered(image, gaussianTaps(sigma, size), Outside::Grey);
}

image::Image addNoise(const image::Image& image, double sigma, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    image::Image out = image;
    for (std::uint8_t& sample : out.data) sample = toByte(sample + 255 * sigma * random.normal());
    return out;
}

image::Image scaleAbout(const image::Image& image, double factor, double pivot) {
    std::array<std::uint8_t, 256> table{};
    for (int v = 0; v < 256; ++v) table[static_cast<std::size_t>(v)] = toByte(pivot + factor * (v - pivot));
    return mapped(image, table);
}

double meanLuminance(const image::Image& image) {
    std::array<std::uint64_t, 3> sums{};
    for (std::size_t i = 0; i < image.data.size(); i += 3) {
        for (std::size_t c = 0; c < 3; ++c) sums[c] += image.data[i + c];
    }
    const double count = static_cast<double>(image.pixelCount());
    return (0.299 * static_cast<double>(sums[0]) + 0.587 * static_cast<double>(sums[1]) +
            0.114 * static_cast<double>(sums[2])) /
           count;
}

}  // namespace signet::attacks
