#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>

#include "core/nn/conv_pair_unet.h"

namespace signet::nn {

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
