#pragma once

#include <memory>

#include "core/training/task_type.h"

namespace signet::generators {

/// "autoencoder": latent-diffusion's first stage learns to bring a folder's pictures to latents and back.
std::unique_ptr<training::TaskType> autoencoderTask();

}  // namespace signet::generators
