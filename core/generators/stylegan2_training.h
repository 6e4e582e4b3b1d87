#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/generators/adversary.h"
#include "core/generators/drawn_distance.h"
#include "core/generators/path_length.h"
#include "core/generators/style_generator.h"
#include "core/generators/stylegan2_options.h"
#include "core/nn/kept_heap.h"
#include "core/training/task.h"
#include "core/training/weight_average.h"

namespace signet::generators {

/// Trains a plain generator of StyleGAN2's form against a discriminator (Karras et al. 2020): the logistic
/// loss, style mixing, every few steps the path length and R1, a running average of the generator's weights.
/// For one thread.
class StyleGan2Training final : public training::TrainingTask {
public:
    /// Throws BadOption where the ranks cannot share the batch evenly.
    explicit StyleGan2Training(StyleGan2TrainingOptions options, training::Placement placement = {});

    /// What the pictures of a batch become before the discriminator sees them: [B,3,side,side], both.
    void setTarget(std::function<torch::Tensor(const torch::Tensor&)> target) {
        m_target = std::move(target);
    }
    /// What the generator lowers beside the discriminator's verdict, of pictures that it drew; recorded as
    /// "loss_signature".
    void setFurtherLoss(std::function<torch::Tensor(const torch::Tensor&)> loss) {
        m_furtherLoss = std::move(loss);
    }
    /// The running average, under the generator's names; copies on the CPU.
    nn::TensorMap averagedState();

    training::LoaderOptions loaderOptions() const override;
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_done; }
    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& state) override;
    void startFrom(const nn::TensorMap& weights) override;
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& record) override;
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

private:
    torch::Tensor latents(std::int64_t count, const at::Generator& random) const;
    /// [count,layers,style] of fresh latents, some of them mixed of two.
    torch::Tensor mixedStyles(std::int64_t count, at::Generator random);
    void stepPath(std::int64_t count, const at::Generator& random, training::StepResult& result);

    nn::KeptHeap m_heap;
    StyleGan2TrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    StyleGenerator m_generator;
    Adversary m_adversary;
    Player m_drawing;
    PathLength m_path;
    training::WeightAverage m_average;
    std::uint64_t m_done = 0;
    std::unique_ptr<DrawnDistance> m_distance;
    std::string m_noDistance;  ///< why there is none, until it was said
    std::function<torch::Tensor(const torch::Tensor&)> m_target, m_furtherLoss;
};

}  // namespace signet::generators
