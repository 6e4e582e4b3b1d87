#pragma once

#include <torch/types.h>

namespace signet::nn {

/// Mean of x [B,C,H,W] over the window x window places about each, the border continued; window is odd. First
/// along rows, then along columns.
torch::Tensor boxMean(const torch::Tensor& x, int window);

}  // namespace signet::nn
