#pragma once

#include <torch/nn/module.h>

namespace signet::nn {

/// x with its channels last in memory (NHWC), the order in which convolutions on the CPU are fast; x:
/// [N,C,H,W].
at::Tensor channelsLast(const at::Tensor& x);

/// The same of the weights of a module's convolutions, in place.
void keepChannelsLast(torch::nn::Module& module);

}  // namespace signet::nn
