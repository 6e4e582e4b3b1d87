#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::removal {

/// Training of a network that takes a signature off again, for the registry of tasks. Its options are
/// RemoverTrainingOptions.
std::unique_ptr<training::TaskType> removerTask();

}  // namespace signet::removal
