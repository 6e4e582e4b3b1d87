#pragma once

#include <cstdint>

#include "core/image/image.h"

namespace signet::image {

/// How two images of one size differ.
struct Difference {
    Image picture;             ///< 8-bit RGB: min(255, gain * |a - b|), a channel at a time
    double largest = 0;        ///< |a - b| of all samples, in 8-bit levels (a 16-bit step is 1/257 of one)
    std::uint64_t pixels = 0;  ///< that differ in at least one channel
};

/// |a - b| times gain. Depths may differ: 16-bit samples keep their precision. Grey is repeated, alpha left
/// out. Throws BadOption when the sizes differ, an image is empty or gain is below 1.
Difference absoluteDifference(const Image& a, const Image& b, int gain);

/// An 8-bit image at half the size (rounded up); each sample is the largest of those it stands for, so that a
/// single bright one is not lost where a picture is drawn small.
Image halvedByMaximum(const Image& image);

}  // namespace signet::image
