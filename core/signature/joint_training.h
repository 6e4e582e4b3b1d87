#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/base/random.h"
#include "core/nn/kept_heap.h"
#include "core/nn/safetensors.h"
#include "core/signature/training_options.h"
#include "core/training/adam.h"

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
/// bit on the CPU. For one thread.
class JointTraining {
public:
    explicit JointTraining(TrainingOptions options);
    ~JointTraining();

    /// batch: [B,3,batchSide,batchSide] in [-1,1]. With options.accumulate = k it is worked on in k equal
    /// parts one after the other and the gradient is the mean of theirs; BatchNorm's joint statistics of
    /// signed and real images are then each part's own. Throws Internal naming the first loss term that is
    /// not finite; the weights are then as before the step. Reads from the device once.
    StepResult step(const torch::Tensor& batch);

    /// What the next step draws its random numbers from.
    StepRandom randomOfNextStep() const;
    std::uint64_t stepsDone() const { return m_step; }
    int batchSide() const;
    Networks& networks() { return *m_networks; }
    const TrainingOptions& options() const { return m_options; }

    /// Whole state: "net.*", "adam.*", and the ladder as metadata.
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

    std::optional<nn::KeptHeap> m_heap;  ///< not with checkpointing, which is there to save memory
    TrainingOptions m_options;
    std::unique_ptr<Networks> m_networks;
    std::unique_ptr<training::Adam> m_adam;
    std::unique_ptr<Ladder> m_ladder;
    std::uint64_t m_step = 0;
};

/// Writes weights.safetensors and a manifest.json (validated: false) into folder, which is created if needed.
void writeModelFolder(const std::filesystem::path& folder, const TrainingOptions& options, Networks& networks,
                      std::uint64_t steps);

/// Trains into a run folder until options.steps (or maxSteps more than before, if > 0), with checkpoints,
/// metrics.jsonl and resume; at the end writes model/ (weights and manifest, not yet validated). Reports
/// StepResults to onStep. A stop request ends the run after a checkpoint.
void runJointTraining(TrainingOptions options, const std::filesystem::path& runFolder, bool resume,
                      std::uint64_t maxSteps, const std::function<void(const Json&)>& onStep,
                      const WorkContext& context);

}  // namespace signet::signature
