#include "core/nn/stylegan2.h"

#include <torch/torch.h>

#include <algorithm>
#include <bit>
#include <numbers>
#include <string>

#include "core/kernels/placement.h"
#include "core/kernels/up_fir_down.h"

namespace signet::nn {

using torch::Tensor;

namespace {

constexpr int kFirstSide = 4;
constexpr int kGroup = 4;  ///< pictures whose deviation a discriminator sees

int levelsOf(int side) {
    return std::countr_zero(static_cast<unsigned>(side)) - 1;  // 4 px is the first
}

int sideOf(int level) {
    return kFirstSide << level;
}

/// A module that is there for the name of its one tensor.
struct NamedTensorImpl : torch::nn::Module {
    NamedTensorImpl(const std::string& name, Tensor value)
        : tensor(register_parameter(name, std::move(value))) {}
    Tensor tensor;
};
TORCH_MODULE(NamedTensor);

/// The standard deviation over groups of pictures, one more channel.
Tensor withDeviation(const Tensor& x) {
    const auto batch = x.size(0);
    auto group = std::min<std::int64_t>(kGroup, batch);
    while (batch % group != 0) --group;
    const auto grouped = x.view({group, -1, x.size(1), x.size(2), x.size(3)});
    const auto deviation =
        ((grouped - grouped.mean(0, true)).square().mean(0) + 1e-8).sqrt().mean({1, 2, 3}, true);
    return torch::cat({x, deviation.repeat({group, 1, x.size(2), x.size(3)})}, 1);
}

}  // namespace

int FeatureMaps::at(int side) const {
    return std::clamp(2 * base / side, 1, most);
}

StyledConvImpl::StyledConvImpl(const ModulatedConvImpl::Shape& shape) {
    conv = register_module("conv", ModulatedConv(shape));
    strength = register_module("noise", NamedTensor("weight", torch::zeros({1})))->tensor;
    activate = register_module("activate", BiasedLeakyRelu(shape.out));
}

Tensor StyledConvImpl::forward(const Tensor& x, const Tensor& styles, const Tensor& noise) {
    return conv(x, styles,
                kernels::AffineLeakyRelu{.noise = noise,
                                         .strength = strength,
                                         .bias = activate->bias,
                                         .slope = kernels::kLeakySlope,
                                         .gain = kernels::kLeakyGain});
}

ToRgbImpl::ToRgbImpl(const ModulatedConvImpl::Shape& shape) {
    conv = register_module("conv", ModulatedConv(shape));
    bias = register_parameter("bias", torch::zeros({1, 3, 1, 1}));
}

Tensor ToRgbImpl::forward(const Tensor& x, const Tensor& styles, const Tensor& skip) {
    const auto colours = conv(x, styles, kernels::AffineLeakyRelu{.bias = bias.flatten()});
    return skip.defined() ? colours + kernels::firDoubled(skip) : colours;
}

int SynthesisImpl::Shape::layers() const {
    return 2 * levelsOf(side);
}

SynthesisImpl::SynthesisImpl(const Shape& shape) : m_shape(shape) {
    const int first = shape.maps.at(kFirstSide);
    if (shape.input > 0)
        fromInput =
            register_module("input", EqualLinear(shape.input, first * kFirstSide * kFirstSide, 1, 0, true));
    else
        constant =
            register_module("input", NamedTensor("input", torch::randn({1, first, kFirstSide, kFirstSide})))
                ->tensor;
    const auto shapeOf = [&](int side, int in, int out, int size) {
        const bool modulated = side >= shape.modulatedFrom && side <= shape.modulatedTo;
        return ModulatedConvImpl::Shape{in, out, size, modulated ? shape.style : 0, shape.styles};
    };
    const auto coloursOf = [&](int side) {
        auto colours = shapeOf(side, shape.maps.at(side), 3, 1);
        colours.demodulate = false;
        return ToRgb(colours);
    };
    torch::nn::ModuleList convs, colours;
    m_convs.push_back(register_module("conv1", StyledConv(shapeOf(kFirstSide, first, first, 3))));
    m_colours.push_back(register_module("to_rgb1", coloursOf(kFirstSide)));
    for (int level = 1; level < levelsOf(shape.side); ++level) {
        const int side = sideOf(level), in = shape.maps.at(side / 2), out = shape.maps.at(side);
        auto up = shapeOf(side, in, out, 3);
        up.up = true;
        m_convs.emplace_back(up);
        m_convs.emplace_back(shapeOf(side, out, out, 3));
        convs->push_back(m_convs[m_convs.size() - 2]);
        convs->push_back(m_convs.back());
        m_colours.push_back(coloursOf(side));
        colours->push_back(m_colours.back());
    }
    register_module("convs", convs);
    register_module("to_rgbs", colours);
    const auto noises = std::make_shared<torch::nn::Module>("noises");
    for (std::size_t layer = 0; layer < m_convs.size(); ++layer) {
        const int side = sideOf(static_cast<int>(layer + 1) / 2);
        m_noises.push_back(
            noises->register_buffer("noise_" + std::to_string(layer), torch::randn({1, 1, side, side})));
    }
    register_module("noises", noises);
}

Tensor SynthesisImpl::noiseFor(std::size_t layer, std::int64_t batch, const NoiseSource& source) const {
    const Tensor& buffer = m_noises[layer];
    if (source.empty()) return buffer;
    const auto drawn = [&](std::int64_t pictures, const at::Generator& random) {
        return torch::randn({pictures, 1, buffer.size(2), buffer.size(3)}, random);
    };
    if (source.size() == 1) return drawn(batch, source.front()).to(buffer.device());
    TORCH_CHECK(static_cast<std::int64_t>(source.size()) == batch,
                "noise from one generator, or one a picture");
    std::vector<Tensor> noises;
    noises.reserve(source.size());
    for (const at::Generator& random : source) noises.push_back(drawn(1, random));
    return torch::cat(noises).to(buffer.device());
}

std::vector<std::pair<std::string, ModulatedConv>> SynthesisImpl::convolutionsByName() const {
    std::vector<std::pair<std::string, ModulatedConv>> all;
    const auto nameOf = [](const std::string& first, const std::string& others, std::size_t number) {
        return (number == 0 ? first : others + "." + std::to_string(number - 1)) + ".conv.";
    };
    for (std::size_t i = 0; i < m_convs.size(); ++i)
        all.emplace_back(nameOf("conv1", "convs", i), m_convs[i]->conv);
    for (std::size_t i = 0; i < m_colours.size(); ++i)
        all.emplace_back(nameOf("to_rgb1", "to_rgbs", i), m_colours[i]->conv);
    return all;
}

Tensor SynthesisImpl::forward(const Tensor& input, const Tensor& styles, const NoiseSource& noise) {
    const auto batch = styles.size(0);
    // The upper of two convolutions of a level takes the style before that of the level's colours.
    const auto style = [&](std::int64_t layer) { return styles.select(1, layer); };
    auto x = fromInput ? fromInput(input).view({batch, -1, kFirstSide, kFirstSide})
                       : constant.expand({batch, -1, -1, -1});
    x = m_convs[0](x, style(0), noiseFor(0, batch, noise));
    auto picture = m_colours[0](x, style(1), Tensor());
    for (std::size_t level = 1; level < m_colours.size(); ++level) {
        const std::size_t first = 2 * level - 1;
        const auto layer = static_cast<std::int64_t>(first);
        x = m_convs[first](x, style(layer), noiseFor(first, batch, noise));
        x = m_convs[first + 1](x, style(layer + 1), noiseFor(first + 1, batch, noise));
        picture = m_colours[level](x, style(layer + 2), picture);
    }
    return picture;
}

MappingImpl::MappingImpl(int in, int style, int layers, double rate, bool normalised)
    : m_normalised(normalised) {
    for (int i = 0; i < layers; ++i)
        m_layers.push_back(
            register_module(std::to_string(i + 1), EqualLinear(i == 0 ? in : style, style, rate, 0, true)));
}

Tensor MappingImpl::forward(const Tensor& x) {
    auto y = m_normalised ? x * torch::rsqrt(x.square().mean(1, true) + 1e-8) : x;
    for (auto& layer : m_layers) y = layer(y);
    return y;
}

ConvLayerImpl::ConvLayerImpl(int in, int out, int size, bool down, bool activated)
    : m_size(size), m_down(down) {
    // Named as in published checkpoints, where the FIR filter that halves is a layer too.
    int name = down ? 1 : 0;
    m_conv =
        register_module(std::to_string(name++), EqualConv(in, out, size, down ? 2 : 1, down ? 0 : size / 2));
    if (activated) m_activate = register_module(std::to_string(name), BiasedLeakyRelu(out));
}

Tensor ConvLayerImpl::forward(const Tensor& x) {
    const int pad = m_size == 1 ? 1 : 2;
    const auto y = m_conv(m_down ? kernels::upFirDown(x, 1, 1, {pad, pad}) : x);
    return m_activate ? m_activate(y) : y;
}

ResidualBlockImpl::ResidualBlockImpl(int in, int out) {
    m_conv1 = register_module("conv1", ConvLayer(in, in, 3));
    m_conv2 = register_module("conv2", ConvLayer(in, out, 3, true));
    m_skip = register_module("skip", ConvLayer(in, out, 1, true, false));
}

Tensor ResidualBlockImpl::forward(const Tensor& x) {
    return (m_conv2(m_conv1(x)) + m_skip(x)) / std::numbers::sqrt2;
}

ResidualCriticImpl::ResidualCriticImpl(const Shape& shape) : m_shape(shape) {
    torch::nn::ModuleList convs;
    m_first = ConvLayer(3, shape.maps.at(shape.side), 1);
    convs->push_back(m_first);
    for (int side = shape.side; side > kFirstSide; side /= 2) {
        m_blocks.emplace_back(shape.maps.at(side), shape.maps.at(side / 2));
        convs->push_back(m_blocks.back());
    }
    register_module("convs", convs);
    const int last = shape.maps.at(kFirstSide);
    m_final = register_module("final_conv", ConvLayer(last + (shape.minibatchDeviation ? 1 : 0), last, 3));
    torch::nn::ModuleList linear;
    m_hidden = EqualLinear(last * kFirstSide * kFirstSide, last, 1, 0, true);
    m_last = EqualLinear(last, shape.outputs);
    linear->push_back(m_hidden);
    linear->push_back(m_last);
    register_module("final_linear", linear);
}

Tensor ResidualCriticImpl::forward(const Tensor& x) {
    auto y = m_first(kernels::laidOut(x));
    for (auto& block : m_blocks) y = block(y);
    if (m_shape.minibatchDeviation) y = withDeviation(y);
    return m_last(m_hidden(m_final(y).flatten(1)));
}

}  // namespace signet::nn
