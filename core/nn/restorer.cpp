#include "core/nn/restorer.h"

#include <torch/torch.h>

namespace signet::nn {
namespace {

constexpr int kInputChannels = 24;       ///< a picture and its detail, of 2x2 pixels
constexpr int kOutputChannels = 12;      ///< RGB of 2x2 pixels
constexpr double kRestoredScale = 0.02;  ///< of the output: 2.5 grey levels, the size of what signatures add

}  // namespace

RestorerImpl::RestorerImpl(const std::array<int, 3>& widths) {
    unet = register_module("unet", ConvPairUNet(kInputChannels, widths));
    out = register_module("out", heConv3(widths[0], kOutputChannels));
    torch::nn::init::zeros_(out->weight);
}

torch::Tensor RestorerImpl::forward(const torch::Tensor& x) {
    const auto features = unet(torch::pixel_unshuffle(withDetail(paddedTo(x, 8)), 2));
    return cutTo(torch::pixel_shuffle(out(features), 2), x.size(2), x.size(3)) * kRestoredScale;
}

}  // namespace signet::nn
