#include "core/nn/conv_pair_unet.h"

#include <torch/torch.h>

#include "core/nn/box_mean.h"

namespace signet::nn {
namespace {

using torch::Tensor;

Tensor doubled(const Tensor& x) {
    return torch::upsample_bilinear2d(x, {2 * x.size(2), 2 * x.size(3)}, false);
}

}  // namespace

torch::nn::Conv2d heConv3(int in, int out) {
    auto conv = torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
    torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanIn, torch::kReLU);
    torch::nn::init::zeros_(conv->bias);
    return conv;
}

Tensor paddedTo(const Tensor& x, std::int64_t step) {
    const std::int64_t right = (step - x.size(3) % step) % step;
    const std::int64_t below = (step - x.size(2) % step) % step;
    return right + below == 0 ? x : torch::replication_pad2d(x, {0, right, 0, below});
}

Tensor cutTo(const Tensor& x, std::int64_t rows, std::int64_t columns) {
    return x.slice(2, 0, rows).slice(3, 0, columns);
}

Tensor withDetail(const Tensor& picture) {
    return torch::cat({picture, detailOf(picture)}, 1);
}

ConvPairImpl::ConvPairImpl(int in, int out) {
    conv1 = register_module("conv1", heConv3(in, out));
    conv2 = register_module("conv2", heConv3(out, out));
}

Tensor ConvPairImpl::forward(const Tensor& x) {
    return torch::silu(conv2(torch::silu(conv1(x))));
}

ConvPairUNetImpl::ConvPairUNetImpl(int in, const std::array<int, 3>& widths) {
    const auto [fine, medium, coarse] = widths;
    encode1 = register_module("encode1", ConvPair(in, fine));
    encode2 = register_module("encode2", ConvPair(fine, medium));
    middle = register_module("middle", ConvPair(medium, coarse));
    decode2 = register_module("decode2", ConvPair(coarse + medium, medium));
    decode1 = register_module("decode1", ConvPair(medium + fine, fine));
}

Tensor ConvPairUNetImpl::forward(const Tensor& x) {
    const auto e1 = encode1(x);
    const auto e2 = encode2(torch::avg_pool2d(e1, 2));
    const auto m = middle(torch::avg_pool2d(e2, 2));
    const auto d2 = decode2(torch::cat({doubled(m), e2}, 1));
    return decode1(torch::cat({doubled(d2), e1}, 1));
}

}  // namespace signet::nn
