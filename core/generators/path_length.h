#pragma once

#include <torch/types.h>

#include "core/training/process_group.h"
#include "core/training/task.h"

namespace signet::generators {

/// The path length regulariser (Karras et al. 2020, section 3.2, Eq. 4): how far a picture moves with its
/// styles is kept near a running mean.
class PathLength {
public:
    /// Mean squared deviation of the pictures' lengths from the running mean, which goes on; differentiable.
    /// pictures: [B,3,H,W], drawn with styles: [B,layers,style], a tensor of its own that wants gradients.
    /// Adds "path_length".
    torch::Tensor penalty(const torch::Tensor& pictures, const torch::Tensor& styles, at::Generator random,
                          training::ProcessGroup& group, training::StepResult& result);

    double mean = 0;
};

}  // namespace signet::generators
