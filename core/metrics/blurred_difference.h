#pragma once

#include "core/image/image.h"
#include "core/metrics/visible_difference.h"

namespace signet::metrics {

/// Standard deviation, px, of blurredDifference's Gaussian in an image whose longer side has kBlurredSide px;
/// in proportion elsewhere, as an image is looked at whole, whatever its pixels.
inline constexpr double kBlurredSigma = 3;
inline constexpr int kBlurredSide = 768;

/// CIEDE2000 at every pixel after one Gaussian over the sRGB levels of both images (borders repeated): a
/// plainer yardstick than visibleDifference, which no signature is trained or informed by, and what published
/// schemes are compared with (issue 13: RivaGAN as shipped has a mean p99 of 2.6). Images of more than 1,536
/// px are reduced to that first, which the Gaussian hides (its deviation is 6 px there). About 1 s for a
/// megapixel. Throws BadOption when the sizes differ or an image is empty.
VisibleDifference blurredDifference(const image::Image& a, const image::Image& b);

/// The energy of the difference (squared 8-bit levels of R, G and B) in the middle quarter of the image, half
/// of each side, relative to a difference spread evenly: 1 is even, 4 has all of it there. NaN for equal
/// images. Throws as above.
double middleEnergy(const image::Image& a, const image::Image& b);

}  // namespace signet::metrics
