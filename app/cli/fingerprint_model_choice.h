#pragma once

#include <string>

#include "app/cli/common.h"
#include "core/models/manifest.h"

namespace signet::cli {

/// The fingerprinting model by name or folder; without one the only one there is. Throws NotFound, BadOption
/// where there are several.
models::Manifest fingerprintingModel(Session& session, const std::string& name);

}  // namespace signet::cli
