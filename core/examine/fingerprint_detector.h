#pragma once

#include "core/examine/detector.h"

namespace signet::examine {

/// An image is reported as drawn by an instance where the p-value of its fingerprint, corrected for all
/// registered ones, is at most 1e-6; between that and 1e-3 the answer is inconclusive.
inline constexpr OwnThresholds kFingerprintThresholds{.present = 6, .inconclusive = 3};

/// Loads a fingerprinting model's decoder. Its score is -log10 of the p-value of the registered instance that
/// agrees best; 0 where setup knows of none. Throws as loadNetworks.
LoadedNetworks loadFingerprint(const models::Manifest& manifest, const DetectorSetup& setup);

}  // namespace signet::examine
