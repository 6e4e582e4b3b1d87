#include "core/nn/fir.h"

#include <torch/torch.h>

#include <cstdint>

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr std::int64_t kTaps = 4;

/// Along a dimension. Sums of slices: as a convolution of one channel it takes several times as long.
Tensor filtered(const Tensor& x, std::int64_t dimension, int down, double gain) {
    const std::int64_t length = x.size(dimension) - kTaps + 1;
    const auto tap = [&](std::int64_t i) { return x.slice(dimension, i, i + length, down); };
    return (tap(0) + tap(3) + (tap(1) + tap(2)) * 3) * (gain / 8);
}

}  // namespace

Tensor upFirDown(const Tensor& x, int up, int down, FirPads pads, double gain) {
    auto plane = x;
    if (up > 1) {
        plane = torch::constant_pad_nd(plane.unsqueeze(3).unsqueeze(5), {0, up - 1, 0, 0, 0, up - 1})
                    .reshape({x.size(0), x.size(1), x.size(2) * up, x.size(3) * up});
    }
    plane = torch::constant_pad_nd(plane, {pads.before, pads.after, pads.before, pads.after});
    return filtered(filtered(plane, 3, down, gain), 2, down, 1);
}

Tensor firDoubled(const Tensor& x) {
    return upFirDown(x, 2, 1, {2, 1}, 4);
}

}  // namespace signet::nn
