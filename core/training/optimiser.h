#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/nn/safetensors.h"
#include "core/training/adam.h"
#include "core/training/gradient_averaging.h"
#include "core/training/optimiser_options.h"
#include "core/training/weight_average.h"

namespace signet::training {

/// How a task's networks learn from its loss: the gradient averaged over the ranks and clipped, Adam at a
/// rate that falls, a running average of the weights. Counts the steps. For one thread.
class Optimiser {
public:
    /// parameters: by their names in checkpoints. steps: of the whole run, along which the rate falls.
    /// someUnused: see GradientAveraging.
    Optimiser(const nn::NamedParameters& parameters, const OptimiserOptions& options, int steps,
              ProcessGroup& group, bool someUnused = false);

    std::uint64_t stepsDone() const { return m_done; }
    /// Of the next step.
    double learningRate() const;

    void zeroGradient() { m_adam.zeroGradient(); }
    /// loss.backward(), the last of a step: the gradient is averaged over the ranks. Throws as
    /// GradientAveraging.
    void backward(const torch::Tensor& loss) { m_averaging.backward(loss); }
    /// Its L2 norm over all parameters, a scalar on their device.
    torch::Tensor gradientNorm() const { return m_adam.gradientNorm(); }
    /// Throws Internal naming the term of the loss where its value is not finite.
    void requireFinite(std::string_view term, double value) const;
    /// The step. norm: what gradientNorm() gave, and its value as the caller has read it. Throws Internal
    /// when it is not finite (nothing is changed then).
    void step(const torch::Tensor& norm, double value);

    /// The running average in place of the weights while what is returned is alive; the weights themselves
    /// where none is kept.
    [[nodiscard]] WeightAverage::InUse useAverage();
    /// It begins anew at the weights of now.
    void restartAverage();

    /// What a task's state is made of, on the CPU: networks' weights as "net.<name>", moments as
    /// "adam.<name>", the running average as "average.<name>"; in the metadata "step".
    nn::SafeTensors stateWith(const nn::TensorMap& networks) const;
    /// Takes over all but the networks' weights. Throws Corrupt.
    void restore(const nn::SafeTensors& state);

private:
    OptimiserOptions m_options;
    int m_steps;
    GradientAveraging m_averaging;
    Adam m_adam;
    std::optional<WeightAverage> m_average;
    std::uint64_t m_done = 0;
};

/// What a state has in its metadata under a key. Throws Corrupt where there is nothing.
const std::string& stateText(const nn::SafeTensors& state, const std::string& key);

/// The same of a number. Throws Corrupt where there is none.
std::uint64_t stateNumber(const nn::SafeTensors& state, const std::string& key);

/// Of a state whose metadata cannot be read (Corrupt).
[[noreturn]] void throwUnreadableState();

/// Of a state whose networks are not those of the options it is to be resumed with (BadOption).
[[noreturn]] void throwOtherNetworks();

}  // namespace signet::training
