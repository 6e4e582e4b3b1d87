#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>

#include "core/nn/conv_pair_unet.h"

namespace signet::nn {

/// Says what has to be added to a picture to restore what it was before something weak was added to it. It
/// works at half the picture's size on 2x2 pixels at once; a new one changes nothing.
struct RestorerImpl : torch::nn::Module {
    explicit RestorerImpl(const std::array<int, 3>& widths);
    /// x: [B,3,h,w] in [-1,1], of any size. Returns [B,3,h,w] in the same units.
    torch::Tensor forward(const torch::Tensor& x);
    ConvPairUNet unet{nullptr};
    torch::nn::Conv2d out{nullptr};
};
TORCH_MODULE(Restorer);

}  // namespace signet::nn
