#pragma once

#include <string>

#include "core/models/manifest.h"

namespace signet::examine {

/// The card (Markdown) of a generator or an autoencoder: what it is, how it was trained, and of a secured
/// generator whose signature and code it draws, whose detector reads them, and how often (kDrawnFile), with
/// the texts beside them (kLimitsFile, kHistoryFile). Throws Corrupt.
std::string generatorCard(const models::Manifest& manifest);

}  // namespace signet::examine
