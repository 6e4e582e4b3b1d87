#pragma once

#include "core/examine/detector.h"

namespace signet::examine {

/// A p-value of 1e-6 and less is reported; between that and 1e-3 the answer is inconclusive.
inline constexpr OwnThresholds kKeyedThresholds{.present = 6, .inconclusive = 3};

/// Whether a model is a signature of architecture "keyed".
bool isKeyed(const models::Manifest& manifest);

/// Loads a signature of architecture "keyed". Its detector's score is -log10 of the p-value. Throws as
/// loadNetworks.
LoadedNetworks loadKeyed(const models::Manifest& manifest, const DetectorSetup& setup);

}  // namespace signet::examine
