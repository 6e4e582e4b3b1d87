#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "core/nn/safetensors.h"

namespace signet::training {

struct AdamOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double maxGradientNorm = 0;  ///< > 0: the gradient's total L2 norm is clipped to it
};

/// Adam (Kingma & Ba 2015, algorithm 1) over named parameters, its whole state readable and writable so that
/// a checkpoint is complete.
class Adam {
public:
    Adam(nn::NamedParameters parameters, AdamOptions options);

    void zeroGradient();
    /// The gradient's L2 norm over all parameters, a scalar on their device.
    torch::Tensor gradientNorm() const;
    /// One update. norm: what gradientNorm() gave, and its value as the caller has read it. Throws Internal
    /// when it is not finite (nothing is changed then).
    void step(double learningRate, const torch::Tensor& norm, double value);
    /// The same, with a read from the device between; returns the norm before clipping.
    double step(double learningRate);

    /// Moments as "m.<name>", "v.<name>"; the step count as "steps" (int64).
    nn::TensorMap state() const;
    void load(const nn::TensorMap& state);

private:
    nn::NamedParameters m_parameters;
    std::vector<torch::Tensor> m_first, m_second;
    AdamOptions m_options;
    std::int64_t m_steps = 0;
};

}  // namespace signet::training
