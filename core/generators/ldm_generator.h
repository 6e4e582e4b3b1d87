#pragma once

#include "core/generators/denoiser_network.h"
#include "core/generators/generator.h"
#include "core/generators/ldm_options.h"
#include "core/nn/autoencoder.h"

namespace signet::generators {

/// Latent diffusion (Rombach et al. 2022): a diffusion of an autoencoder's latents, and its decoder, which
/// snaps them to the codebook first.
class LdmGenerator final : public Generator {
public:
    /// Random weights, by torch's generator.
    explicit LdmGenerator(LdmOptions options);

    torch::Tensor drawFrom(const torch::Tensor& latents, const std::vector<at::Generator>& random,
                           const DrawSettings& settings, const WorkContext& context) override;
    /// The latents of the pictures by its diffusion.
    torch::Tensor regenerated(const torch::Tensor& pictures, double share,
                              const std::vector<at::Generator>& random, const WorkContext& context) override;
    const char* arch() const override { return kLdmArch; }
    Json networkOptions() const override { return m_options.toJson(); }
    int side() const override { return m_options.side(); }
    int latent() const override { return m_denoiser.latent(); }
    std::int64_t parameterCount() const override;
    void to(torch::Device device) override;
    /// "denoiser.<name>" and "autoencoder.<name>", the names as published, and kScaleFactor.
    nn::TensorMap state() const override;
    void load(const nn::TensorMap& state) override;

    DenoiserNetwork& denoiser() { return m_denoiser; }
    nn::Autoencoder& autoencoder() { return m_autoencoder; }
    const LdmOptions& options() const { return m_options; }

private:
    LdmOptions m_options;
    double m_scale = 1;
    DenoiserNetwork m_denoiser;
    nn::Autoencoder m_autoencoder;
};

}  // namespace signet::generators
