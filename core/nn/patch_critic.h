#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace signet::nn {

/// PatchGAN's discriminator (Isola et al. 2017), as latent-diffusion's first stage has it (papers.md 1.7): a
/// verdict on each of many overlapping patches. Convolutions of 4x4, the first `halvings` of stride 2, widths
/// doubling up to 8 times the first, batch normalisation from the second on, LeakyReLU 0.2. Names: "main.i".
struct PatchCriticImpl : torch::nn::Module {
    explicit PatchCriticImpl(int width = 64, int halvings = 3);
    /// x: [B,3,H,W] in [-1,1] -> [B,1,h,w]
    torch::Tensor forward(const torch::Tensor& x);

private:
    torch::nn::Sequential m_main{nullptr};
};
TORCH_MODULE(PatchCritic);

}  // namespace signet::nn
