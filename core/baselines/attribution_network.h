#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/baselines/attribution_options.h"
#include "core/nn/equalised.h"

namespace signet::baselines {

/// A 3x3 convolution at an equalised learning rate (weights N(0,1), used times sqrt(2 / fan-in)) of a picture
/// whose borders are reflected, its bias and a leaky ReLU of 0.2.
struct ReflectedConvImpl : torch::nn::Module {
    ReflectedConvImpl(int in, int out);
    /// [B,in,H,W] -> [B,out,H,W]; H, W >= 2
    torch::Tensor forward(const torch::Tensor& x);

private:
    nn::EqualConv m_conv{nullptr};
    torch::Tensor m_bias;  ///< [out]
};
TORCH_MODULE(ReflectedConv);

/// The attribution network of Yu, Davis and Fritz 2019 ("Attributing Fake Images to GANs"; the form
/// "postpool" switched at 4 px, which convolves at every size), in the form of a progressive GAN's
/// discriminator without normalisation (evaluation.md 3.3). With n(s) = min(featureBase / 2^s, featureMost):
/// at 2^r px, from the input's size down to 8, convolutions to n(r - 1) and n(r - 2) channels and a mean over
/// 2x2; at 4 px one to n(1), a layer of max(n(0), classes) with a leaky ReLU, one of the classes. All at an
/// equalised learning rate of gain sqrt(2), the last of gain 1. Published, at 128 px: 8,911,232 parameters
/// and 513 a class.
struct AttributionNetworkImpl : torch::nn::Module {
    /// Throws BadOption.
    explicit AttributionNetworkImpl(const AttributionNetworkOptions& options);
    /// x: [B,3,side,side] in [-1,1]. Returns logits [B,classes].
    torch::Tensor forward(const torch::Tensor& x);

private:
    std::vector<ReflectedConv> m_convs;
    nn::EqualLinear m_dense{nullptr}, m_last{nullptr};
};
TORCH_MODULE(AttributionNetwork);

/// A network that says from which of several sources a picture is. Not thread-safe.
class Attributor {
public:
    /// Random weights from Torch's generator. Throws BadOption.
    explicit Attributor(const AttributionNetworkOptions& options);

    /// The weights of a model folder of kind "attributor", in evaluation. Throws NotFound, Corrupt,
    /// BadOption, HashMismatch.
    static std::unique_ptr<Attributor> load(const std::filesystem::path& modelFolder);

    /// images: [B,3,side,side] in [-1,1] on the network's device. Returns [B,classes] float32: the natural
    /// logarithms of the sources' probabilities where all are equally frequent, each <= 0.
    torch::Tensor scores(const torch::Tensor& images);

    const AttributionNetworkOptions& options() const { return m_options; }
    AttributionNetwork& network() { return m_network; }

private:
    AttributionNetworkOptions m_options;
    AttributionNetwork m_network;
};

/// An attributor with random weights drawn from a seed, for training. Throws BadOption.
std::unique_ptr<Attributor> makeAttributor(const AttributionNetworkOptions& options, std::uint64_t seed);

}  // namespace signet::baselines
