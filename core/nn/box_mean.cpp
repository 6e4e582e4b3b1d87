#include "core/nn/box_mean.h"

#include <torch/torch.h>

namespace signet::nn {
namespace {

using torch::Tensor;

constexpr int kDetailWindow = 5;
constexpr double kDetailGain = 4;

/// The mean of so many neighbours along a dimension, which gets shorter by them but one. Sums of slices: an
/// average pool takes three times as long for few channels.
Tensor meanAlong(const Tensor& x, std::int64_t dimension, int window) {
    const std::int64_t length = x.size(dimension) - window + 1;
    auto sum = x.slice(dimension, 0, length) + x.slice(dimension, 1, length + 1);
    for (int i = 2; i < window; ++i) sum.add_(x.slice(dimension, i, length + i));
    return sum.mul_(1.0 / window);
}

}  // namespace

Tensor boxMean(const Tensor& x, int window) {
    const int margin = window / 2;
    const auto wide = torch::replication_pad2d(x, {margin, margin, margin, margin});
    return meanAlong(meanAlong(wide, 3, window), 2, window);
}

Tensor detailOf(const Tensor& pictures) {
    return (pictures - boxMean(pictures, kDetailWindow)) * kDetailGain;
}

}  // namespace signet::nn
