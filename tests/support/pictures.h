#pragma once

#include <cmath>

#include "core/image/image.h"

namespace signet::test {

/// A smooth coloured 8-bit picture with some texture, like a small photograph.
inline image::Image picture(int width, int height) {
    image::Image out = image::makeImage(width, height, 3);
    std::size_t at = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) {
                const double wave =
                    std::sin(0.11 * x + c) * std::cos(0.07 * y - c) + 0.3 * std::sin(0.9 * x + 0.7 * y);
                out.data[at++] = static_cast<std::uint8_t>(std::lround(128 + 80 * wave));
            }
        }
    }
    return out;
}

/// One 8-bit RGB colour all over.
inline image::Image flat(int width, int height, int red, int green, int blue) {
    image::Image out = image::makeImage(width, height, 3);
    for (std::size_t i = 0; i < out.data.size(); i += 3) {
        out.data[i] = static_cast<std::uint8_t>(red);
        out.data[i + 1] = static_cast<std::uint8_t>(green);
        out.data[i + 2] = static_cast<std::uint8_t>(blue);
    }
    return out;
}

/// Sample c of pixel (x, y) of an 8-bit RGB image.
inline int sampleAt(const image::Image& image, int x, int y, int c) {
    return image.data[(static_cast<std::size_t>(y) * image.width + x) * 3 + c];
}

/// Same size, same samples.
inline bool same(const image::Image& a, const image::Image& b) {
    return a.width == b.width && a.height == b.height && a.data == b.data;
}

}  // namespace signet::test
