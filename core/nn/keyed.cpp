#include "core/nn/keyed.h"

#include <torch/torch.h>

namespace signet::nn {
namespace {

using torch::Tensor;

constexpr int kUnitChannels = 12;  ///< RGB of 2x2 pixels

}  // namespace

KeyedInjectorImpl::KeyedInjectorImpl(const std::array<int, 3>& widths) {
    unet = register_module("unet", ConvPairUNet(4, widths));
    mix = register_module("mix", heConv3(widths[0] + 1, widths[0]));
    out = register_module("out", heConv3(widths[0] + 1, 3));
}

Tensor KeyedInjectorImpl::forward(const Tensor& x, const Tensor& carrier) {
    const std::int64_t rows = x.size(2), columns = x.size(3);
    const auto pattern = paddedTo(carrier, 4);
    auto h = unet(torch::cat({paddedTo(x, 4), pattern}, 1));
    // The carrier again at the last layers, so that the U-Net has only to say how much of it goes where.
    h = torch::silu(mix(torch::cat({h, pattern}, 1)));
    return cutTo(out(torch::cat({h, pattern}, 1)), rows, columns);
}

KeyedExtractorImpl::KeyedExtractorImpl(const std::array<int, 3>& widths) {
    unet = register_module("unet", ConvPairUNet(2 * kUnitChannels, widths));
    out = register_module("out", heConv3(widths[0], 1));
}

Tensor KeyedExtractorImpl::forward(const Tensor& x) {
    const std::int64_t rows = x.size(2) / 2, columns = x.size(3) / 2;
    return cutTo(out(unet(torch::pixel_unshuffle(withDetail(paddedTo(x, 8)), 2))), rows, columns);
}

}  // namespace signet::nn
