#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "core/nn/equalised.h"
#include "core/nn/modulated_conv.h"

namespace signet::nn {

/// Channels of a network by its levels: at 2^r px min(base / 2^(r - 1), most). StyleGAN2's config E: 8,192
/// and 512; F: 16,384 and 512.
struct FeatureMaps {
    int base = 8192, most = 512;
    int at(int side) const;
};

/// What noise a generator adds: fresh from one generator of random numbers of the CPU for all pictures or one
/// for each; with none the network's buffers.
using NoiseSource = std::vector<at::Generator>;

/// A modulated convolution, noise of one strength, bias and activation.
struct StyledConvImpl : torch::nn::Module {
    explicit StyledConvImpl(const ModulatedConvImpl::Shape& shape);
    /// noise: [B or 1,1,h,w] of the output's size.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& styles, const torch::Tensor& noise);
    ModulatedConv conv{nullptr};
    torch::Tensor strength;  ///< of the noise: "noise.weight" [1]
    BiasedLeakyRelu activate{nullptr};
};
TORCH_MODULE(StyledConv);

/// A level's colours, added to those of the level below: "to_rgb1", "to_rgbs.j".
struct ToRgbImpl : torch::nn::Module {
    explicit ToRgbImpl(const ModulatedConvImpl::Shape& shape);
    /// skip: the colours so far, [B,3,h/2,w/2], or undefined.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& styles, const torch::Tensor& skip);
    ModulatedConv conv{nullptr};
    torch::Tensor bias;  ///< [1,3,1,1]
};
TORCH_MODULE(ToRgb);

/// The synthesis network of StyleGAN2 with skips, which paper B modulates by a fingerprint
/// (papers.md 2.2, 4.4).
struct SynthesisImpl : torch::nn::Module {
    struct Shape {
        int side = 64;  ///< px, 4 .. 1024, a power of 2
        FeatureMaps maps;
        int input = 0;    ///< numbers of the vector at the input end; 0: a learned constant
        int style = 512;  ///< numbers in a style
        int styles = 1;   ///< that modulate one after another
        int modulatedFrom = 4,
            modulatedTo = 1024;  ///< px of the levels that styles modulate; others are plain

        int layers() const;  ///< vectors of styles: 2 log2(side) - 2
    };
    explicit SynthesisImpl(const Shape& shape);

    /// input: [B,input], or undefined for the constant; styles: [B,layers,styles * style]. Returns
    /// [B,3,side,side], nominally in [-1,1], not clamped.
    torch::Tensor forward(const torch::Tensor& input, const torch::Tensor& styles, const NoiseSource& noise);

    const Shape& shape() const { return m_shape; }
    /// The modulated convolutions, those of the colours last, under what its weights' names begin with:
    /// "conv1.conv.", "convs.0.conv." ..., "to_rgb1.conv.", "to_rgbs.0.conv." ...
    std::vector<std::pair<std::string, ModulatedConv>> convolutionsByName() const;

    EqualLinear fromInput{nullptr};  ///< "input" of a vector
    torch::Tensor constant;          ///< "input.input" [1,C,4,4]

private:
    torch::Tensor noiseFor(std::size_t layer, std::int64_t batch, const NoiseSource& source) const;

    Shape m_shape;
    std::vector<StyledConv> m_convs;
    std::vector<ToRgb> m_colours;
    std::vector<torch::Tensor> m_noises;
};
TORCH_MODULE(Synthesis);

/// Numbers to a style through fully connected layers, "1" .. "n": a latent z, normalised to z / rms(z)
/// before, or a fingerprint's bits as they are.
struct MappingImpl : torch::nn::Module {
    /// rate: factor on the layers' learning rate; 0.01 in StyleGAN2.
    MappingImpl(int in, int style, int layers, double rate, bool normalised);
    /// [B,in] -> [B,style]
    torch::Tensor forward(const torch::Tensor& x);

private:
    std::vector<EqualLinear> m_layers;
    bool m_normalised;
};
TORCH_MODULE(Mapping);

/// A convolution, bias and activation, after a FIR filter where it halves the size.
struct ConvLayerImpl : torch::nn::Module {
    ConvLayerImpl(int in, int out, int size, bool down = false, bool activated = true);
    torch::Tensor forward(const torch::Tensor& x);

private:
    EqualConv m_conv{nullptr};
    BiasedLeakyRelu m_activate{nullptr};
    int m_size;
    bool m_down;
};
TORCH_MODULE(ConvLayer);

/// Two convolutions that halve the size beside a 1x1 one that does, their sum / sqrt(2).
struct ResidualBlockImpl : torch::nn::Module {
    ResidualBlockImpl(int in, int out);
    torch::Tensor forward(const torch::Tensor& x);

private:
    ConvLayer m_conv1{nullptr}, m_conv2{nullptr}, m_skip{nullptr};
};
TORCH_MODULE(ResidualBlock);

/// StyleGAN2's residual discriminator. outputs: 1 for a critic; more, with minibatchDeviation off, for paper
/// B's decoder F: the latent's numbers first, then the logits of the bits.
struct ResidualCriticImpl : torch::nn::Module {
    struct Shape {
        int side = 64;
        FeatureMaps maps;
        int outputs = 1;
        bool minibatchDeviation = true;  ///< of groups of 4 pictures, where the batch can be divided so
    };
    explicit ResidualCriticImpl(const Shape& shape);
    /// x: [B,3,side,side] in [-1,1] -> [B,outputs]
    torch::Tensor forward(const torch::Tensor& x);

private:
    Shape m_shape;
    ConvLayer m_first{nullptr}, m_final{nullptr};
    std::vector<ResidualBlock> m_blocks;
    EqualLinear m_hidden{nullptr}, m_last{nullptr};
};
TORCH_MODULE(ResidualCritic);

}  // namespace signet::nn
