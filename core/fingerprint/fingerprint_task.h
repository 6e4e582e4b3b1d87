#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::fingerprint {

/// Training of a fingerprinting generator, for the registry of tasks. Its options are
/// FingerprintTrainingOptions.
std::unique_ptr<training::TaskType> fingerprintTask();

}  // namespace signet::fingerprint
