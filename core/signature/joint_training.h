#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/nn/kept_heap.h"
#include "core/signature/objective.h"
#include "core/signature/training_options.h"
#include "core/signature/validation_views.h"
#include "core/training/optimiser.h"
#include "core/training/task.h"

namespace signet::signature {

/// Stage 1 of paper A: injector and detector trained jointly for an objective. With several ranks each trains
/// on its share of the batch and draws what one process would have drawn for these images; weights, moments,
/// running statistics and the objective's state stay the same on all ranks. For one thread.
class JointTraining final : public training::TrainingTask {
public:
    /// placement.device: where networks, moments, averages and batches lie. What is drawn is drawn on the
    /// CPU, and real codecs work there. Throws BadOption when the ranks cannot share the batch evenly. Only
    /// rank 0's weights count: the others take them over by restore().
    explicit JointTraining(TrainingOptions options, training::Placement placement = {});

    /// batch.images: [B / ranks,3,batchSide,batchSide] in [-1,1]. With options.accumulate = k it is worked on
    /// in k equal parts one after the other and the gradient is the mean of theirs; BatchNorm's joint
    /// statistics of signed and real images are then each part's own. Reads from the device once, with a code
    /// three times.
    training::StepResult step(const training::Batch& batch) override;

    /// What the next step draws its random numbers from.
    StepRandom randomOfNextStep() const;
    std::uint64_t stepsDone() const override { return m_optimiser->stepsDone(); }
    int batchSide() const;
    training::LoaderOptions loaderOptions() const override;
    Networks& networks() { return m_objective->networks(); }
    void startFrom(const nn::TensorMap& weights) override;
    const TrainingOptions& options() const { return m_options; }

    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& checkpoint) override;

    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& record) override { return m_watch.see(record); }
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

private:
    StepReadings read(const std::vector<Pass>& passes, const torch::Tensor& norm) const;

    std::optional<nn::KeptHeap> m_heap;  ///< not with checkpointing, which is there to save memory
    TrainingOptions m_options;
    training::Placement m_placement;
    PassShare m_share;
    std::unique_ptr<Objective> m_objective;
    std::unique_ptr<training::Optimiser> m_optimiser;
    std::optional<ValidationViews> m_views;
    StuckWatch m_watch;
};

}  // namespace signet::signature
