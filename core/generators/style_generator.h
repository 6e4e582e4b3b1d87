#pragma once

#include <torch/types.h>

#include <memory>
#include <mutex>

#include "core/generators/generator.h"
#include "core/generators/style_generator_options.h"
#include "core/nn/stylegan2.h"

namespace signet::generators {

/// A generator of StyleGAN2's form: z through a mapping modulates the synthesis (Karras et al. 2020), or z is
/// the vector at the input end of a synthesis of plain convolutions, as an instance that paper B issues has
/// it.
class StyleGenerator final : public Generator {
public:
    /// Random weights, by torch's generator.
    explicit StyleGenerator(const StyleGeneratorOptions& options);

    /// z: [B,latent], standard normal; truncation: how far a style lies from the mean one, 1: as it is;
    /// without a mapping it changes nothing. Returns [B,3,side,side], nominally in [-1,1], not clamped.
    torch::Tensor draw(const torch::Tensor& z, const nn::NoiseSource& noise, double truncation = 1);
    using Generator::draw;
    /// Noise of a generator of random numbers each.
    torch::Tensor drawFrom(const torch::Tensor& latents, const std::vector<at::Generator>& random,
                           const DrawSettings& settings, const WorkContext& context) override;

    const StyleGeneratorOptions& options() const { return m_options; }
    /// Null without a mapping.
    nn::Mapping& mapping() { return m_mapping; }
    nn::Synthesis& synthesis() { return m_synthesis; }

    const char* arch() const override { return kStyleGan2Arch; }
    Json networkOptions() const override { return m_options.toJson(); }
    int side() const override { return m_options.side; }
    int latent() const override { return m_options.latent; }
    std::int64_t parameterCount() const override;
    void to(torch::Device device) override;
    /// As in published files: "style.<layer>...." of the mapping, the synthesis' own names without prefix.
    nn::TensorMap state() const override;
    void load(const nn::TensorMap& state) override;

private:
    torch::Tensor meanStyle();

    StyleGeneratorOptions m_options;
    nn::Mapping m_mapping{nullptr};
    nn::Synthesis m_synthesis{nullptr};
    torch::Tensor m_meanStyle;  ///< [1,style], once it was asked for
    std::unique_ptr<std::mutex> m_meanGuard = std::make_unique<std::mutex>();
};

}  // namespace signet::generators
