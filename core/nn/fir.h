#pragma once

#include <torch/types.h>

namespace signet::nn {

/// Places added before and after, of a side; may be negative.
struct FirPads {
    int before = 0, after = 0;
};

/// Enlarges by zeros between the places, adds pads, filters by [1,3,3,1] x [1,3,3,1] / 64 times the gain, and
/// keeps every down-th place: [B,C,H,W] -> [B,C,h,w], h = (H up + before + after - 4) / down + 1. The
/// resampling of StyleGAN2 (Karras et al. 2020, appendix B); differentiable twice.
torch::Tensor upFirDown(const torch::Tensor& x, int up, int down, FirPads pads, double gain = 1);

/// Twice the size, as an RGB skip is enlarged.
torch::Tensor firDoubled(const torch::Tensor& x);

}  // namespace signet::nn
