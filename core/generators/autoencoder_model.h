#pragma once

#include <string>

#include "core/models/manifest.h"
#include "core/nn/autoencoder.h"

namespace signet::generators {

/// An autoencoder's networks as its model has them, in evaluation mode, on the CPU. Throws BadOption for a
/// model of another kind, HashMismatch, Corrupt, NotFound.
nn::Autoencoder loadAutoencoder(const models::Manifest& manifest);

/// Role of its weights, and the arch of its model.
inline constexpr const char* kAutoencoderRole = "autoencoder";

}  // namespace signet::generators
