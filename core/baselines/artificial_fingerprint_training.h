#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/baselines/artificial_fingerprint_networks.h"
#include "core/baselines/artificial_fingerprint_options.h"
#include "core/nn/kept_heap.h"
#include "core/training/optimiser.h"
#include "core/training/task.h"

namespace signet::baselines {

/// Trains encoder and decoder of artificial fingerprints together (Yu et al. 2021): cross entropy of the
/// bits, another random code for each picture, plus the mean squared error of the pictures in [0,1], whose
/// weight is 0 until the bits of a step were once read better than readAt and then pictureWeight * (steps
/// since - pictureDelay) / pictureRamp, within 0 and pictureWeight. As published there is no augmentation of
/// what the decoder sees, and no rounding to grey levels; validations round. The loader's crops and mirroring
/// are this project's. For one thread.
class ArtificialFingerprintTraining final : public training::TrainingTask {
public:
    /// Throws BadOption, also when the ranks cannot share the batch evenly.
    explicit ArtificialFingerprintTraining(ArtificialFingerprintTrainingOptions options,
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
    std::optional<std::string> advice(const Json& record) override;
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

    ArtificialFingerprintNetworks& networks() { return m_networks; }
    /// Of the pictures' error in the next step.
    double pictureWeight() const;

private:
    /// Views stamped with their codes and rounded to grey levels, and what is read of them; on the CPU.
    struct Stamped {
        torch::Tensor originals, pictures;  ///< [B,3,side,side] in [-1,1]
        torch::Tensor codes, logits;        ///< [B,bits]
    };
    Stamped stampedViews(std::size_t begin, std::size_t end);

    nn::KeptHeap m_heap;
    ArtificialFingerprintTrainingOptions m_options;
    training::Placement m_placement;
    ArtificialFingerprintNetworks m_networks;
    std::unique_ptr<training::Optimiser> m_optimiser;
    std::optional<std::uint64_t> m_sinceRead;  ///< steps since the bits were once read better than readAt
    std::vector<torch::Tensor> m_views;        ///< [1,3,side,side] each, on the CPU
};

}  // namespace signet::baselines
