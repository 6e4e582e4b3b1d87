#pragma once

#include "core/signature/carrier_estimate.h"

namespace signet::signature {

/// An estimate made ready for being folded: limited(), then
/// - whitened: each spatial frequency is divided by the root of the power around it (0.05 cycles a chip,
/// standard
///   deviation), since what disturbs an estimate, lines and textures of the picture, has few frequencies and
///   directions and the carrier has all of its band;
/// - weighted: each chip times the root mean square around it (6 chips), since an extractor says little where
///   there is no signature, and a page around a signed picture is larger than it.
/// No key is asked, so that p-values hold as they do without. Of 90 views each (30 photographs,
/// photo-keyed32) were read without and with it: pasted on a page at 25 % 63 and 72, perspective 0.1 72
/// and 73, cropped to 30 % 80 and 80. The median log10 p of 30 seen as they are went from -68.1 to -72.3;
/// it takes 1 ms of a view of 96 x 96 chips.
CarrierEstimate evened(const CarrierEstimate& estimate);

}  // namespace signet::signature
