#include "core/attacks/geometric_ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "core/attacks/pixels.h"
#include "core/base/random.h"
#include "core/image/orientation.h"
#include "core/image/resample.h"

namespace signet::attacks {
namespace {

/// In pixels, (0, 0) the centre of the pixel at the top left.
struct Place {
    double x = 0;
    double y = 0;
};

/// Reads an image at real coordinates, mid-grey outside.
class Sampler {
public:
    Sampler(const image::Image& image, Interpolation interpolation)
        : m_image(image), m_interpolation(interpolation) {}

    void read(const Place& place, std::uint8_t* rgb) const {
        // No pixel of the picture near, and perhaps no int.
        if (!(place.x > -1 && place.y > -1 && place.x < m_image.width && place.y < m_image.height))
            std::fill_n(rgb, 3, toByte(kMidGrey));
        else if (m_interpolation == Interpolation::Nearest)
            nearest(place, rgb);
        else
            bilinear(place, rgb);
    }

private:
    void nearest(const Place& place, std::uint8_t* rgb) const {
        const int column = static_cast<int>(std::floor(place.x + 0.5));
        const int row = static_cast<int>(std::floor(place.y + 0.5));
        for (int c = 0; c < 3; ++c) rgb[c] = toByte(at(column, row, c));
    }

    void bilinear(const Place& place, std::uint8_t* rgb) const {
        const double left = std::floor(place.x);
        const double top = std::floor(place.y);
        const double u = place.x - left;
        const double v = place.y - top;
        const int column = static_cast<int>(left);
        const int row = static_cast<int>(top);
        for (int c = 0; c < 3; ++c) {
            const double upper = (1 - u) * at(column, row, c) + u * at(column + 1, row, c);
            const double lower = (1 - u) * at(column, row + 1, c) + u * at(column + 1, row + 1, c);
            rgb[c] = toByte((1 - v) * upper + v * lower);
        }
    }

    double at(int x, int y, int c) const {
        if (x < 0 || y < 0 || x >= m_image.width || y >= m_image.height) return kMidGrey;
        return m_image.data[offsetOf(m_image, x, y) + static_cast<std::size_t>(c)];
    }

    const image::Image& m_image;
    Interpolation m_interpolation;
};

/// A picture of this size, each pixel (x, y) read where sourceOf(x, y) says.
template <typename SourceOf>
image::Image warped(const image::Image& image, int width, int height, Interpolation interpolation,
                    const SourceOf& sourceOf) {
    const Sampler sampler(image, interpolation);
    image::Image out = image::makeImage(width, height, 3);
    std::uint8_t* target = out.data.data();
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x, target += 3) sampler.read(sourceOf(x, y), target);
    return out;
}

image::Image cropped(const image::Image& image, int left, int top, int width, int height) {
    image::Image out = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* source = image.data.data() + offsetOf(image, left, top + y);
        std::copy_n(source, width * 3, out.data.data() + offsetOf(out, 0, y));
    }
    return out;
}

image::Image croppedAnywhere(const image::Image& image, int width, int height, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    const int left = random.between(0, image.width - width);
    const int top = random.between(0, image.height - height);
    return cropped(image, left, top, width, height);
}

/// So that a whole number of pixels does not become one more by the cosine's rounding.
constexpr double kSideTolerance = 1e-6;

}  // namespace

image::Image scale(const image::Image& image, double factor) {
    return image::resize(image, wholePixels(image.width * factor), wholePixels(image.height * factor));
}

image::Image stretch(const image::Image& image, double factor, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    return random.chance(0.5) ? image::resize(image, wholePixels(image.width * factor), image.height)
                              : image::resize(image, image.width, wholePixels(image.height * factor));
}

image::Image cropToArea(const image::Image& image, double areaShare) {
    const int width = wholePixels(image.width * std::sqrt(areaShare));
    const int height = wholePixels(image.height * std::sqrt(areaShare));
    return cropped(image, (image.width - width) / 2, (image.height - height) / 2, width, height);
}

image::Image cropToAreaAnywhere(const image::Image& image, double areaShare, std::uint64_t seed) {
    return croppedAnywhere(image, wholePixels(image.width * std::sqrt(areaShare)),
                           wholePixels(image.height * std::sqrt(areaShare)), seed);
}

image::Image cropToAspect(const image::Image& image, double ratio, std::uint64_t seed) {
    const int width = std::min(image.width, wholePixels(image.height * ratio));
    const int height = std::min(image.height, wholePixels(image.width / ratio));
    return croppedAnywhere(image, width, height, seed);
}

image::Image rotate(const image::Image& image, double degrees, Interpolation interpolation, Canvas canvas) {
    const double angle = degrees * std::numbers::pi / 180;
    // Right angles exactly, so that a half turn is a permutation of the pixels.
    const bool rightAngle = std::fmod(degrees, 90.0) == 0;
    const double cosine = rightAngle ? std::round(std::cos(angle)) : std::cos(angle);
    const double sine = rightAngle ? std::round(std::sin(angle)) : std::sin(angle);
    const auto extent = [&](int along, int across) {
        return std::max(1, static_cast<int>(std::ceil(along * std::abs(cosine) + across * std::abs(sine) -
                                                      kSideTolerance)));
    };
    const bool kept = canvas == Canvas::Kept;
    const int width = kept ? image.width : extent(image.width, image.height);
    const int height = kept ? image.height : extent(image.height, image.width);
    const Place source{(image.width - 1) / 2.0, (image.height - 1) / 2.0};
    const Place centre{(width - 1) / 2.0, (height - 1) / 2.0};
    return warped(image, width, height, interpolation, [&](int x, int y) {
        const double dx = x - centre.x;
        const double dy = y - centre.y;
        return Place{source.x + cosine * dx - sine * dy, source.y + sine * dx + cosine * dy};
    });
}

image::Image turn(const image::Image& image, int degrees) {
    // As EXIF counts orientations.
    return image::orient(image, degrees == 90 ? 8 : degrees == 180 ? 3 : 6);
}

image::Image flip(const image::Image& image) {
    return image::orient(image, 2);
}

image::Image flipVertical(const image::Image& image) {
    return image::orient(image, 4);
}

image::Image moveCorners(const image::Image& image, double strength, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    const auto width = static_cast<float>(image.width);
    const auto height = static_cast<float>(image.height);
    const std::array<cv::Point2f, 4> corners{cv::Point2f{0, 0}, {width, 0}, {width, height}, {0, height}};
    std::array<cv::Point2f, 4> moved = corners;
    for (cv::Point2f& corner : moved) {
        corner.x += static_cast<float>(random.uniform(-strength, strength) * image.width);
        corner.y += static_cast<float>(random.uniform(-strength, strength) * image.height);
    }
    // From the moved picture back. The corners are those of the pixels' squares: half a pixel off their
    // centres.
    const cv::Matx33d back = cv::getPerspectiveTransform(moved.data(), corners.data());
    return warped(image, image.width, image.height, Interpolation::Bilinear, [&](int x, int y) {
        const cv::Vec3d p = back * cv::Vec3d(x + 0.5, y + 0.5, 1);
        return Place{p[0] / p[2] - 0.5, p[1] / p[2] - 0.5};
    });
}

}  // namespace signet::attacks
