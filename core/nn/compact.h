#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>

#include <array>

#include "core/nn/batch_norm.h"

namespace signet::nn {

/// Convolution 3x3, GroupNorm(8), SiLU.
struct ConvNormSiluImpl : torch::nn::Module {
    ConvNormSiluImpl(int in, int out);
    torch::Tensor forward(const torch::Tensor& x);
    torch::nn::Conv2d conv{nullptr};
    torch::nn::GroupNorm norm{nullptr};
};
TORCH_MODULE(ConvNormSilu);

struct CompactInjectorOptions {
    int bits = 0;                           ///< 0: one constant signature; else the code's length
    std::array<int, 3> widths{32, 48, 64};  ///< channels at 1/2, 1/4, 1/8 of the working size; multiples of 8
    int codeChannels = 16;                  ///< the code becomes a codeChannels x 8 x 8 map
};

/// A three-level U-Net at half of the working size (pixel-unshuffled input) that emits a residual. The code
/// passes a linear layer into a coarse map that is resized and added at each decoder level, so that every bit
/// has a place (it learns at once where FiLM conditioning does not); the linear layer's
/// bias is a code-independent template that tells where a place is.
struct CompactInjectorImpl : torch::nn::Module {
    explicit CompactInjectorImpl(const CompactInjectorOptions& options);
    /// x: [B,3,S,S] in [-1,1], S a multiple of 8; code: [B,bits] of 0/1 (undefined without bits). Returns an
    /// unscaled residual [B,3,S,S].
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& code);

    CompactInjectorOptions options;
    ConvNormSilu encode1{nullptr}, encode2{nullptr}, encode3{nullptr}, middle{nullptr}, decode3{nullptr},
        decode2{nullptr}, decode1{nullptr};
    torch::nn::Linear code{nullptr};
    torch::nn::Conv2d code3{nullptr}, code2{nullptr}, code1{nullptr}, out{nullptr};
};
TORCH_MODULE(CompactInjector);

/// Residual block of two 3x3 convolutions with BatchNorm.
struct CompactBlockImpl : torch::nn::Module {
    explicit CompactBlockImpl(int channels);
    torch::Tensor forward(const torch::Tensor& x);
    torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
    BatchNorm2d norm1{nullptr}, norm2{nullptr};
};
TORCH_MODULE(CompactBlock);

/// Three stride-2 stages with residual blocks: [B,in,S,S] -> [B,widths[2],S/8,S/8].
torch::nn::Sequential compactTrunk(int in, const std::array<int, 3>& widths, int lastBlocks);

/// Fully convolutional network over the image as it comes: per cell of S/8 x S/8 a presence logit and, where
/// the signature has a geometry, the place (u,v) of the signature's own frame that the cell shows and the
/// log-variance of that reading.
struct LocatorImpl : torch::nn::Module {
    LocatorImpl(const std::array<int, 3>& widths, bool geometry);
    /// x: [B,3,S,S] in [-1,1]. Returns [B,1 or 4,S/8,S/8]: presence logit, u, v in [-1,1] units,
    /// log-variance.
    torch::Tensor forward(const torch::Tensor& x);
    torch::nn::Sequential trunk{nullptr};
    torch::nn::Conv2d head{nullptr};
};
TORCH_MODULE(Locator);

/// What CodeReader says.
struct CodeReading {
    torch::Tensor bits;      ///< [B,n] logits
    torch::Tensor presence;  ///< [B] the aligned share of the presence logit
    torch::Tensor
        offsets;  ///< [B,3,S/8,S/8]: how far (du,dv, in [-1,1] units) each frame cell is off, log-variance
};

/// Reads the code from the image laid back into the signature's own frame, and how much that alignment is
/// off.
struct CodeReaderImpl : torch::nn::Module {
    CodeReaderImpl(const std::array<int, 3>& widths, int bits);
    /// x: [B,6,S,S]: RGB in [-1,1], mask of pixels that the image covers, the frame's x and y in [-1,1].
    CodeReading forward(const torch::Tensor& x);
    torch::nn::Sequential trunk{nullptr};
    torch::nn::Linear bits{nullptr}, presence1{nullptr}, presence2{nullptr};
    torch::nn::Conv2d offsets{nullptr};
};
TORCH_MODULE(CodeReader);

}  // namespace signet::nn
