#include "core/baselines/artificial_fingerprint_networks.h"

#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <utility>

#include "core/nn/channels_last.h"

namespace signet::baselines {

using torch::Tensor;

namespace {

constexpr int kMapSide = 16;  ///< of the map that a code becomes
constexpr int kMapChannels = 3;
constexpr std::array<int, 7> kDecoderStrides{2, 1, 2, 1, 2, 2, 2};
constexpr int kDecoderScale = 32;  ///< their product
constexpr const char* kEncoderPart = "encoder.";
constexpr const char* kDecoderPart = "decoder.";

template <typename Layer>
Layer begun(Layer layer, bool activated = true) {
    if (activated)
        torch::nn::init::kaiming_normal_(layer->weight, 0, torch::kFanIn, torch::kReLU);
    else
        torch::nn::init::kaiming_normal_(layer->weight, 0, torch::kFanIn, torch::kLinear);
    torch::nn::init::zeros_(layer->bias);
    return layer;
}

torch::nn::Conv2d stampConv3(int in, int out, int stride = 1) {
    return begun(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).stride(stride).padding(1)));
}

/// For what enlarged() gives.
torch::nn::Conv2d stampConv2(int in, int out) {
    return begun(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 2)));
}

/// Twice the size by repetition, and a row of zeros below and a column on the right, which a 2x2 convolution
/// takes off again.
Tensor enlarged(const Tensor& x) {
    return torch::constant_pad_nd(torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}), {0, 1, 0, 1});
}

}  // namespace

StampEncoderImpl::StampEncoderImpl(const ArtificialFingerprintOptions& options) {
    const auto [w1, w2, w3, w4, w5] = options.encoderWidths;
    constexpr int kSeen = 3 + kMapChannels;
    secret_dense = register_module(
        "secret_dense", begun(torch::nn::Linear(options.bits, kMapChannels * kMapSide * kMapSide)));
    conv1 = register_module("conv1", stampConv3(kSeen, w1));
    conv2 = register_module("conv2", stampConv3(w1, w2, 2));
    conv3 = register_module("conv3", stampConv3(w2, w3, 2));
    conv4 = register_module("conv4", stampConv3(w3, w4, 2));
    conv5 = register_module("conv5", stampConv3(w4, w5, 2));
    up6 = register_module("up6", stampConv2(w5, w4));
    conv6 = register_module("conv6", stampConv3(2 * w4, w4));
    up7 = register_module("up7", stampConv2(w4, w3));
    conv7 = register_module("conv7", stampConv3(2 * w3, w3));
    up8 = register_module("up8", stampConv2(w3, w2));
    conv8 = register_module("conv8", stampConv3(2 * w2, w2));
    up9 = register_module("up9", stampConv2(w2, w1));
    conv9 = register_module("conv9", stampConv3(2 * w1 + kSeen, w1));
    conv10 = register_module("conv10", stampConv3(w1, w1));
    residual = register_module(
        "residual", begun(torch::nn::Conv2d(torch::nn::Conv2dOptions(w1, 3, 1)), /*activated=*/false));
}

Tensor StampEncoderImpl::forward(const Tensor& pictures, const Tensor& codes) {
    const Tensor map = torch::relu(secret_dense(codes)).view({-1, kMapChannels, kMapSide, kMapSide});
    const Tensor seen = nn::channelsLast(
        torch::cat({torch::upsample_nearest2d(map, {pictures.size(2), pictures.size(3)}), pictures}, 1));
    const Tensor size1 = torch::relu(conv1(seen));
    const Tensor size2 = torch::relu(conv2(size1));
    const Tensor size3 = torch::relu(conv3(size2));
    const Tensor size4 = torch::relu(conv4(size3));
    const Tensor size5 = torch::relu(conv5(size4));
    Tensor x = torch::relu(up6(enlarged(size5)));
    x = torch::relu(conv6(torch::cat({size4, x}, 1)));
    x = torch::relu(up7(enlarged(x)));
    x = torch::relu(conv7(torch::cat({size3, x}, 1)));
    x = torch::relu(up8(enlarged(x)));
    x = torch::relu(conv8(torch::cat({size2, x}, 1)));
    x = torch::relu(up9(enlarged(x)));
    x = torch::relu(conv9(torch::cat({size1, x, seen}, 1)));
    return torch::sigmoid(residual(torch::relu(conv10(x))));
}

StampDecoderImpl::StampDecoderImpl(const ArtificialFingerprintOptions& options) {
    torch::nn::Sequential layers;
    int in = 3;
    for (std::size_t i = 0; i < kDecoderStrides.size(); ++i) {
        layers->push_back(stampConv3(in, options.decoderWidths[i], kDecoderStrides[i]));
        layers->push_back(torch::nn::ReLU());
        in = options.decoderWidths[i];
    }
    decoder = register_module("decoder", layers);
    const int cells = options.side / kDecoderScale;
    dense = register_module(
        "dense", torch::nn::Sequential(begun(torch::nn::Linear(in * cells * cells, options.decoderHidden)),
                                       torch::nn::ReLU(),
                                       begun(torch::nn::Linear(options.decoderHidden, options.bits),
                                             /*activated=*/false)));
}

Tensor StampDecoderImpl::forward(const Tensor& pictures) {
    return dense->forward(decoder->forward(nn::channelsLast(pictures)).flatten(1));
}

ArtificialFingerprintNetworks::ArtificialFingerprintNetworks(ArtificialFingerprintOptions options)
    : m_options((options.validate(), std::move(options))), m_encoder(m_options), m_decoder(m_options) {
    nn::keepChannelsLast(*m_encoder);
    nn::keepChannelsLast(*m_decoder);
}

Tensor ArtificialFingerprintNetworks::stamp(const Tensor& pictures, const Tensor& codes) {
    return m_encoder((pictures + 1) / 2, codes) * 2 - 1;
}

Tensor ArtificialFingerprintNetworks::decode(const Tensor& pictures) {
    return m_decoder((pictures + 1) / 2);
}

nn::NamedParameters ArtificialFingerprintNetworks::parameters() const {
    nn::NamedParameters all;
    nn::addParameters(all, *m_encoder, kEncoderPart);
    nn::addParameters(all, *m_decoder, kDecoderPart);
    return all;
}

void ArtificialFingerprintNetworks::to(torch::Device device) {
    m_encoder->to(device);
    m_decoder->to(device);
}

nn::TensorMap ArtificialFingerprintNetworks::state() const {
    nn::TensorMap all;
    nn::addWithPrefix(all, nn::stateDict(*m_encoder), kEncoderPart);
    nn::addWithPrefix(all, nn::stateDict(*m_decoder), kDecoderPart);
    return all;
}

void ArtificialFingerprintNetworks::load(const nn::TensorMap& state) {
    const auto encoder = nn::withoutPrefix(state, kEncoderPart);
    nn::checkStateDict(*m_encoder, encoder);  // all or none
    nn::loadStateDict(*m_decoder, nn::withoutPrefix(state, kDecoderPart));
    nn::loadStateDict(*m_encoder, encoder);
}

}  // namespace signet::baselines
