#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::generators {

/// "diffusion": a diffusion learns to draw a folder's pictures, to enlarge them, or to draw an autoencoder's
/// latents of them.
std::unique_ptr<training::TaskType> diffusionTask();

}  // namespace signet::generators
