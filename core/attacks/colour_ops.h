#pragma once

#include "core/image/image.h"

namespace signet::attacks {

/// Steps on each pixel's colour by itself. All take and give 8-bit RGB; values are rounded to nearest and
/// clamped to 0..255. Luminance is 0.299 R + 0.587 G + 0.114 B (Rec. 601) of the samples as stored.

/// pivot + factor * (sample - pivot)
image::Image scaleAbout(const image::Image& image, double factor, double pivot);

/// Mean luminance, 0..255.
double meanLuminance(const image::Image& image);

/// 255 * (sample / 255) ^ exponent
image::Image raiseToGamma(const image::Image& image, double exponent);

/// Each channel's histogram made even as Pillow's ImageOps.equalize does: with step = (samples - those of the
/// highest level that occurs) / 255 in whole numbers, level v becomes (step / 2 + samples under v) / step. A
/// channel of one level, or with a step of 0, stays as it is.
image::Image equalise(const image::Image& image);

/// luminance + factor * (sample - luminance), with the luminance of the pixel; 0: grey, three equal channels.
image::Image saturate(const image::Image& image, double factor);

/// The hue of the HSV hexcone moved by share of the whole circle (1/3: red becomes green); value and
/// saturation of HSV stay.
image::Image moveHue(const image::Image& image, double share);

/// The upper bits (1..8) of every sample, the others 0, as Pillow's ImageOps.posterize.
image::Image posterise(const image::Image& image, int bits);

}  // namespace signet::attacks
