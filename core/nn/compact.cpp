#include "core/nn/compact.h"

#include <torch/torch.h>

#include "core/nn/group_norm_silu.h"

namespace signet::nn {
namespace {

using torch::Tensor;

constexpr int kCompactGroups = 8;
constexpr int kCodeGrid = 8;
constexpr int kReaderGrid = 6;
constexpr int kPresenceHidden = 64;

torch::nn::Conv2d conv(int in, int out, int kernel, int stride, bool bias) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(bias));
}

Tensor enlarge(const Tensor& x, const Tensor& like) {
    return torch::upsample_bilinear2d(x, {like.size(2), like.size(3)}, false);
}

}  // namespace

ConvNormSiluImpl::ConvNormSiluImpl(int in, int out) {
    conv = register_module("conv", signet::nn::conv(in, out, 3, 1, true));
    norm = register_module("norm", torch::nn::GroupNorm(kCompactGroups, out));
}

Tensor ConvNormSiluImpl::forward(const Tensor& x) {
    return groupNormSilu(conv(x), kCompactGroups, norm->weight, norm->bias);
}

CompactInjectorImpl::CompactInjectorImpl(const CompactInjectorOptions& o) : options(o) {
    const auto [fine, medium, coarse] = o.widths;
    encode1 = register_module("encode1", ConvNormSilu(12, fine));
    encode2 = register_module("encode2", ConvNormSilu(fine, medium));
    encode3 = register_module("encode3", ConvNormSilu(medium, coarse));
    middle = register_module("middle", ConvNormSilu(coarse, coarse));
    decode3 = register_module("decode3", ConvNormSilu(2 * coarse, coarse));
    decode2 = register_module("decode2", ConvNormSilu(coarse + medium, medium));
    decode1 = register_module("decode1", ConvNormSilu(medium + fine, fine));
    code = register_module("code",
                           torch::nn::Linear(std::max(o.bits, 1), o.codeChannels * kCodeGrid * kCodeGrid));
    code3 = register_module("code3", conv(o.codeChannels, coarse, 1, 1, true));
    code2 = register_module("code2", conv(o.codeChannels, medium, 1, 1, true));
    code1 = register_module("code1", conv(o.codeChannels, fine, 1, 1, true));
    out = register_module("out", conv(fine, 12, 3, 1, true));
}

Tensor CompactInjectorImpl::forward(const Tensor& x, const Tensor& bits) {
    // 0/1 enter as -1/+1; without a code the map is the layer's bias plus one learned column.
    const auto signs = options.bits > 0 ? bits * 2 - 1 : torch::ones({x.size(0), 1}, x.options());
    const auto map = code(signs).view({x.size(0), options.codeChannels, kCodeGrid, kCodeGrid});
    const auto e1 = encode1(torch::pixel_unshuffle(x, 2));
    const auto e2 = encode2(torch::avg_pool2d(e1, 2));
    const auto e3 = encode3(torch::avg_pool2d(e2, 2));
    auto h = decode3(torch::cat({middle(e3), e3}, 1));
    h = h + code3(enlarge(map, h));
    h = decode2(torch::cat({enlarge(h, e2), e2}, 1));
    h = h + code2(enlarge(map, h));
    h = decode1(torch::cat({enlarge(h, e1), e1}, 1));
    h = h + code1(enlarge(map, h));
    return torch::pixel_shuffle(out(h), 2);
}

CompactBlockImpl::CompactBlockImpl(int channels) {
    conv1 = register_module("conv1", conv(channels, channels, 3, 1, false));
    norm1 = register_module("norm1", BatchNorm2d(channels));
    conv2 = register_module("conv2", conv(channels, channels, 3, 1, false));
    norm2 = register_module("norm2", BatchNorm2d(channels));
}

Tensor CompactBlockImpl::forward(const Tensor& x) {
    return torch::relu(x + norm2(conv2(torch::relu(norm1(conv1(x))))));
}

torch::nn::Sequential compactTrunk(int in, const std::array<int, 3>& widths, int lastBlocks) {
    torch::nn::Sequential trunk;
    int channels = in;
    for (std::size_t stage = 0; stage < widths.size(); ++stage) {
        trunk->push_back(conv(channels, widths[stage], 3, 2, false));
        trunk->push_back(BatchNorm2d(widths[stage]));
        trunk->push_back(torch::nn::ReLU(torch::nn::ReLUOptions(true)));
        channels = widths[stage];
        const int blocks = stage + 1 == widths.size() ? lastBlocks : 1;
        for (int i = 0; i < blocks; ++i) trunk->push_back(CompactBlock(channels));
    }
    return trunk;
}

LocatorImpl::LocatorImpl(const std::array<int, 3>& widths, bool geometry) {
    trunk = register_module("trunk", compactTrunk(3, widths, 3));
    head = register_module("head", conv(widths[2], geometry ? 4 : 1, 1, 1, true));
}

Tensor LocatorImpl::forward(const Tensor& x) {
    return head(trunk->forward(x));
}

CodeReaderImpl::CodeReaderImpl(const std::array<int, 3>& widths, int bitCount) {
    const int features = widths[2] * kReaderGrid * kReaderGrid;
    trunk = register_module("trunk", compactTrunk(6, widths, 1));
    bits = register_module("bits", torch::nn::Linear(features, bitCount));
    presence1 = register_module("presence1", torch::nn::Linear(features, kPresenceHidden));
    presence2 = register_module("presence2", torch::nn::Linear(kPresenceHidden, 1));
    offsets = register_module("offsets", conv(widths[2], 3, 1, 1, true));
}

CodeReading CodeReaderImpl::forward(const Tensor& x) {
    const auto features = trunk->forward(x);
    const auto pooled = torch::adaptive_avg_pool2d(features, {kReaderGrid, kReaderGrid}).flatten(1);
    return {bits(pooled), presence2(torch::silu(presence1(pooled))).squeeze(1), offsets(features)};
}

}  // namespace signet::nn
