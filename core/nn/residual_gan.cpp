#include "core/nn/residual_gan.h"

#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/torch.h>

#include <cmath>
#include <numbers>
#include <string>

#include "core/base/error.h"
#include "core/kernels/placement.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr int kInputSide = 4;
constexpr double kBlockGain = std::numbers::sqrt2;  ///< of first weights in a block; 1 in shortcuts and ends
constexpr double kLeastLength = 1e-12;

/// What a publication's networks have at a side: channels as multiples of the width.
struct ResidualWidths {
    int generatorWidth, criticWidth;  ///< published
    std::vector<int> generator;       ///< at 4 px and after each block
    std::vector<int> critic;          ///< after each block
    std::size_t halving;              ///< so many of the critic's blocks halve the size, the first ones
};

ResidualWidths residualWidths(ResidualGan kind, int side) {
    const bool sngan = kind == ResidualGan::Sngan;
    switch (side) {
        case 32:
            return {sngan ? 256 : 128, 128, {1, 1, 1, 1}, {1, 1, 1, 1}, 2};
        case 64:
            if (sngan) return {64, 64, {16, 8, 4, 2, 1}, {1, 2, 4, 8, 16}, 5};
            return {64, 64, {8, 8, 4, 2, 1}, {1, 2, 4, 8, 8}, 4};
        case 128:
            return {64, 64, {16, 16, 8, 4, 2, 1}, {1, 2, 4, 8, 16, 16}, 5};
        default:
            throw Error(ErrorCode::BadOption, "SNGAN and WGAN-GP are of 32, 64 or 128 px");
    }
}

Tensor glorot(const std::vector<std::int64_t>& shape, double gain) {
    Tensor weight = torch::empty(shape);
    torch::nn::init::xavier_uniform_(weight, gain);
    return weight;
}

Tensor repeatedTwice(const Tensor& x) {
    return torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
}

Tensor halved(const Tensor& x) {
    return torch::avg_pool2d(x, 2);
}

Tensor unitLength(const Tensor& x) {
    return x / x.norm().clamp_min(kLeastLength);
}

}  // namespace

ScaledConvImpl::ScaledConvImpl(int in, int out, int size, int style, double gain) : m_size(size) {
    weight = register_parameter("weight", glorot({out, in, size, size}, gain));
    bias = register_parameter("bias", torch::zeros({out}));
    if (style == 0) return;
    modulation = register_module("modulation", torch::nn::Linear(style, in));
    torch::nn::init::normal_(modulation->weight, 0, 1 / std::sqrt(static_cast<double>(style)));
    torch::nn::init::ones_(modulation->bias);
}

Tensor ScaledConvImpl::forward(const Tensor& x, const Tensor& styles, bool up) {
    Tensor y = x;
    if (modulation) y = y * modulation(styles).view({-1, x.size(1), 1, 1});
    if (up) y = repeatedTwice(y);
    return torch::conv2d(y, weight, bias, 1, m_size / 2);
}

UpBlockImpl::UpBlockImpl(int in, int out, int style) {
    m_b1 = register_module("b1", BatchNorm2d(in));
    m_c1 = register_module("c1", ScaledConv(in, out, 3, style, kBlockGain));
    m_b2 = register_module("b2", BatchNorm2d(out));
    m_c2 = register_module("c2", ScaledConv(out, out, 3, style, kBlockGain));
    m_shortcut = register_module("c_sc", ScaledConv(in, out, 1, style, 1));
}

Tensor UpBlockImpl::forward(const Tensor& x, const Tensor& styles) {
    const Tensor y = m_c1(torch::relu(m_b1(x)), styles, true);
    // A 1x1 convolution before the repetition is the same as after it, and a quarter of the work.
    return m_c2(torch::relu(m_b2(y)), styles) + repeatedTwice(m_shortcut(x, styles));
}

ResidualGeneratorImpl::ResidualGeneratorImpl(const Shape& shape) {
    const ResidualWidths widths = residualWidths(shape.kind, shape.side);
    const int width = shape.width > 0 ? shape.width : widths.generatorWidth;
    const auto styleAt = [&](int side) {
        return side >= shape.modulatedFrom && side <= shape.modulatedTo ? shape.style : 0;
    };
    int channels = widths.generator.front() * width, side = kInputSide, name = 2;
    m_input = register_module("l1", torch::nn::Linear(shape.latent, channels * kInputSide * kInputSide));
    torch::nn::init::xavier_uniform_(m_input->weight);
    torch::nn::init::zeros_(m_input->bias);
    for (std::size_t i = 1; i < widths.generator.size(); ++i) {
        const int out = widths.generator[i] * width;
        side *= 2;
        m_blocks.push_back(
            register_module("block" + std::to_string(name++), UpBlock(channels, out, styleAt(side))));
        channels = out;
    }
    m_norm = register_module("b" + std::to_string(name), BatchNorm2d(channels));
    m_colours = register_module("c" + std::to_string(name), ScaledConv(channels, 3, 3, styleAt(side), 1));
}

Tensor ResidualGeneratorImpl::forward(const Tensor& z, const Tensor& styles) {
    Tensor x = kernels::laidOut(m_input(z).view({z.size(0), -1, kInputSide, kInputSide}));
    for (auto& block : m_blocks) x = block(x, styles);
    return torch::tanh(m_colours(torch::relu(m_norm(x)), styles).to(torch::kFloat32));
}

std::vector<std::pair<std::string, ScaledConv>> ResidualGeneratorImpl::convolutionsByName() const {
    std::vector<std::pair<std::string, ScaledConv>> convolutions;
    for (const auto& child : named_modules())
        if (auto conv = std::dynamic_pointer_cast<ScaledConvImpl>(child.value()))
            convolutions.emplace_back(child.key() + ".", conv);
    return convolutions;
}

CriticLayerImpl::CriticLayerImpl(int in, int out, int size, bool spectral, double gain) {
    const std::vector<std::int64_t> shape =
        size > 0 ? std::vector<std::int64_t>{out, in, size, size} : std::vector<std::int64_t>{out, in};
    weight = register_parameter("weight", glorot(shape, gain));
    bias = register_parameter("bias", torch::zeros({out}));
    if (spectral) direction = register_buffer("sn_u", torch::randn({1, out}));
}

Tensor CriticLayerImpl::usedWeight() {
    if (!direction.defined()) return weight;
    // An estimate in bf16 would let the norm of what is used come out by a percent too great.
    const c10::impl::ExcludeDispatchKeyGuard fullPrecision(c10::autocast_dispatch_keyset);
    const Tensor matrix = weight.flatten(1);
    Tensor u, v;
    {
        const torch::NoGradGuard guard;
        v = unitLength(torch::mv(matrix.t(), direction[0]));
        u = unitLength(torch::mv(matrix, v));
        if (is_training()) direction.copy_(u.unsqueeze(0));
    }
    return weight / torch::dot(u, torch::mv(matrix, v));
}

Tensor CriticLayerImpl::forward(const Tensor& x) {
    const Tensor used = usedWeight();
    return used.dim() == 2 ? torch::linear(x, used, bias) : torch::conv2d(x, used, bias, 1, used.size(2) / 2);
}

DownBlockImpl::DownBlockImpl(int in, int out, Place place, bool spectral) : m_place(place) {
    const int between = place == Place::First ? out : in;
    m_c1 = register_module("c1", CriticLayer(in, between, 3, spectral, kBlockGain));
    m_c2 = register_module("c2", CriticLayer(between, out, 3, spectral, kBlockGain));
    if (place != Place::Flat || in != out)
        m_shortcut = register_module("c_sc", CriticLayer(in, out, 1, spectral, 1));
}

Tensor DownBlockImpl::forward(const Tensor& x) {
    const bool halves = m_place != Place::Flat;
    const Tensor y = m_c2(torch::relu(m_c1(m_place == Place::First ? x : torch::relu(x))));
    // A 1x1 convolution of the means is the same as their mean, and a quarter of the work.
    const Tensor beside = halves ? halved(x) : x;
    return (halves ? halved(y) : y) + (m_shortcut ? m_shortcut(beside) : beside);
}

PooledCriticImpl::PooledCriticImpl(const Shape& shape) : m_sums(shape.kind == ResidualGan::Sngan) {
    const ResidualWidths widths = residualWidths(shape.kind, shape.side);
    const bool spectral = shape.kind == ResidualGan::Sngan;
    const int width = shape.width > 0 ? shape.width : widths.criticWidth;
    int channels = 3, name = 1;
    for (std::size_t i = 0; i < widths.critic.size(); ++i) {
        using enum DownBlockImpl::Place;
        const int out = widths.critic[i] * width;
        const auto place = i == 0 ? First : i < widths.halving ? Halving : Flat;
        m_blocks.push_back(
            register_module("block" + std::to_string(name++), DownBlock(channels, out, place, spectral)));
        channels = out;
    }
    m_last = register_module("l" + std::to_string(name), CriticLayer(channels, 1, 0, spectral, 1));
}

Tensor PooledCriticImpl::forward(const Tensor& x) {
    Tensor y = kernels::laidOut(x);
    for (auto& block : m_blocks) y = block(y);
    y = torch::relu(y);
    // In bf16 sums over many places would lose what tells verdicts apart.
    const c10::impl::ExcludeDispatchKeyGuard fullPrecision(c10::autocast_dispatch_keyset);
    if (y.scalar_type() == torch::kBFloat16) y = y.to(torch::kFloat32);
    return m_last(m_sums ? y.sum({2, 3}) : y.mean({2, 3}));
}

}  // namespace signet::nn
