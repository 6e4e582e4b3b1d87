#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace signet::nn {

/// A fully connected layer at an equalised learning rate (Karras et al. 2018, section 4.1): its weights are
/// kept as N(0, 1 / rate^2) and used times rate / sqrt(in); its bias is used times rate.
struct EqualLinearImpl : torch::nn::Module {
    EqualLinearImpl(int in, int out, double rate = 1, double firstBias = 0, bool activated = false);
    /// [B,in] -> [B,out]
    torch::Tensor forward(const torch::Tensor& x);
    torch::Tensor weight, bias;  ///< [out,in], [out]

private:
    double m_rate;
    bool m_activated;
};
TORCH_MODULE(EqualLinear);

/// A convolution without padding of its own and without bias, at an equalised learning rate.
struct EqualConvImpl : torch::nn::Module {
    EqualConvImpl(int in, int out, int size, int stride = 1, int padding = 0);
    /// [B,in,H,W] -> [B,out,h,w]
    torch::Tensor forward(const torch::Tensor& x);
    torch::Tensor weight;  ///< [out,in,size,size]

private:
    int m_stride, m_padding;
};
TORCH_MODULE(EqualConv);

/// The bias of a layer and its activation, as published checkpoints have it: a module of its own.
struct BiasedLeakyReluImpl : torch::nn::Module {
    explicit BiasedLeakyReluImpl(int channels);
    /// [B,channels,H,W] -> the same
    torch::Tensor forward(const torch::Tensor& x);
    torch::Tensor bias;  ///< [channels]
};
TORCH_MODULE(BiasedLeakyRelu);

}  // namespace signet::nn
