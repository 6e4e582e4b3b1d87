#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::baselines {

/// Training of a network that says from which of several sources a picture is (Yu, Davis and Fritz 2019), for
/// the registry of tasks. Its options are AttributionTrainingOptions.
std::unique_ptr<training::TaskType> attributionTask();

}  // namespace signet::baselines
