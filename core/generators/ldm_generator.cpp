#include "core/generators/ldm_generator.h"

#include <torch/torch.h>

#include <utility>

#include "core/base/error.h"
#include "core/generators/adm_generator.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kDenoiser = "denoiser.";
constexpr const char* kAutoencoder = "autoencoder.";

}  // namespace

LdmGenerator::LdmGenerator(LdmOptions options)
    : m_options((options.validate(), std::move(options))),
      m_denoiser(m_options.denoiser),
      m_autoencoder(m_options.autoencoder) {
    m_autoencoder->eval();
}

Tensor LdmGenerator::drawFrom(const Tensor& latents, const std::vector<at::Generator>& random,
                              const DrawSettings& settings, const WorkContext& context) {
    const Tensor latent = m_denoiser.sample(m_denoiser.noiseOf(latents), random, {},
                                            classesOf(settings, m_options.denoiser, latents.size(0)),
                                            settings.guidance, drawOf(m_options.draw, settings), context);
    return m_autoencoder->decodeSampled(latent / m_scale);
}

Tensor LdmGenerator::regenerated(const Tensor& pictures, double share,
                                 const std::vector<at::Generator>& random, const WorkContext& context) {
    const Tensor latent = m_denoiser.regenerated(m_autoencoder->latentOf(pictures) * m_scale, share, random,
                                                 {}, m_options.draw, context);
    return m_autoencoder->decodeSampled(latent / m_scale);
}

std::int64_t LdmGenerator::parameterCount() const {
    return m_denoiser.parameterCount() + nn::parameterCount(*m_autoencoder);
}

void LdmGenerator::to(torch::Device device) {
    m_denoiser.to(device);
    m_autoencoder->to(device);
}

nn::TensorMap LdmGenerator::state() const {
    nn::TensorMap all;
    nn::addWithPrefix(all, m_denoiser.state(), kDenoiser);
    nn::addWithPrefix(all, nn::stateDict(*m_autoencoder), kAutoencoder);
    all[kScaleFactor] = torch::tensor({m_scale}, torch::kFloat32);
    return all;
}

void LdmGenerator::load(const nn::TensorMap& state) {
    const auto denoiser = nn::withoutPrefix(state, kDenoiser);
    m_denoiser.check(denoiser);  // all or none
    const double scale = nn::entryOf(state, kScaleFactor, {1}, "latent diffusion").item<double>();
    if (!(scale > 0)) throw Error(ErrorCode::Corrupt, "the latents' scale is not positive");
    nn::loadStateDict(*m_autoencoder, nn::withoutPrefix(state, kAutoencoder));
    m_denoiser.load(denoiser);
    m_scale = scale;
}

}  // namespace signet::generators
