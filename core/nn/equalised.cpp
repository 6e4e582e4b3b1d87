#include "core/nn/equalised.h"

#include <torch/torch.h>

#include <cmath>

#include "core/kernels/affine_leaky_relu.h"

namespace signet::nn {

using torch::Tensor;

EqualLinearImpl::EqualLinearImpl(int in, int out, double rate, double firstBias, bool activated)
    : m_rate(rate), m_activated(activated) {
    weight = register_parameter("weight", torch::randn({out, in}) / rate);
    bias = register_parameter("bias", torch::full({out}, firstBias));
}

Tensor EqualLinearImpl::forward(const Tensor& x) {
    const double scale = m_rate / std::sqrt(static_cast<double>(weight.size(1)));
    const auto y = torch::linear(x, weight * scale, m_rate == 1 ? bias : bias * m_rate);
    return m_activated ? torch::leaky_relu(y, kernels::kLeakySlope) * kernels::kLeakyGain : y;
}

EqualConvImpl::EqualConvImpl(int in, int out, int size, int stride, int padding)
    : m_stride(stride), m_padding(padding) {
    weight = register_parameter("weight", torch::randn({out, in, size, size}));
}

Tensor EqualConvImpl::forward(const Tensor& x) {
    const double scale = 1 / std::sqrt(static_cast<double>(weight[0].numel()));
    return at::conv2d(x, weight * scale, {}, m_stride, m_padding);
}

BiasedLeakyReluImpl::BiasedLeakyReluImpl(int channels) {
    bias = register_parameter("bias", torch::zeros({channels}));
}

Tensor BiasedLeakyReluImpl::forward(const Tensor& x) {
    return kernels::affineLeakyRelu(
        x, {.bias = bias, .slope = kernels::kLeakySlope, .gain = kernels::kLeakyGain});
}

}  // namespace signet::nn
