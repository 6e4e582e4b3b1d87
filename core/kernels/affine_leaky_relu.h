#pragma once

#include <torch/types.h>

#include <numbers>

namespace signet::kernels {

/// StyleGAN2's activation: the gain keeps the size of a normal signal.
inline constexpr double kLeakySlope = 0.2, kLeakyGain = std::numbers::sqrt2;

/// What a layer does to the values of a convolution beside it: value * scale + strength * noise + bias, then
/// a leaky ReLU. Whatever is not defined is left out.
struct AffineLeakyRelu {
    torch::Tensor scale{};  ///< [B,C]: modulation, or demodulation
    torch::Tensor noise{};  ///< [B,1,H,W] or [1,1,H,W], with strength, [1]; no gradient flows to it
    torch::Tensor strength{};
    torch::Tensor bias{};  ///< [C]
    double slope = 1;      ///< of negative values; 1: no activation
    double gain = 1;
};

/// x: [B,C,H,W]. In one pass over memory each way, for float on the CPU (channels last) and, where it is
/// built, on a GPU; composed of LibTorch's operators for all else. Differentiable twice.
torch::Tensor affineLeakyRelu(const torch::Tensor& x, const AffineLeakyRelu& layer);

/// The same, always composed: what the kernels are held against.
torch::Tensor composedAffineLeakyRelu(const torch::Tensor& x, const AffineLeakyRelu& layer);

}  // namespace signet::kernels
