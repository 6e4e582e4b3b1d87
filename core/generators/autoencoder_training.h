#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/generators/autoencoder_options.h"
#include "core/generators/player.h"
#include "core/nn/autoencoder.h"
#include "core/nn/efficientnet_lite.h"
#include "core/nn/kept_heap.h"
#include "core/nn/patch_critic.h"
#include "core/training/task.h"

namespace signet::generators {

/// Trains latent-diffusion's first stage (Esser et al. 2021; papers.md 1.7): the mean absolute error and a
/// perceptual distance, beside a patch discriminator's verdict weighted by the ratio of both gradients at the
/// decoder's last layer, and the codebook's term or the latent's divergence. The perceptual distance is that
/// of EfficientNet-Lite0's features, since LPIPS's weights may not be had; without its file there is none,
/// and the run says so. For one thread.
class AutoencoderTraining final : public training::TrainingTask {
public:
    /// Throws BadOption where the ranks cannot share the batch evenly.
    explicit AutoencoderTraining(AutoencoderTrainingOptions options, training::Placement placement = {});

    /// What the decoder shall give for a picture that the encoder sees: [B,3,H,W] in [-1,1], both.
    void setTarget(std::function<torch::Tensor(const torch::Tensor&)> target) {
        m_target = std::move(target);
    }
    /// What is lowered beside the rest, of pictures that came back; recorded as "loss_signature".
    void setFurtherLoss(std::function<torch::Tensor(const torch::Tensor&)> loss) {
        m_furtherLoss = std::move(loss);
    }
    nn::Autoencoder& network() { return m_network; }

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
    struct Latent {
        torch::Tensor planes;            ///< as the decoder is given them
        torch::Tensor loss;              ///< the codebook's or the divergence's, weighted
        torch::Tensor encoded, indices;  ///< before the codebook; which of its vectors, without one undefined
    };
    Latent latentOf(const torch::Tensor& pictures, const at::Generator& random);
    torch::Tensor errorOf(const torch::Tensor& pictures, const torch::Tensor& target);
    /// Of the verdict against the error, by their gradients at the decoder's last layer.
    double verdictWeight(const torch::Tensor& error, const torch::Tensor& verdict) const;
    /// Restarts codes that no place took.
    void countCodes(const torch::Tensor& indices, const torch::Tensor& latents, const at::Generator& random);
    void learnCritic(const torch::Tensor& real, const torch::Tensor& drawn, training::StepResult& result);
    torch::Tensor targetOf(const torch::Tensor& pictures) const;

    nn::KeptHeap m_heap;
    AutoencoderTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    nn::Autoencoder m_network;
    nn::PatchCritic m_critic;
    Player m_coding, m_judging;
    torch::Tensor m_used;  ///< [codes], int64: places that took each, since codes were last restarted
    std::optional<nn::EfficientNetLite0> m_features;
    std::string m_noFeatures;  ///< why there are none, until it was said
    std::function<torch::Tensor(const torch::Tensor&)> m_target, m_furtherLoss;
    std::uint64_t m_done = 0;
    std::vector<torch::Tensor> m_views;
};

}  // namespace signet::generators
