#pragma once

#include <cstdint>

#include "core/image/image.h"

namespace signet::attacks {

/// Steps that change where pixels are. All take and give 8-bit RGB. Where they interpolate, what lies outside
/// the picture is mid-grey 127.5 (rounded to 128; blended in at the edge by the bilinear form).

enum class Interpolation { Nearest, Bilinear };

/// Kept: the picture's size, its corners are cut off. Enlarged: the smallest size that holds all of it.
enum class Canvas { Kept, Enlarged };

/// Both sides times factor, rounded, at least 1 px, with image::resize.
image::Image scale(const image::Image& image, double factor);

/// The width or the height times factor, one as likely as the other, with image::resize.
image::Image stretch(const image::Image& image, double factor, std::uint64_t seed);

/// The centre, sides times sqrt(areaShare), rounded, at least 1 px; an odd rest goes to the right and below.
image::Image cropToArea(const image::Image& image, double areaShare);

/// The same size at any place within the picture, each as likely.
image::Image cropToAreaAnywhere(const image::Image& image, double areaShare, std::uint64_t seed);

/// The largest crop of this width / height (rounded, at least 1 px), at any place along the side that it
/// shortens, each as likely.
image::Image cropToAspect(const image::Image& image, double ratio, std::uint64_t seed);

/// Counter-clockwise about the centre of the picture; multiples of 90 degrees move whole pixels on a canvas
/// that holds them.
image::Image rotate(const image::Image& image, double degrees, Interpolation interpolation,
                    Canvas canvas = Canvas::Kept);

/// Counter-clockwise by 90, 180 or 270 degrees: the same pixels in another order; 90 and 270 swap the sides.
image::Image turn(const image::Image& image, int degrees);

/// Mirrored left to right.
image::Image flip(const image::Image& image);

/// Mirrored top to bottom.
image::Image flipVertical(const image::Image& image);

/// Each corner moved in x and in y by up to strength (under 1/4, so that the shape stays convex) times that
/// side, outwards or inwards, uniformly; the picture follows by the homography of the four corners, bilinear,
/// on a canvas of its own size.
image::Image moveCorners(const image::Image& image, double strength, std::uint64_t seed);

}  // namespace signet::attacks
