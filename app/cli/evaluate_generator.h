#pragma once

#include <string>
#include <vector>

#include "app/cli/common.h"
#include "core/examine/drawn_check.h"

namespace signet::cli {

/// `signet evaluate` of a generator: emits a record an attack. signature: name or folder of the model whose
/// detector reads, empty for the one that it was secured with. Keyed signatures are looked for with the key
/// that its training names, else with the public one. Returns the images that were left out, and why. Throws
/// what signatureOf, checkDrawn and loading throw.
std::vector<std::string> evaluateGenerator(Session& session, const models::Manifest& generator,
                                           const std::string& signature,
                                           const examine::DrawnOptions& options);

}  // namespace signet::cli
