#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/baselines/attribution_network.h"
#include "core/baselines/attribution_options.h"
#include "core/baselines/class_photos.h"
#include "core/baselines/class_views.h"
#include "core/nn/kept_heap.h"
#include "core/training/adam.h"
#include "core/training/gradient_averaging.h"
#include "core/training/task.h"

namespace signet::baselines {

/// The folders of the sources that options name. Throws NotFound, BadOption as foldersIn does.
ClassFolders sourceFolders(const AttributionTrainingOptions& options);

/// What a validation calls the accuracy on the pictures of one source.
std::string accuracyName(const std::string& source);

/// Softmax cross entropy on pictures of several sources, with Adam at betas 0 and 0.99 and a rate that stays
/// (evaluation.md 3.3). Every picture weighs the same. For one thread.
class AttributionTraining final : public training::TrainingTask {
public:
    /// The classes are the folders that there are now. Throws NotFound, BadOption as foldersIn does and when
    /// the ranks cannot share the batch evenly.
    explicit AttributionTraining(AttributionTrainingOptions options, training::Placement placement = {});

    training::LoaderOptions loaderOptions() const override;
    /// batch.classes are needed.
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_done; }
    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& state) override;
    void startFrom(const nn::TensorMap& weights) override;
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& /*record*/) override { return std::nullopt; }
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

    Attributor& attributor() { return *m_attributor; }

private:
    /// Log probabilities of the classes, one by one: batches would need memory for all.
    std::vector<double> scoresOf(const ClassView& view);

    nn::KeptHeap m_heap;
    AttributionTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    std::unique_ptr<Attributor> m_attributor;
    std::unique_ptr<training::GradientAveraging> m_averaging;
    std::unique_ptr<training::Adam> m_adam;
    std::uint64_t m_done = 0;
    std::vector<ClassView> m_views;
};

}  // namespace signet::baselines
