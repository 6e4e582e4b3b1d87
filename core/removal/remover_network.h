#pragma once

#include <torch/types.h>

#include "core/nn/restorer.h"
#include "core/nn/safetensors.h"
#include "core/nn/unet.h"
#include "core/removal/remover_options.h"

namespace signet::removal {

/// A remover's network, of either form. Not thread-safe.
class RemoverNetwork {
public:
    /// Random weights, by torch's generator.
    explicit RemoverNetwork(const RemoverOptions& options);

    /// What has to be added to pictures, [B,3,h,w] in [-1,1] units; h and w: multiples of step(). Of paper
    /// A's M: tanh(M(x)) - x.
    torch::Tensor change(const torch::Tensor& x);
    int step() const { return m_step; }
    torch::nn::Module& module() const;

private:
    int m_step = 1;
    nn::Restorer m_restorer{nullptr};  // one of the two
    nn::UNet m_unet{nullptr};
};

}  // namespace signet::removal
