#pragma once

#include <torch/types.h>

#include "core/nn/image_random.h"

namespace signet::nn {

/// What follows a group normalisation.
struct GroupNormTail {
    torch::Tensor scale = {},
                  shift = {};  ///< undefined, or [B,C] each: y (1 + scale) + shift after weight and bias
    bool silu = true;          ///< then SiLU
    DropoutDraw dropout = {};  ///< then dropout; the mask is another one than LibTorch's operators draw
    double epsilon = 1e-5;     ///< added to the variance
};

/// Group normalisation with what follows it, in one pass each way. x: [B,C,H,W], floating point;
/// weight, bias: [C]; C is a multiple of groups. Returns x's shape and type.
///
/// On the CPU, for float32 and bfloat16 in the channels-last format, this is own code that keeps nothing but
/// x and the statistics for the gradient: LibTorch's backward takes half of a training step in that format,
/// and its dropout draws one number after the other. Sums are taken in an order that the number of threads
/// does not change. Elsewhere LibTorch's operators do the same.
torch::Tensor groupNormSilu(const torch::Tensor& x, std::int64_t groups, const torch::Tensor& weight,
                            const torch::Tensor& bias, const GroupNormTail& tail = {});

}  // namespace signet::nn
