#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::baselines {

/// Training of artificial fingerprints (Yu et al. 2021), for the registry of tasks. Its options are
/// ArtificialFingerprintTrainingOptions.
std::unique_ptr<training::TaskType> artificialFingerprintTask();

}  // namespace signet::baselines
