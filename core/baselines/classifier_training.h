#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/baselines/class_views.h"
#include "core/baselines/classifier.h"
#include "core/baselines/classifier_options.h"
#include "core/nn/kept_heap.h"
#include "core/training/optimiser.h"
#include "core/training/task.h"

namespace signet::baselines {

/// Binary cross entropy on two folders of images. Each image counts so that both classes weigh the same, the
/// share of them in a folder's size notwithstanding. For one thread.
class ClassifierTraining final : public training::TrainingTask {
public:
    /// Throws BadOption when the ranks cannot share the batch evenly.
    explicit ClassifierTraining(ClassifierTrainingOptions options, training::Placement placement = {});

    training::LoaderOptions loaderOptions() const override;
    /// batch.classes are needed.
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

    Classifier& classifier() { return *m_classifier; }

private:
    /// In evaluation, one by one: batches would need memory for all.
    std::vector<double> logitsOf(const std::vector<const ClassView*>& views);

    nn::KeptHeap m_heap;
    ClassifierTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    std::unique_ptr<Classifier> m_classifier;
    std::unique_ptr<training::Optimiser> m_optimiser;
    std::vector<ClassView> m_views;
};

}  // namespace signet::baselines
