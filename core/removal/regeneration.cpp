#include "core/removal/regeneration.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/random.h"
#include "core/generators/player.h"
#include "core/nn/threads.h"
#include "core/removal/overlapping_tiles.h"
#include "core/training/picture_tensors.h"

namespace signet::removal {

using torch::Tensor;

namespace {

constexpr double kStrengthSteps = 1000;  ///< that strengths are counted in, whatever the model's number

}  // namespace

Regeneration::Regeneration(const models::Manifest& model, int tileSide, torch::Device device, int threads)
    : m_model(model),
      m_tileSide(tileSide),
      m_device(device),
      m_threads(threads),
      m_name(examine::kRegenerationWay),
      m_settings{{"generator", m_model.name},
                 {"generator_sha256", m_model.weightsSha256},
                 {"arch", m_model.arch},
                 {"tile_px", m_tileSide}} {}

Regeneration::Regeneration(const models::Manifest& model, nn::Autoencoder autoencoder, torch::Device device,
                           int threads)
    : Regeneration(model, model.resolution, device, threads) {
    autoencoder->to(device);
    m_draw = [autoencoder](const Tensor& tiles, const auto&, const WorkContext&) mutable {
        return autoencoder->decodeSampled(autoencoder->latentOf(tiles));
    };
}

Regeneration::Regeneration(const models::Manifest& model, std::shared_ptr<generators::Generator> generator,
                           int steps, torch::Device device, int threads)
    : Regeneration(model, generator->side(), device, threads) {
    generator->to(device);
    m_name += fmt::format(":{}", steps);
    m_settings["steps"] = steps;
    m_settings["timesteps"] = generators::drawControls(generator->arch(), generator->networkOptions()).steps;
    m_draw = [generator, share = steps / kStrengthSteps](const Tensor& tiles, const auto& random,
                                                         const WorkContext& context) {
        return generator->regenerated(tiles, share, random, context);
    };
}

image::Image Regeneration::attack(const examine::Attacked& attacked, const WorkContext& context) {
    nn::useThreads(m_threads);
    const torch::InferenceMode guard;
    const Tensor picture = training::toTensor(attacked.picture).to(m_device);
    return training::toImage(inTiles(picture, m_tileSide, [&](const Tensor& tiles, std::uint64_t first) {
        if (context.stop.stop_requested()) return tiles;
        std::vector<at::Generator> random;
        for (std::int64_t i = 0; i < tiles.size(0); ++i)
            random.push_back(
                generators::generatorOf(mixedSeed(attacked.seed, first + static_cast<std::uint64_t>(i))));
        return m_draw(tiles, random, context);
    }));
}

}  // namespace signet::removal
