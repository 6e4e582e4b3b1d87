#pragma once

#include <string>

#include "core/models/manifest.h"

namespace signet::examine {

/// A model's card (Markdown): of a signature from what was measured, its manifest, its calibration and its
/// kept evaluation, with the texts beside them (kLimitsFile, kHistoryFile). What stands before "Training and
/// evaluation in full" is one page of a report; the rest is printed there on request. Of a fingerprinting
/// model see fingerprintCard, of a generator or an autoencoder generatorCard. Throws NotFound with what to do
/// where such a model is not calibrated or keeps no evaluation, BadOption for another kind, Corrupt.
std::string modelCard(const models::Manifest& manifest);

}  // namespace signet::examine
