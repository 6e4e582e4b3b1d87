#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/fingerprint/fingerprint_model.h"
#include "core/registry/instance_registry.h"

namespace signet::registry {

struct IssueRequest {
    std::string holder;
    std::filesystem::path folder;  ///< of the instance; must not be there yet
    std::string notes = {};
    std::string licence = {};  ///< text of LICENCE.txt; empty: one that names holder, model and time
};

/// Whether no picture of an instance of this code that is read rightly, or with a few errors, could be taken
/// for one of another instance: it agrees with none of theirs in as many bits as an identification asks for,
/// less one of every 32.
bool isAtSafeDistance(const std::vector<std::uint8_t>& code, const RegisteredCodes& others);

/// Issues a fingerprinted generator (paper B, section 3.4): draws a fingerprint from the system's random
/// source at a safe distance from all issued ones, writes the instance's folder (weights, manifest, licence)
/// and registers it. The folder gets its name when it is whole, and the registry knows of it after that;
/// where registering fails the folder goes again. Throws Exists (the folder), BadOption (no holder; a model
/// whose codes are too short to tell so many instances apart), what writing and the registry throw.
Instance issue(fingerprint::FingerprintModel& model, InstanceRegistry& registry, const IssueRequest& request);

}  // namespace signet::registry
