#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::generators {

/// "stylegan2": a plain generator of StyleGAN2's form learns to draw a folder's pictures.
std::unique_ptr<training::TaskType> styleGan2Task();

}  // namespace signet::generators
