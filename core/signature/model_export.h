#pragma once

#include <cstdint>
#include <filesystem>

#include "core/base/json.h"
#include "core/signature/networks.h"
#include "core/signature/training_options.h"

namespace signet::signature {

/// Writes weights.safetensors and a manifest.json (validated: false) into folder, which is created if needed.
/// origin: the run it comes from, for the manifest.
void writeModelFolder(const std::filesystem::path& folder, const TrainingOptions& options, Networks& networks,
                      std::uint64_t steps, const Json& origin);

}  // namespace signet::signature
