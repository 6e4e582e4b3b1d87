#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::signature {

/// Training of a signature's injector and detector (paper A, stage 1), for the registry of tasks. Its options
/// are TrainingOptions.
std::unique_ptr<training::TaskType> signatureTask();

}  // namespace signet::signature
