#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

namespace signet::nn {

using Block = std::function<torch::Tensor(const std::vector<torch::Tensor>&)>;

/// block(inputs), of whose activations nothing is kept for the gradient: block runs a second time in the
/// backward pass, with the generators of the CPU and of the inputs' device as they stood, and under the same
/// bf16 autocast (T. Chen et al., "Training deep nets with sublinear memory cost", 2016). Gradients of
/// parameters that block uses are added to them; at least one input has to require a gradient, or nothing
/// gets one. Without gradient mode it is block(inputs).
torch::Tensor checkpointed(const Block& block, const std::vector<torch::Tensor>& inputs);

/// True while this thread runs a block for the second time: what a forward pass counts (BatchNorm's running
/// statistics) has been counted already.
bool isRecomputing();

}  // namespace signet::nn
