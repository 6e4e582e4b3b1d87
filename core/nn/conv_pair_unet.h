#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>
#include <cstdint>

namespace signet::nn {

/// Two 3x3 convolutions, each followed by SiLU. Without normalisation: GroupNorm's backward would take a
/// third of a training step.
struct ConvPairImpl : torch::nn::Module {
    ConvPairImpl(int in, int out);
    torch::Tensor forward(const torch::Tensor& x);
    torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
};
TORCH_MODULE(ConvPair);

/// Three-level U-Net of ConvPairs at 1, 1/2 and 1/4 of its input's size; bilinear on the way up.
struct ConvPairUNetImpl : torch::nn::Module {
    /// in: channels of the input; widths: channels of the levels.
    ConvPairUNetImpl(int in, const std::array<int, 3>& widths);
    /// [B,in,h,w], h and w multiples of 4 -> [B,widths[0],h,w]
    torch::Tensor forward(const torch::Tensor& x);
    ConvPair encode1{nullptr}, encode2{nullptr}, middle{nullptr}, decode2{nullptr}, decode1{nullptr};
};
TORCH_MODULE(ConvPairUNet);

/// A 3x3 convolution whose weights keep the signal's size through layers without normalisation (He et al.
/// 2015, Eq. 10); its bias is 0.
torch::nn::Conv2d heConv3(int in, int out);

/// x continued by its border to the right and below, to sides that are multiples of step.
torch::Tensor paddedTo(const torch::Tensor& x, std::int64_t step);
/// The top left part of x.
torch::Tensor cutTo(const torch::Tensor& x, std::int64_t rows, std::int64_t columns);

/// A picture [B,3,H,W] in [-1,1] and its detail enlarged, [B,6,H,W]: a signature is a hundred times weaker
/// than the picture, and its detail beside it saves the first layers the search for it.
torch::Tensor withDetail(const torch::Tensor& picture);

}  // namespace signet::nn
