#pragma once

#include "core/training/task_type.h"

namespace signet::tasks {

/// Everything that can be trained: the one list of it, for the command line and the desktop. For any thread.
const training::TaskRegistry& all();

}  // namespace signet::tasks
