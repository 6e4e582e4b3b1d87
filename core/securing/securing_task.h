#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::securing {

/// "secure": a trained generator learns to sign all it draws.
std::unique_ptr<training::TaskType> securingTask();

}  // namespace signet::securing
