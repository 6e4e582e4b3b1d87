#pragma once

#include <cstdint>

#include "core/image/image.h"

namespace signet::attacks {

/// Steps that lose detail and leave size and place as they are. All take and give 8-bit RGB; values are
/// rounded to nearest and clamped to 0..255.

/// Encoded and decoded again: JPEG and AVIF with 4:2:0 chroma, AVIF as image::encodeAvif says, WebP lossless
/// at quality 100.
image::Image codecRoundTrip(const image::Image& image, image::Format format, int quality);

/// Gaussian blur, kernel cut at 4 sigma, border reflected without repeating the edge sample.
image::Image blur(const image::Image& image, double sigma);

/// Gaussian blur with a size x size kernel (odd, normalised), the picture continued by mid-grey 127.5: a
/// zero-padded convolution in
/// [-1,1] units.
image::Image blurGreyPadded(const image::Image& image, double sigma, int size);

/// The median of the size x size samples around each (size odd), channel by channel, the picture continued by
/// its edge samples.
image::Image median(const image::Image& image, int size);

/// White Gaussian noise of standard deviation sigma * 255 levels, independent per sample.
image::Image addNoise(const image::Image& image, double sigma, std::uint64_t seed);

}  // namespace signet::attacks
