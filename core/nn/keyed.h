#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>

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

/// Turns a picture and the carrier of a keyed signature into a residual, one value a chip.
struct KeyedInjectorImpl : torch::nn::Module {
    explicit KeyedInjectorImpl(const std::array<int, 3>& widths);
    /// x: [B,3,h,w] in [-1,1], one pixel a chip; carrier: [B,1,h,w] of root mean square 1. Returns an
    /// unscaled residual [B,3,h,w].
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& carrier);
    ConvPairUNet unet{nullptr};
    torch::nn::Conv2d mix{nullptr}, out{nullptr};
};
TORCH_MODULE(KeyedInjector);

/// Turns a picture into an estimate of the carrier it may hold: large where sure, near zero where not.
/// Neither key nor code enter.
struct KeyedExtractorImpl : torch::nn::Module {
    explicit KeyedExtractorImpl(const std::array<int, 3>& widths);
    /// x: [B,3,2h,2w] in [-1,1]. Returns [B,1,h,w].
    torch::Tensor forward(const torch::Tensor& x);
    ConvPairUNet unet{nullptr};
    torch::nn::Conv2d out{nullptr};
};
TORCH_MODULE(KeyedExtractor);

}  // namespace signet::nn
