#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::baselines {

/// Training of a ResNet that tells two folders of images apart, for the registry of tasks. Its options are
/// ClassifierTrainingOptions.
std::unique_ptr<training::TaskType> classifierTask();

}  // namespace signet::baselines
