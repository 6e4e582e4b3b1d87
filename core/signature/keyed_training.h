#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/nn/kept_heap.h"
#include "core/signature/drawn_views.h"
#include "core/signature/keyed_networks.h"
#include "core/signature/keyed_training_options.h"
#include "core/training/metric.h"
#include "core/training/optimiser.h"
#include "core/training/task.h"

namespace signet::signature {

/// Injector and extractor of a keyed signature, trained jointly: every image of every batch has patterns of a
/// key of its own, so that the networks cannot learn any; the loss is the binary cross entropy of the coded
/// bits and of the synchronisation pattern's sign, read from a view of the signed picture laid back into its
/// frame by the known geometry with a jitter. The residual has a set visibility that falls while views are
/// readable. For one thread.
class KeyedTraining final : public training::TrainingTask {
public:
    /// Throws BadOption when the ranks cannot share the batch evenly.
    explicit KeyedTraining(KeyedTrainingOptions options, training::Placement placement = {});

    training::LoaderOptions loaderOptions() const override;
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_optimiser->stepsDone(); }
    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& state) override;
    void startFrom(const nn::TensorMap& weights) override;
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& record) override;
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

    static std::vector<training::Metric> metrics();

private:
    /// A batch of pictures signed, shown and read.
    struct Pass {
        torch::Tensor signedPictures, residual;  ///< [B,3,S,S], rounded; [B,3,S/2,S/2]
        torch::Tensor loss, syncLoss;            ///< scalars
        torch::Tensor accuracy;                  ///< [B] share of the bits right
    };
    /// attacked: the views pass photometric attacks and show a part of the picture.
    Pass pass(const torch::Tensor& pictures, const ImageShare& share, bool attacked, StepRandom& random);
    void climbDown(double accuracy, double readable);

    nn::KeptHeap m_heap;
    KeyedTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    torch::Tensor m_modes;
    std::unique_ptr<KeyedNetworks> m_networks;
    std::unique_ptr<training::Optimiser> m_optimiser;
    std::vector<torch::Tensor> m_views;       ///< photographs of validations and samples, [1,3,S,S]
    double m_level;                           ///< visibility now
    double m_accuracy = 0.5, m_readable = 0;  ///< running
    bool m_open = false;                      ///< attacks are on
};

}  // namespace signet::signature
