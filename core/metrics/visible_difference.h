#pragma once

#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"
#include "core/metrics/cielab.h"

namespace signet::metrics {

/// The viewing that visibleDifference supposes: one image pixel a screen pixel, this many of them in a degree
/// of visual angle. A screen of 96 pixels an inch seen from about 60 cm.
inline constexpr double kPixelsPerDegree = 40;

/// What a person may see of the difference between two images, as CIEDE2000 over the places of the image: 1
/// is about the least difference that is seen between two patches side by side.
struct VisibleDifference {
    double p99 = 0;         ///< 99 % of the places differ by no more
    double p999 = 0;        ///< 99.9 % of the places differ by no more
    double shareOver1 = 0;  ///< of the places that differ by more than 1, 0..1
};

/// The three numbers of the differences of one or more places.
VisibleDifference overPlaces(std::vector<double> differences);

/// CIEDE2000 after the eye's low-pass: S-CIELAB (Zhang & Wandell 1997, "A spatial extension of CIELAB for
/// digital color-image reproduction", Journal of the SID 5(1), 61-63) with CIEDE2000 instead of the CIELAB
/// difference (Johnson & Fairchild 2003, Color Research and Application 28, 425-435). sRGB becomes linear
/// light and three opponent planes; each is blurred by its sum of Gaussians (spreads 0.0283, 0.133 and 4.336
/// degrees for light-dark, 0.0392 and 0.494 for red-green, 0.0536 and 0.386 for blue-yellow) at
/// kPixelsPerDegree, borders repeated, and becomes CIELAB. Fine patterns go, clouds of colour stay. Measured
/// on a regular grid of at most maxPlaces pixels (all of them when there are no more); the broad Gaussians
/// are computed on reduced pictures. About 0.2 s of one core and 20 MiB for 12 megapixels of 8-bit RGB;
/// other images are converted first (image::toRgb8). Throws BadOption when the sizes differ, an image is
/// empty, or maxPlaces < 1.
VisibleDifference visibleDifference(const image::Image& a, const image::Image& b, int maxPlaces = 65'536);

/// {p99, p999, share_over_1}, as in the records of `signet sign` and `signet compare`.
Json toJson(const VisibleDifference& visible);

}  // namespace signet::metrics
