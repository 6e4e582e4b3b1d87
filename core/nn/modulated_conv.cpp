#include "core/nn/modulated_conv.h"

#include <torch/torch.h>

#include <cmath>

#include "core/kernels/up_fir_down.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr double kLeast = 1e-8;  ///< added to the squared length of a filter

}  // namespace

ModulatedConvImpl::ModulatedConvImpl(const Shape& shape) : m_shape(shape) {
    weight = register_parameter("weight", torch::randn({1, shape.out, shape.in, shape.size, shape.size}));
    for (int i = 0; shape.style > 0 && i < shape.styles; ++i)
        modulation.push_back(register_module(i == 0 ? "modulation" : "modulation" + std::to_string(i + 1),
                                             EqualLinear(shape.style, shape.in, 1, 1)));
}

double ModulatedConvImpl::gain() const {
    return 1 / std::sqrt(static_cast<double>(m_shape.in) * m_shape.size * m_shape.size);
}

Tensor ModulatedConvImpl::scales(const Tensor& styles) {
    Tensor scales;
    for (std::size_t i = 0; i < modulation.size(); ++i) {
        const auto first = static_cast<std::int64_t>(i) * m_shape.style;
        const auto one = modulation[i](styles.slice(1, first, first + m_shape.style));
        scales = scales.defined() ? scales * one : one;
    }
    return scales;
}

Tensor ModulatedConvImpl::convolved(const Tensor& x, const Tensor& filters) const {
    if (!m_shape.up) return at::conv2d(x, filters, {}, 1, m_shape.size / 2);
    return kernels::upFirDown(at::conv_transpose2d(x, filters.transpose(0, 1), {}, 2), 1, 1, {1, 1}, 4);
}

Tensor ModulatedConvImpl::forward(const Tensor& x, const Tensor& styles, kernels::AffineLeakyRelu after) {
    const auto filters = weight[0] * gain();
    if (modulation.empty()) return kernels::affineLeakyRelu(convolved(x, filters), after);
    const auto scale = scales(styles);
    if (m_shape.demodulate)
        after.scale = torch::rsqrt(torch::matmul(scale.square(), filters.square().sum({2, 3}).t()) + kLeast);
    return kernels::affineLeakyRelu(convolved(kernels::affineLeakyRelu(x, {.scale = scale}), filters), after);
}

Tensor ModulatedConvImpl::bakedWeight(const Tensor& styles) {
    auto filters = weight[0] * gain();
    if (modulation.empty()) return filters;
    filters = filters * scales(styles).view({1, m_shape.in, 1, 1});
    if (!m_shape.demodulate) return filters;
    return filters * torch::rsqrt(filters.square().sum({1, 2, 3}, true) + kLeast);
}

}  // namespace signet::nn
