#include "core/nn/fir.h"

#include <torch/torch.h>

#include <array>
#include <cstdint>

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr int kTaps = 4;

/// Along a dimension of [N,1,H,W].
Tensor filtered(const Tensor& x, bool alongRows, int down, double gain) {
    const auto kernel = torch::tensor({1.0, 3.0, 3.0, 1.0}, x.options()) * (gain / 8);
    const std::int64_t height = alongRows ? 1 : kTaps, width = alongRows ? kTaps : 1;
    const std::array<std::int64_t, 2> stride{alongRows ? 1 : down, alongRows ? down : 1};
    return at::conv2d(x, kernel.view({1, 1, height, width}), {}, stride);
}

}  // namespace

Tensor upFirDown(const Tensor& x, int up, int down, FirPads pads, double gain) {
    const auto batch = x.size(0), channels = x.size(1);
    auto plane = x.reshape({batch * channels, 1, x.size(2), x.size(3)});
    if (up > 1) {
        plane = torch::constant_pad_nd(plane.unsqueeze(3).unsqueeze(5), {0, up - 1, 0, 0, 0, up - 1})
                    .reshape({batch * channels, 1, x.size(2) * up, x.size(3) * up});
    }
    plane = torch::constant_pad_nd(plane, {pads.before, pads.after, pads.before, pads.after});
    plane = filtered(filtered(plane, true, down, gain), false, down, 1);
    return plane.view({batch, channels, plane.size(2), plane.size(3)});
}

Tensor firDoubled(const Tensor& x) {
    return upFirDown(x, 2, 1, {2, 1}, 4);
}

}  // namespace signet::nn
