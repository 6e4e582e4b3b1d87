#pragma once

#include <optional>

#include "core/generators/adm_options.h"
#include "core/generators/denoiser_network.h"
#include "core/generators/generator.h"

namespace signet::generators {

/// ADM (Dhariwal & Nichol 2021): a diffusion of pictures, and after it, where it has one, a second that
/// enlarges them, told the small picture enlarged bilinearly.
class AdmGenerator final : public Generator {
public:
    /// Random weights, by torch's generator.
    explicit AdmGenerator(AdmOptions options);

    torch::Tensor drawFrom(const torch::Tensor& latents, const std::vector<at::Generator>& random,
                           const DrawSettings& settings, const WorkContext& context) override;
    /// The pictures by its last diffusion; an upsampler is told them small, drawn anew too.
    torch::Tensor regenerated(const torch::Tensor& pictures, double share,
                              const std::vector<at::Generator>& random, const WorkContext& context) override;
    const char* arch() const override { return kAdmArch; }
    Json networkOptions() const override { return m_options.toJson(); }
    int side() const override { return m_options.side(); }
    int latent() const override { return m_base.latent(); }
    std::int64_t parameterCount() const override;
    void to(torch::Device device) override;
    /// "base.<name>" and "upsampler.<name>", the names as published.
    nn::TensorMap state() const override;
    void load(const nn::TensorMap& state) override;

    DenoiserNetwork& base() { return m_base; }
    /// Null where it has none.
    DenoiserNetwork* upsampler() { return m_upsampler ? &*m_upsampler : nullptr; }

private:
    /// What the upsampler is told of a small picture.
    torch::Tensor besideOf(const torch::Tensor& low) const;

    AdmOptions m_options;
    DenoiserNetwork m_base;
    std::optional<DenoiserNetwork> m_upsampler;
};

/// Classes of so many pictures that are all of the one that settings name; undefined where they name none.
/// Throws BadOption where the network has no such class.
torch::Tensor classesOf(const DrawSettings& settings, const DenoiserOptions& network, std::int64_t count);

/// How a model's diffusion is sampled where settings say something of it.
DiffusionDraw drawOf(DiffusionDraw own, const DrawSettings& settings);

/// A small picture as an upsampler is told it: enlarged to side, bilinearly. low: [B,3,h,w].
torch::Tensor enlarged(const torch::Tensor& low, int side);

}  // namespace signet::generators
