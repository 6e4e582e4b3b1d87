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
/// bit on the CPU. For one thread.
class JointTraining {
public:
    explicit JointTraining(TrainingOptions options);
    ~JointTraining();

    /// batch: [B,3,batchSide,batchSide] in [-1,1]. Throws Internal naming the first loss term that is not
    /// finite; the weights are then as before the step.
    StepResult step(const torch::Tensor& batch);

    std::uint64_t stepsDone() const { return m_step; }
    int batchSide() const;
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
    double learningRate() const;

    TrainingOptions m_options;
    std::unique_ptr<Networks> m_networks;
    std::unique_ptr<training::Adam> m_adam;
    std::unique_ptr<training::WeightAverage> m_average;
    std::unique_ptr<Ladder> m_ladder;
    std::uint64_t m_step = 0;
};

}  // namespace signet::signature
