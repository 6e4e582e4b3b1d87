#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"
#include "core/nn/kept_heap.h"
#include "core/nn/safetensors.h"
#include "core/signature/training_options.h"
#include "core/training/adam.h"
#include "core/training/gradient_averaging.h"
#include "core/training/loader.h"
#include "core/training/process_group.h"
#include "core/training/weight_average.h"

namespace signet::signature {

struct Ladder;
struct StepReadings;

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
    /// device: where networks, moments, averages and batches lie. What is drawn is drawn on the CPU, and real
    /// codecs work there. Throws BadOption when the ranks cannot share the batch evenly. Only rank 0's
    /// weights count: the others take them over by restore().
    explicit JointTraining(
        TrainingOptions options,
        c10::intrusive_ptr<training::ProcessGroup> group = c10::make_intrusive<training::ProcessGroup>(),
        torch::Device device = torch::kCPU);
    ~JointTraining();

    /// batch: this rank's share of the step's images as loaderOptions() gives it, [B / ranks,3,batchSide,
    /// batchSide] in [-1,1], on any device. With options.accumulate = k it is worked on in k equal parts one
    /// after the other and the gradient is the mean of theirs; BatchNorm's joint statistics of signed and
    /// real images are then each part's own. Throws Internal naming the first loss term that is not finite;
    /// the weights are then as before the step. Throws Environment when another rank is lost. Reads from the
    /// device once, with a code three times.
    StepResult step(const torch::Tensor& batch);

    /// What the next step draws its random numbers from.
    StepRandom randomOfNextStep() const;
    std::uint64_t stepsDone() const { return m_step; }
    int batchSide() const;
    /// What a loader needs for this rank's batches.
    training::LoaderOptions loaderOptions() const;
    Networks& networks() { return *m_networks; }
    /// The average of the weights that validation and export use; null without one.
    training::WeightAverage* average() { return m_average.get(); }
    /// Goes on from the weights of a trained model ("injector.*", "detector.*") instead of random ones.
    /// Throws Corrupt where they are another network's.
    void startFrom(const nn::TensorMap& weights);
    const TrainingOptions& options() const { return m_options; }

    /// Whole state on the CPU: "net.*", "adam.*", "average.*", and the ladder as metadata.
    nn::TensorMap tensors();
    nn::TextMap metadata() const;
    void restore(const nn::SafeTensors& checkpoint);

private:
    using Terms = std::vector<std::pair<std::string, torch::Tensor>>;
    /// What one batch came to, still on the device.
    struct Pass {
        Terms terms;             ///< of the loss, to be added
        Terms measured;          ///< numbers for the record and the ladder
        std::vector<int> kinds;  ///< ladder: the photometric attack each signed image passed
        torch::Tensor right;     ///< ladder: see StepReadings
    };
    Pass ladderPass(const torch::Tensor& x, StepRandom& random);
    Pass paperPass(const torch::Tensor& x, StepRandom& random);
    StepReadings read(const std::vector<Pass>& passes, const torch::Tensor& norm) const;
    torch::Tensor attackPhotometrically(const torch::Tensor& x, StepRandom& random, std::vector<int>& kinds);
    double learningRate() const;

    /// Images of one pass over all ranks, those of them this rank takes, and the number of the first of
    /// these.
    std::int64_t passImages() const { return m_options.batch / m_options.accumulate; }
    std::int64_t share() const { return passImages() / m_group->size(); }
    std::int64_t firstImage() const { return m_group->rank() * share(); }
    /// This rank's part of what was drawn for all images of a pass.
    torch::Tensor ofShare(const torch::Tensor& perImage) const;
    /// Mean of a loss [share] by the images' weights over all ranks' images: the ranks' mean of it is that of
    /// one process.
    torch::Tensor weightedMean(const torch::Tensor& loss, const torch::Tensor& weight);

    std::optional<nn::KeptHeap> m_heap;  ///< not with checkpointing, which is there to save memory
    TrainingOptions m_options;
    c10::intrusive_ptr<training::ProcessGroup> m_group;
    torch::Device m_device;
    bool m_bf16;
    std::unique_ptr<Networks> m_networks;
    std::unique_ptr<training::Adam> m_adam;
    std::unique_ptr<training::GradientAveraging> m_averaging;
    std::unique_ptr<training::WeightAverage> m_average;
    std::unique_ptr<Ladder> m_ladder;
    std::uint64_t m_step = 0;
};

}  // namespace signet::signature
