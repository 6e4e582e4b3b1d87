#pragma once

#include "core/image/image.h"

namespace signet::attacks {

/// An 8-bit RGB picture in at most colours (1 or more) colours, as a GIF holds it. The palette is adapted to
/// the picture by median cut (Heckbert, Color image quantization for frame buffer display, SIGGRAPH 1982):
/// the box with the most pixels is cut at the median level of its longest side until there are enough boxes,
/// each of which gives its mean, rounded. Every pixel takes the nearest of them in RGB; no dithering (as
/// Pillow's quantize and adaptive GIFs). A picture of no more colours stays as it is.
image::Image reduceToPalette(const image::Image& image, int colours);

}  // namespace signet::attacks
