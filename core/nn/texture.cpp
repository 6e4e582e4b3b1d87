#include "core/nn/texture.h"

#include <torch/torch.h>

#include "core/nn/box_mean.h"
#include "core/nn/compact.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr std::int64_t kTileSide = 32;
constexpr int kDetectorChannels = 15;  ///< RGB of 2x2 pixels and their mean's detail
constexpr int kLastBlocks = 2;

}  // namespace

TextureInjectorImpl::TextureInjectorImpl(const std::array<int, 3>& widths) {
    tile = register_parameter("tile", torch::randn({1, 1, kTileSide, kTileSide}));
    injector = register_module("injector", KeyedInjector(widths));
}

Tensor TextureInjectorImpl::forward(const Tensor& x) {
    const std::int64_t rows = x.size(2), columns = x.size(3);
    const auto unit = tile / tile.square().mean().sqrt();
    const auto repeated =
        unit.repeat({1, 1, (rows + kTileSide - 1) / kTileSide, (columns + kTileSide - 1) / kTileSide});
    return injector(x, repeated.slice(2, 0, rows).slice(3, 0, columns).expand({x.size(0), -1, -1, -1}));
}

TextureDetectorImpl::TextureDetectorImpl(const std::array<int, 3>& widths) {
    trunk = register_module("trunk", compactTrunk(kDetectorChannels, widths, kLastBlocks));
    head = register_module("head", torch::nn::Conv2d(torch::nn::Conv2dOptions(widths[2], 1, 1)));
}

Tensor TextureDetectorImpl::forward(const Tensor& x) {
    const auto detail = detailOf(torch::avg_pool2d(x, 2));
    return head(trunk->forward(torch::cat({torch::pixel_unshuffle(x, 2), detail}, 1)));
}

}  // namespace signet::nn
