#include "core/kernels/up_fir_down.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <vector>

#include "core/kernels/placement.h"
#include "core/kernels/up_fir_down_kernels.h"

namespace signet::kernels {

using torch::Tensor;

namespace {

constexpr std::int64_t kTaps = 4;
constexpr int kMostPad = 4;  ///< the gradient's are then at most kFirMargin

/// Along a dimension. Sums of slices: as a convolution of one channel it takes several times as long.
Tensor filtered(const Tensor& x, std::int64_t dimension, int down, double gain) {
    const std::int64_t length = x.size(dimension) - kTaps + 1;
    const auto tap = [&](std::int64_t i) { return x.slice(dimension, i, i + length, down); };
    return (tap(0) + tap(3) + (tap(1) + tap(2)) * 3) * (gain / 8);
}

std::int64_t resampledLength(std::int64_t length, int up, int down, FirPads pads) {
    return (length * up + pads.before + pads.after - kTaps) / down + 1;
}

Tensor resampled(const Tensor& given, int up, int down, FirPads pads, double gain) {
    const Tensor x = laidOut(given);
    const auto height = resampledLength(x.size(2), up, down, pads);
    const auto width = resampledLength(x.size(3), up, down, pads);
    TORCH_CHECK(height > 0 && width > 0, "a picture too small to be resampled so");
    Tensor y = emptyLaidOut({x.size(0), x.size(1), height, width}, x);
    UpFirDownShape shape{x.size(0), x.size(2), x.size(3), x.size(1),   height,
                         width,     up,        down,      pads.before, static_cast<float>(gain)};
    const auto* from = x.const_data_ptr<float>();
    auto* to = y.data_ptr<float>();
    if (x.is_cuda()) {
        shape.planes *= shape.channels;
        shape.channels = 1;
        requireLaunched(upFirDownOnGpu(from, to, shape, streamOf(x)));
        return y;
    }
    const std::int64_t rowsAtOnce = std::max<std::int64_t>(1, kPlacesAtOnce / width);
    at::parallel_for(0, shape.planes * height, rowsAtOnce, [&](std::int64_t first, std::int64_t end) {
        std::vector<float> work(static_cast<std::size_t>((shape.width + 2 * kFirMargin) * shape.channels));
        upFirDownRows(from, to, shape, first, end, work.data());
    });
    return y;
}

/// The gradient of a resampling is one the other way: up and down change places, the filter is its own
/// mirror.
class UpFirDownFunction : public torch::autograd::Function<UpFirDownFunction> {
public:
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, std::int64_t up,
                          std::int64_t down, std::int64_t before, std::int64_t after, double gain) {
        context->saved_data["numbers"] = std::vector<std::int64_t>{up, down, before, x.size(2), x.size(3)};
        context->saved_data["gain"] = gain;
        return resampled(x, static_cast<int>(up), static_cast<int>(down),
                         {static_cast<int>(before), static_cast<int>(after)}, gain);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients) {
        const auto numbers = context->saved_data["numbers"].toIntVector();
        const std::int64_t up = numbers[0], down = numbers[1], before = kTaps - 1 - numbers[2];
        const Tensor& dy = gradients[0];
        // What is to be added after, so that all of the source has a gradient.
        const auto after = (numbers[3] - 1) * up + kTaps - dy.size(2) * down - before;
        const auto afterAcross = (numbers[4] - 1) * up + kTaps - dy.size(3) * down - before;
        const Tensor dx =
            apply(dy, down, up, before, std::max(after, afterAcross), context->saved_data["gain"].toDouble());
        return {dx.slice(2, 0, numbers[3]).slice(3, 0, numbers[4]), {}, {}, {}, {}, {}};
    }
};

}  // namespace

Tensor composedUpFirDown(const Tensor& x, int up, int down, FirPads pads, double gain) {
    auto plane = x;
    if (up > 1) {
        plane = torch::constant_pad_nd(plane.unsqueeze(3).unsqueeze(5), {0, up - 1, 0, 0, 0, up - 1})
                    .reshape({x.size(0), x.size(1), x.size(2) * up, x.size(3) * up});
    }
    plane = torch::constant_pad_nd(plane, {pads.before, pads.after, pads.before, pads.after});
    return filtered(filtered(plane, 3, down, gain), 2, down, 1);
}

Tensor upFirDown(const Tensor& x, int up, int down, FirPads pads, double gain) {
    const auto mayBe = [](int pad) { return -kMostPad <= pad && pad <= kMostPad; };
    TORCH_CHECK(std::min(up, down) == 1 && std::max(up, down) <= 2 && mayBe(pads.before) && mayBe(pads.after),
                "up and down are 1 or 2, not both 2, pads -4 .. 4");
    if (!hasKernels(x)) return composedUpFirDown(x, up, down, pads, gain);
    return UpFirDownFunction::apply(x, up, down, pads.before, pads.after, gain);
}

Tensor firDoubled(const Tensor& x) {
    return upFirDown(x, 2, 1, {2, 1}, 4);
}

}  // namespace signet::kernels
