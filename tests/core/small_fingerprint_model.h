#pragma once

#include <filesystem>
#include <string>

#include "core/fingerprint/fingerprint_networks.h"
#include "core/models/manifest.h"

namespace signet::test {

/// 12 bits at 16 px.
fingerprint::FingerprintOptions smallFingerprintOptions(const std::string& variant, bool signedBits = false);

/// Networks none of whose parameters is as it was made: biases, noise strengths too.
fingerprint::FingerprintNetworks stirredNetworks(const fingerprint::FingerprintOptions& options);

/// A model folder of such networks.
models::Manifest smallFingerprintModel(const std::filesystem::path& folder);

}  // namespace signet::test
