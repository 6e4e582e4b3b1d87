#pragma once

#include <string>

#include "core/models/manifest.h"

namespace signet::examine {

/// Written by hand beside a model's manifest, for its card: what limits it, and how it was trained.
inline constexpr const char* kLimitsFile = "limits.md";
inline constexpr const char* kHistoryFile = "history.md";

/// The card (Markdown) of a signature model from what was measured: its manifest, its calibration and its
/// kept evaluation, with the texts above where they are there. What stands before "Training and evaluation in
/// full" is one page of a report; the rest is printed there on request. Throws NotFound with what to do where
/// the model is not calibrated or keeps no evaluation, BadOption for another kind, Corrupt.
std::string modelCard(const models::Manifest& manifest);

}  // namespace signet::examine
