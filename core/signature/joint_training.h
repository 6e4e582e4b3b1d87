#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/nn/safetensors.h"
#include "core/signature/training_options.h"
#include "core/training/adam.h"
#include "core/training/gradient_averaging.h"
#include "core/training/process_group.h"
#include "core/training/weight_average.h"

namespace signet::signature {

/// What one step came to. Loss terms by name, running accuracies in 0..1.
struct StepResult {
    std::uint64_t step = 0;
    double learningRate = 0;
    std::vector<std::pair<std::string, double>> values;
};

/// Stage 1 of paper A: injector and detector trained jointly. One step is a pure function of (weights,
/// optimiser moments, ladder state, seed, step, batch), so a run resumed from a checkpoint continues bit for
/// bit on the CPU. With several ranks each trains on its share of the batch and draws what one process would
/// have drawn for these images; weights, moments, running statistics and the ladder stay the same on all
/// ranks. For one thread.
class JointTraining {
public:
    /// Throws BadOption when the ranks cannot share the batch evenly. Only rank 0's weights count: the others
    /// take them over by restore().
    explicit JointTraining(TrainingOptions options, c10::intrusive_ptr<training::ProcessGroup> group =
                                                        c10::make_intrusive<training::ProcessGroup>());
    ~JointTraining();

    /// batch: this rank's share of the step's images, [B / ranks,3,batchSide,batchSide] in [-1,1]. Throws
    /// Internal naming the first loss term that is not finite; the weights are then as before the step.
    /// Throws Environment when another rank is lost.
    StepResult step(const torch::Tensor& batch);

    std::uint64_t stepsDone() const { return m_step; }
    int batchSide() const;
    /// Images a rank takes, and which of the batch's images is its first.
    int share() const { return m_options.batch / m_group->size(); }
    int firstImage() const { return m_group->rank() * share(); }
    Networks& networks() { return *m_networks; }
    /// The average of the weights that validation and export use; null without one.
    training::WeightAverage* average() { return m_average.get(); }
    /// Goes on from the weights of a trained model ("injector.*", "detector.*") instead of random ones.
    /// Throws Corrupt where they are another network's.
    void startFrom(const nn::TensorMap& weights);
    const TrainingOptions& options() const { return m_options; }

    /// Whole state: "net.*", "adam.*", "average.*", and the ladder as metadata.
    nn::TensorMap tensors();
    nn::TextMap metadata() const;
    void restore(const nn::SafeTensors& checkpoint);

private:
    struct Ladder;
    using Terms = std::vector<std::pair<std::string, torch::Tensor>>;
    Terms ladderTerms(const torch::Tensor& x, StepRandom& random, StepResult& result);
    Terms paperTerms(const torch::Tensor& x, StepRandom& random, StepResult& result);
    torch::Tensor attackPhotometrically(const torch::Tensor& x, StepRandom& random, std::vector<int>& kinds);
    torch::Tensor ofShare(const torch::Tensor& perImage) const;
    torch::Tensor weightedMean(const torch::Tensor& loss, const torch::Tensor& weight);
    double learningRate() const;

    TrainingOptions m_options;
    c10::intrusive_ptr<training::ProcessGroup> m_group;
    std::unique_ptr<Networks> m_networks;
    std::unique_ptr<training::Adam> m_adam;
    std::unique_ptr<training::GradientAveraging> m_averaging;
    std::unique_ptr<training::WeightAverage> m_average;
    std::unique_ptr<Ladder> m_ladder;
    std::uint64_t m_step = 0;
};

}  // namespace signet::signature
