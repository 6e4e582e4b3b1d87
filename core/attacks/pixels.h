#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/image/image.h"

/// What the operations of this folder share: samples of 8-bit RGB pictures, whole pixels.
namespace signet::attacks {

constexpr double kMidGrey = 127.5;

/// Rounded to nearest (halves up) and clamped to 0..255.
inline std::uint8_t toByte(double value) {
    return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

/// Where the samples of pixel (x, y) begin.
inline std::size_t offsetOf(const image::Image& image, int x, int y) {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
            static_cast<std::size_t>(x)) *
           3;
}

/// Rounded, at least one.
inline int wholePixels(double length) {
    return std::max(1, static_cast<int>(std::lround(length)));
}

}  // namespace signet::attacks
