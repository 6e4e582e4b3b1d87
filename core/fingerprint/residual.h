#pragma once

#include "core/image/image.h"

namespace signet::fingerprint {

/// Grey plus factor times the difference of two pictures of one latent and two fingerprints, cut to 0..255
/// (paper B, figure 7, with a factor of 5). 8-bit RGB of one size. Throws BadOption for two sizes.
image::Image magnifiedResidual(const image::Image& a, const image::Image& b, double factor);

}  // namespace signet::fingerprint
