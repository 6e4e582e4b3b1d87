#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/generators/denoiser_network.h"
#include "core/generators/diffusion.h"
#include "core/generators/diffusion_options.h"
#include "core/generators/drawn_distance.h"
#include "core/models/manifest.h"
#include "core/nn/autoencoder.h"
#include "core/nn/kept_heap.h"
#include "core/training/optimiser.h"
#include "core/training/task.h"

namespace signet::generators {

/// Trains a diffusion's network: the mean squared error of the noise and, where the variance is learned, the
/// bound's term of it, unscaled; timesteps uniform (Nichol & Dhariwal 2021, L_hybrid with weight 1; papers.md
/// 1.7). For one thread.
class DiffusionTraining final : public training::TrainingTask {
public:
    /// The models that options name are loaded. Throws BadOption where they do not fit or the ranks cannot
    /// share the batch evenly, and what loading throws.
    explicit DiffusionTraining(DiffusionTrainingOptions options, training::Placement placement = {});

    /// What the pictures of a batch become before they are learnt: [B,3,H,W] in [-1,1], both. What is told
    /// beside (an upsampler's small picture) is of the pictures as they are.
    void setTarget(std::function<torch::Tensor(const torch::Tensor&)> target) {
        m_target = std::move(target);
    }

    /// The network's weights, the running average where there is one; copies on the CPU.
    nn::TensorMap averagedState();

    training::LoaderOptions loaderOptions() const override;
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_optimiser->stepsDone(); }
    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& state) override;
    /// Of a run of this task, or of a generator's model: its part.
    void startFrom(const nn::TensorMap& weights) override;
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& record) override;
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

private:
    int pictureSide() const;
    /// What is denoised, and what is told beside it: of pictures on the device.
    struct Sample {
        torch::Tensor x, beside;
    };
    Sample sampleOf(const torch::Tensor& pictures, const at::Generator& random);
    torch::Tensor besideOf(const torch::Tensor& pictures) const;
    Diffusion::Loss lossOf(const Sample& sample, const torch::Tensor& classes, const at::Generator& random);
    /// What validations and samples tell where a class has to be told; else undefined.
    torch::Tensor someClasses(std::int64_t count) const;
    /// Of the numbers' own generators; lows: of an upsampler, what it enlarges.
    torch::Tensor drawn(const std::vector<at::Generator>& random, const torch::Tensor& lows);

    nn::KeptHeap m_heap;
    DiffusionTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    std::optional<models::Manifest> m_base;
    nn::AutoencoderOptions m_autoencoderOptions;
    nn::Autoencoder m_autoencoder{nullptr};
    double m_scale = 1;
    DenoiserNetwork m_network;
    Diffusion m_diffusion;
    std::unique_ptr<training::Optimiser> m_optimiser;
    std::function<torch::Tensor(const torch::Tensor&)> m_target;
    std::vector<torch::Tensor> m_views;
    std::unique_ptr<DrawnDistance> m_distance;
    std::string m_noDistance;  ///< why there is none, until it was said
};

}  // namespace signet::generators
