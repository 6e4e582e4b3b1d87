#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>

#include "core/generators/generator.h"
#include "core/models/manifest.h"
#include "core/nn/safetensors.h"
#include "core/securing/securing_options.h"
#include "core/training/task.h"

namespace signet::securing {

/// A generator whose training goes on: what of it learns, and the whole of it with what was learnt.
struct Securable {
    std::unique_ptr<training::TrainingTask> training;
    /// Of the whole generator, as its model keeps it; of what learns the running average, where there is one.
    std::function<nn::TensorMap()> state;
};

/// What is done to pictures before they are learnt, and what the generator lowers beside its own loss
/// (empty: nothing).
struct SecuringAims {
    std::function<torch::Tensor(const torch::Tensor& pictures)> sign;
    std::function<torch::Tensor(const torch::Tensor& drawn)> furtherLoss;
};

/// The fine-tuning that papers.md 1.7 describes for the generator's form: of StyleGAN2 all; of a latent
/// diffusion the decoder with its first convolution; of ADM the second diffusion, told the unsigned small
/// picture. With options.all the whole first stage, and of ADM without a second part its only one.
/// generator: a model of kind "generator". Throws BadOption where its form cannot be secured, or xi has no
/// place in it.
Securable makeSecurable(const models::Manifest& generator, const SecuringOptions& options,
                        const training::Placement& placement, SecuringAims aims);

}  // namespace signet::securing
