#pragma once

#include <torch/types.h>

namespace signet::nn {

/// Mean of x [B,C,H,W] over the window x window places about each, the border continued; window is odd. First
/// along rows, then along columns.
torch::Tensor boxMean(const torch::Tensor& x, int window);

/// What of pictures [B,C,H,W] is finer than 5 px, times 4, which brings it to about their own range: beside
/// the pictures it saves a network's first layers the search for what is a hundred times weaker.
torch::Tensor detailOf(const torch::Tensor& pictures);

}  // namespace signet::nn
