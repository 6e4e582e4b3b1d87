#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/experiments/workshop.h"

namespace signet::experiments {

/// An instance of a model that was issued for an experiment.
struct IssuedInstance {
    std::int64_t id = 0;           ///< in the registry
    std::filesystem::path folder;  ///< its model
};

/// So many instances of a fingerprinting model, issued as any holder's are and registered in a registry of
/// their own, which is what set names; those that are there already are kept.
struct InstanceSet {
    std::filesystem::path registry;
    std::vector<IssuedInstance> instances;
};
InstanceSet issuedInstances(Workshop& workshop, const std::filesystem::path& model, const std::string& set,
                            std::int64_t count);

}  // namespace signet::experiments
