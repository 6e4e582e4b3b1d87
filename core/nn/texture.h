#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>

#include "core/nn/keyed.h"

namespace signet::nn {

/// Turns a picture of any size into a residual that is made alike everywhere in it. A convolution says
/// nothing of its own where the picture is even: a learned tile, repeated over the picture, is what it makes
/// its texture from.
struct TextureInjectorImpl : torch::nn::Module {
    explicit TextureInjectorImpl(const std::array<int, 3>& widths);
    /// x: [B,3,h,w] in [-1,1]. Returns an unscaled residual [B,3,h,w].
    torch::Tensor forward(const torch::Tensor& x);
    torch::Tensor tile;  ///< [1,1,32,32]
    KeyedInjector injector{nullptr};
};
TORCH_MODULE(TextureInjector);

/// Says of every cell of a picture of any size how much it speaks for the texture: fully convolutional, at an
/// eighth of half the picture's size.
struct TextureDetectorImpl : torch::nn::Module {
    explicit TextureDetectorImpl(const std::array<int, 3>& widths);
    /// x: [B,3,2h,2w] in [-1,1]. Returns logits [B,1,h/8,w/8], rounded up.
    torch::Tensor forward(const torch::Tensor& x);
    torch::nn::Sequential trunk{nullptr};
    torch::nn::Conv2d head{nullptr};
};
TORCH_MODULE(TextureDetector);

}  // namespace signet::nn
