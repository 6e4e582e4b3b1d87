#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/examine/loaded_models.h"
#include "core/nn/kept_heap.h"
#include "core/removal/remover_network.h"
#include "core/training/optimiser.h"
#include "core/training/task.h"

namespace signet::removal {

/// Learns to undo a signature from photographs and the same signed: the mean squared error to the original
/// (paper A's restoration attack, M[W(x)] -> x, with a W that does not learn along). The attacker has the
/// signing program as a black box and signs photographs of their own, each with another code: with the public
/// key, or with keys drawn at random (RemoverTrainingOptions::key), as where the owner's key is not known.
/// Weights and answers of the detector are not used. Whoever has no program, but many pairs of one owner, is
/// where the public key puts this one: all pictures carry the key that is to be removed. For one thread.
class RemoverTraining final : public training::TrainingTask {
public:
    /// signer: what signs. Throws BadOption where it does not sign, or the ranks cannot share the batch
    /// evenly.
    RemoverTraining(RemoverTrainingOptions options, examine::LoadedModel signer,
                    training::Placement placement = {});

    training::LoaderOptions loaderOptions() const override;
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_optimiser->stepsDone(); }
    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& state) override;
    void startFrom(const nn::TensorMap& weights) override;
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& /*record*/) override { return std::nullopt; }
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

private:
    /// Pictures and the same signed, both of whole grey levels: [B,3,S,S] in [-1,1].
    struct Pairs {
        torch::Tensor originals, marked;
    };
    /// One pair, on the CPU. seed decides code and key.
    Pairs pairOf(image::Image picture, std::uint64_t seed);
    /// The pairs of this rank's pictures of a step.
    Pairs pairsOf(const torch::Tensor& pictures);
    /// marked as the network in use restores it, on the CPU.
    torch::Tensor restored(const torch::Tensor& marked);

    nn::KeptHeap m_heap;
    RemoverTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    examine::LoadedModel m_signer;
    std::optional<RemoverNetwork> m_network;
    std::unique_ptr<training::Optimiser> m_optimiser;
    std::vector<Pairs> m_views;  ///< of validations and samples, one pair each
};

}  // namespace signet::removal
