#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::signature {

/// Training of a keyed signature's injector and extractor, for the registry of tasks. Its options are
/// KeyedTrainingOptions.
std::unique_ptr<training::TaskType> keyedTask();

}  // namespace signet::signature
