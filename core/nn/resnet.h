#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <array>

#include "core/nn/batch_norm.h"

namespace signet::nn {

/// ResNet block, torchvision's names: two 3x3 convolutions (conv1, bn1, conv2, bn2), of which the first has
/// the stride, or a bottleneck of three, 1x1, 3x3 with the stride and 1x1 to four times the width (conv3,
/// bn3); downsample.{0,1} where it changes the shape.
struct ResNetBlockImpl : torch::nn::Module {
    ResNetBlockImpl(int in, int width, int stride, bool bottleneck);
    torch::Tensor forward(const torch::Tensor& x);

    torch::nn::Conv2d conv1{nullptr}, conv2{nullptr}, conv3{nullptr};
    BatchNorm2d bn1{nullptr}, bn2{nullptr}, bn3{nullptr};
    torch::nn::Sequential downsample{nullptr};
};
TORCH_MODULE(ResNetBlock);

/// Four stages of blocks (He et al. 2015, table 1): of width 64, {2,2,2,2} and {3,4,6,3} are ResNet-18 and
/// ResNet-34, {3,4,6,3} bottlenecks ResNet-50.
struct ResNetOptions {
    int outputs = 1;
    std::array<int, 4> blocks{3, 4, 6, 3};
    int width = 64;  ///< channels of the first stage; each further one has twice as many
    bool bottleneck = false;
    bool down = true;  ///< conv1 and the pooling halve; else "NoDown" (Gragnaniello et al. 2021)
};

/// ResNet with outputs logits, random initialisation, final weight Kaiming-normal. State-dict names are
/// torchvision's.
struct ResNetImpl : torch::nn::Module {
    explicit ResNetImpl(const ResNetOptions& options);
    /// x: [B,3,H,W] in [-1,1], or normalised where the weights want it; H, W >= stride(). Returns logits
    /// [B, outputs].
    torch::Tensor forward(const torch::Tensor& x);

    /// Per-location logits [B, outputs, H/stride(), W/stride()]; their spatial mean is forward()'s result
    /// (class-activation map, exact because the network ends in average pooling and one linear layer).
    torch::Tensor cells(const torch::Tensor& x);
    int stride() const { return 8 * m_firstStride * m_firstStride; }  ///< of the last stage: 32 px, or 8

    torch::nn::Conv2d conv1{nullptr};
    BatchNorm2d bn1{nullptr};
    torch::nn::Sequential layer1{nullptr}, layer2{nullptr}, layer3{nullptr}, layer4{nullptr};
    torch::nn::Linear fc{nullptr};
    bool checkpointing = false;  ///< training: blocks are computed again for the gradient, see checkpoint.h

private:
    torch::Tensor features(const torch::Tensor& x);

    int m_firstStride;  ///< of conv1 and the pooling, each
};
TORCH_MODULE(ResNet);

/// ResNet-34: paper A's detector F (section 1.3 of the fact sheet). 21,285,185 parameters for one output.
struct ResNet34Impl : ResNetImpl {
    explicit ResNet34Impl(int outputs) : ResNetImpl(ResNetOptions{outputs}) {}
};
TORCH_MODULE(ResNet34);

}  // namespace signet::nn
