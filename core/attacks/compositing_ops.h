#pragma once

#include <cstdint>

#include "core/image/image.h"

namespace signet::attacks {

/// Steps that put something over the picture, or the picture on something. All take and give 8-bit RGB.

/// An opaque plate over areaShare of the picture (to the rounding of its sides), with a logo of plain shapes
/// and a line of text; three times as wide as high where that fits. Place, colours and words are drawn by the
/// seed.
image::Image overlayPlate(const image::Image& image, double areaShare, std::uint64_t seed);

/// The picture, its pixels as they are, on a larger drawn page (title bar, columns of text, panels, like a
/// screenshot) of which it covers areaShare (to the rounding of the sides). The page's proportions, colours
/// and words and the place on it are drawn by the seed; each side grows by at least the fourth root of
/// 1/areaShare.
image::Image pasteOnPage(const image::Image& image, double areaShare, std::uint64_t seed);

}  // namespace signet::attacks
