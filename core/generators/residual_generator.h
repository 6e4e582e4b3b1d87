#pragma once

#include <string>

#include "core/generators/generator.h"
#include "core/generators/residual_generator_options.h"
#include "core/nn/residual_gan.h"

namespace signet::generators {

/// Throws Corrupt for another name than these two.
nn::ResidualGan residualGanOf(const std::string& arch);

/// SNGAN's or WGAN-GP's generator with nothing modulated, as an instance of one is. It draws by the running
/// statistics of its batch normalisations.
class ResidualGenerator final : public Generator {
public:
    /// Random weights, by torch's generator.
    ResidualGenerator(nn::ResidualGan kind, const ResidualGeneratorOptions& options);

    torch::Tensor drawFrom(const torch::Tensor& latents, const std::vector<at::Generator>& random,
                           const DrawSettings& settings, const WorkContext& context) override;
    const char* arch() const override;
    Json networkOptions() const override { return m_options.toJson(); }
    int side() const override { return m_options.side; }
    int latent() const override { return m_options.latent; }
    std::int64_t parameterCount() const override;
    void to(torch::Device device) override;
    nn::TensorMap state() const override;
    void load(const nn::TensorMap& state) override;

private:
    nn::ResidualGan m_kind;
    ResidualGeneratorOptions m_options;
    torch::Device m_device{torch::kCPU};
    nn::ResidualGenerator m_network{nullptr};
};

}  // namespace signet::generators
