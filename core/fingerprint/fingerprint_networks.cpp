#include "core/fingerprint/fingerprint_networks.h"

#include <torch/torch.h>

#include <utility>

#include "core/generators/residual_generator.h"

namespace signet::fingerprint {

using torch::Tensor;

namespace {

nn::SynthesisImpl::Shape generatorShape(const FingerprintOptions& o) {
    nn::SynthesisImpl::Shape shape{o.side, {o.featureBase, o.featureMost}};
    shape.input = o.variant == "published" ? o.latent : o.variant == "I" ? o.bits : 0;
    shape.style = o.style;
    shape.styles = o.variant == "II" ? 2 : 1;
    shape.modulatedFrom = o.modulatedFrom;
    shape.modulatedTo = o.modulatedTo;
    return shape;
}

nn::ResidualGeneratorImpl::Shape residualShape(const FingerprintOptions& o) {
    nn::ResidualGeneratorImpl::Shape shape;
    shape.kind = generators::residualGanOf(o.backbone);
    shape.side = o.side;
    shape.width = o.width;
    shape.latent = o.latent;
    shape.style = o.style;
    shape.modulatedFrom = o.modulatedFrom;
    shape.modulatedTo = o.modulatedTo;
    return shape;
}

}  // namespace

bool FingerprintNetworks::hasLatentMapping() const {
    return m_options.variant == "I" || m_options.variant == "II";
}

FingerprintNetworks::FingerprintNetworks(FingerprintOptions options) : m_options(std::move(options)) {
    m_options.validate();
    const auto& o = m_options;
    if (hasLatentMapping()) m_latent = nn::Mapping(o.latent, o.style, o.mappingLayers, o.mappingRate, true);
    if (o.variant != "I") {
        const int in = o.variant == "III" ? o.latent + o.bits : o.bits;
        m_encoder = nn::Mapping(in, o.style, o.mappingLayers, o.mappingRate, false);
    }
    if (o.isResidual())
        m_residual = nn::ResidualGenerator(residualShape(o));
    else
        m_generator = nn::Synthesis(generatorShape(o));
    train(false);
    m_decoder = nn::ResidualCritic(
        nn::ResidualCriticImpl::Shape{o.side, {o.decoderBase, o.decoderMost}, o.latent + o.bits, false});
}

FingerprintNetworks::Inputs FingerprintNetworks::inputs(const Tensor& z, const Tensor& codes) {
    const Tensor bits = m_options.signedBits ? codes * 2 - 1 : codes;
    Inputs in;
    Tensor style;
    if (m_options.variant == "I") {
        in.input = bits;
        style = m_latent(z);
    } else if (m_options.variant == "II") {
        style = torch::cat({m_latent(z), m_encoder(bits)}, 1);
    } else if (m_options.variant == "III") {
        style = m_encoder(torch::cat({z, bits}, 1));
    } else {
        in.input = z;
        style = m_encoder(bits);
    }
    const int layers = m_residual ? 1 : m_generator->shape().layers();
    in.styles = style.unsqueeze(1).expand({-1, layers, -1});
    return in;
}

Tensor FingerprintNetworks::draw(const Inputs& inputs, const nn::NoiseSource& noise) {
    if (m_residual) return m_residual(inputs.input, inputs.styles.select(1, 0));
    return m_generator(inputs.input, inputs.styles, noise);
}

FingerprintNetworks::Decoded FingerprintNetworks::decode(const Tensor& pictures) {
    const auto out = m_decoder(pictures).to(torch::kFloat32);
    return {out.slice(1, 0, m_options.latent), out.slice(1, m_options.latent)};
}

nn::NamedParameters FingerprintNetworks::drawingParameters() const {
    nn::NamedParameters parameters;
    if (m_encoder) nn::addParameters(parameters, *m_encoder, "encoder.");
    if (m_latent) nn::addParameters(parameters, *m_latent, "latent.");
    nn::addParameters(parameters, drawer(), "generator.");
    return parameters;
}

void FingerprintNetworks::to(torch::Device device) {
    if (m_encoder) m_encoder->to(device);
    if (m_latent) m_latent->to(device);
    drawer().to(device);
    m_decoder->to(device);
}

torch::Device FingerprintNetworks::device() const {
    return drawer().parameters().front().device();
}

torch::nn::Module& FingerprintNetworks::drawer() const {
    if (m_residual) return *m_residual.ptr();
    return *m_generator.ptr();
}

const char* FingerprintNetworks::layerOfBits() const {
    return m_options.variant == "I" ? "generator.input.weight" : "encoder.1.weight";
}

void FingerprintNetworks::scaleBits(double factor) {
    const torch::NoGradGuard guard;
    Tensor weight = state().at(layerOfBits());
    weight.slice(1, weight.size(1) - m_options.bits).mul_(factor);
}

void FingerprintNetworks::train(bool on) {
    if (m_residual) m_residual->train(on);
}

void FingerprintNetworks::join(const c10::intrusive_ptr<nn::RankSum>& ranks) {
    nn::joinBatchNorm(drawer(), ranks);
}

nn::TensorMap FingerprintNetworks::state() const {
    nn::TensorMap all;
    if (m_encoder) nn::addWithPrefix(all, nn::stateDict(*m_encoder), "encoder.");
    if (m_latent) nn::addWithPrefix(all, nn::stateDict(*m_latent), "latent.");
    nn::addWithPrefix(all, nn::stateDict(drawer()), "generator.");
    nn::addWithPrefix(all, nn::stateDict(*m_decoder), "decoder.");
    return all;
}

void FingerprintNetworks::load(const nn::TensorMap& state) {
    const auto part = [&](const char* prefix) { return nn::withoutPrefix(state, prefix); };
    if (m_encoder) nn::checkStateDict(*m_encoder, part("encoder."));  // all or none
    if (m_latent) nn::checkStateDict(*m_latent, part("latent."));
    nn::checkStateDict(drawer(), part("generator."));
    nn::loadStateDict(*m_decoder, part("decoder."));
    nn::loadStateDict(drawer(), part("generator."));
    if (m_latent) nn::loadStateDict(*m_latent, part("latent."));
    if (m_encoder) nn::loadStateDict(*m_encoder, part("encoder."));
}

}  // namespace signet::fingerprint
