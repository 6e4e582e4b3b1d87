#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/examine/attacker.h"
#include "core/generators/generator.h"
#include "core/nn/autoencoder.h"

namespace signet::removal {

/// Draws pictures anew with a network that knows nothing of the signature (Zhao et al. 2024; Saberi et al.
/// 2024; evaluation.md 6.2), tile by tile of the side that it was trained on (inTiles): a picture keeps its
/// size and its detail.
class Regeneration final : public examine::Attacker {
public:
    /// Encoded and decoded once, without a draw ("regenerate"). The side of tiles is the model's resolution.
    Regeneration(const models::Manifest& model, nn::Autoencoder autoencoder, torch::Device device,
                 int threads);
    /// With as much noise as so many of 1000 timesteps add, and back (Generator::regenerated); of a model
    /// with another number of timesteps the same share of them ("regenerate:40").
    Regeneration(const models::Manifest& model, std::shared_ptr<generators::Generator> generator, int steps,
                 torch::Device device, int threads);

    std::string name() const override { return m_name; }
    const models::Manifest& model() const override { return m_model; }
    Json settings() const override { return m_settings; }
    image::Image attack(const examine::Attacked& attacked, const WorkContext& context) override;

private:
    Regeneration(const models::Manifest& model, int tileSide, torch::Device device, int threads);

    models::Manifest m_model;
    int m_tileSide;
    torch::Device m_device;
    int m_threads;
    std::string m_name;
    Json m_settings;
    /// Tiles [B,3,S,S] on the device -> the same; random: of each.
    std::function<torch::Tensor(const torch::Tensor& tiles, const std::vector<at::Generator>& random,
                                const WorkContext& context)>
        m_draw;
};

}  // namespace signet::removal
