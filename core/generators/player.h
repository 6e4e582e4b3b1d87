#pragma once

#include <torch/types.h>

#include <vector>

#include "core/generators/gan_options.h"
#include "core/nn/safetensors.h"
#include "core/training/adam.h"
#include "core/training/picture_tensors.h"
#include "core/training/process_group.h"
#include "core/training/task.h"

namespace signet::generators {

struct PlayerOptions {
    double rate = 0.002;
    double beta1 = 0;
    double beta2 = 0.99;
    int every = 0;  ///< of so many steps one has a regulariser too, whose step takes part of rate and beta2
                    ///< (StyleGAN2, appendix B); 0: none has
};

/// Networks of an adversarial training that learn from one loss, with Adam.
struct Player {
    Player(nn::NamedParameters named, const PlayerOptions& options);
    /// One step on the gradients there are. Returns their norm.
    double learn(double factor = 1) { return adam.step(rate * factor); }

    nn::NamedParameters parameters;
    double rate;  ///< learning rate
    training::Adam adam;
};

/// A network's parameters under prefix + name.
nn::NamedParameters parametersOf(const torch::nn::Module& module, const char* prefix);

/// Sets the players' gradients to those of loss, averaged over the ranks.
void backward(const torch::Tensor& loss, const std::vector<Player*>& players, training::ProcessGroup& group);

/// Adds a term's mean over the ranks. Throws Internal where it is not finite.
void note(training::StepResult& result, const char* name, const torch::Tensor& value,
          training::ProcessGroup& group);

/// How such a training draws squares of its pictures: whole ones, and mirrored as its options say.
inline training::SquareDraw drawOf(const GanOptions& options) {
    return {.crops = false, .mirrors = options.mirror};
}

at::Generator generatorOf(std::uint64_t seed);

}  // namespace signet::generators
