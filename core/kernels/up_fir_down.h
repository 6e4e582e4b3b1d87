#pragma once

#include <torch/types.h>

namespace signet::kernels {

/// Places added before and after, of a side; may be negative.
struct FirPads {
    int before = 0, after = 0;
};

/// Enlarges by zeros between the places, adds pads, filters by [1,3,3,1] x [1,3,3,1] / 64 times the gain, and
/// keeps every down-th place: [B,C,H,W] -> [B,C,h,w], h = (H up + before + after - 4) / down + 1. The
/// resampling of StyleGAN2 (Karras et al. 2020, appendix B); differentiable as often as wanted. up and down:
/// 1 or 2, not both 2; pads -4 .. 4. A kernel of its own for float on the CPU (channels last in memory)
/// and, where it is built, on a GPU; composed of LibTorch's operators for all else.
torch::Tensor upFirDown(const torch::Tensor& x, int up, int down, FirPads pads, double gain = 1);

/// The same, always composed of LibTorch's operators: what the kernels are held against.
torch::Tensor composedUpFirDown(const torch::Tensor& x, int up, int down, FirPads pads, double gain = 1);

/// Twice the size, as an RGB skip is enlarged.
torch::Tensor firDoubled(const torch::Tensor& x);

}  // namespace signet::kernels
