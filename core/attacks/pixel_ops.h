#pragma once

#include <cstdint>

#include "core/image/image.h"
#include "core/image/resample.h"

namespace signet::attacks {

/// The single steps behind perturbation.h. All take and give 8-bit RGB; values are rounded to nearest and
/// clamped to 0..255.

enum class Interpolation { Nearest, Bilinear };

/// Encoded and decoded again; JPEG with 4:2:0 chroma.
image::Image codecRoundTrip(const image::Image& image, image::Format format, int quality);

/// Sides times share (at least 1 px), then back to the original size, with image::resize.
image::Image resizeAndBack(const image::Image& image, double share);

/// The centre, sides times sqrt(areaShare), rounded, at least 1 px; an odd rest goes to the right and below.
image::Image cropToArea(const image::Image& image, double areaShare);

/// Counter-clockwise about the centre of the picture, size kept; what lies outside is mid-grey 127.5 (rounded
/// to 128; blended in at the edge by the bilinear form).
image::Image rotate(const image::Image& image, double degrees, Interpolation interpolation);

/// Mirrored left to right.
image::Image flip(const image::Image& image);

/// Gaussian blur, kernel cut at 4 sigma, border reflected without repeating the edge sample.
image::Image blur(const image::Image& image, double sigma);

/// Gaussian blur with a size x size kernel (odd, normalised), the picture continued by mid-grey 127.5: a
/// zero-padded convolution in
/// [-1,1] units.
image::Image blurGreyPadded(const image::Image& image, double sigma, int size);

/// White Gaussian noise of standard deviation sigma * 255 levels, independent per sample.
image::Image addNoise(const image::Image& image, double sigma, std::uint64_t seed);

/// pivot + factor * (sample - pivot)
image::Image scaleAbout(const image::Image& image, double factor, double pivot);

/// Mean of 0.299 R + 0.587 G + 0.114 B (Rec. 601), 0..255.
double meanLuminance(const image::Image& image);

}  // namespace signet::attacks
