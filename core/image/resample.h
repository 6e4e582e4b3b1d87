#pragma once

#include <vector>

#include "core/image/image.h"

namespace signet::image {

/// Planar float picture: 3 planes R, G, B of width*height, values in [-1, 1] (pixel/127.5 - 1).
struct Planes {
    int width = 0;
    int height = 0;
    std::vector<float> data;
};

/// image resized to width x height (aspect ratio not kept) as planes in [-1,1]. Pixel-area averaging where a
/// side shrinks, bilinear (half-pixel centres) where it grows. Alpha is dropped. Throws BadOption for an
/// empty size.
Planes toPlanes(const Image& image, int width, int height);

/// 8-bit image (of any depth's image) resized with the same filters; channels kept. Throws BadOption for an
/// empty size.
Image resize(const Image& image, int width, int height);

/// image + strength * residual, where residual (planes in [-1,1] units, any size) is enlarged bilinearly
/// (half-pixel centres, clamped at the border) to the image's size; rounded to the image's depth and clamped;
/// alpha untouched; a grey image gets the mean of the three residual planes. Runs on up to threads threads.
/// squaredError (may be null) receives the sum of squared 8-bit-unit differences over all RGB samples after
/// rounding (a grey sample counts as three equal ones, so that the mean is over 3 * width * height for any
/// image). Residual values that are not finite change nothing. Throws Internal for an inconsistent residual.
Image addResidual(const Image& image, const Planes& residual, float strength, int threads,
                  double* squaredError);

}  // namespace signet::image
