#include "core/nn/box_mean.h"

#include <torch/torch.h>

namespace signet::nn {

torch::Tensor boxMean(const torch::Tensor& x, int window) {
    const int margin = window / 2;
    const auto wide = torch::replication_pad2d(x, {margin, margin, margin, margin});
    return torch::avg_pool2d(torch::avg_pool2d(wide, {1, window}, 1), {window, 1}, 1);
}

}  // namespace signet::nn
