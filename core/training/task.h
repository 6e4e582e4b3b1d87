#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/platform.h"
#include "core/base/random.h"
#include "core/image/image.h"
#include "core/nn/safetensors.h"
#include "core/training/loader.h"
#include "core/training/process_group.h"

namespace signet::training {

using NamedValues = std::vector<std::pair<std::string, double>>;

/// What one step came to, by the names the task's metrics have.
struct StepResult {
    std::uint64_t step = 0;  ///< steps done
    double learningRate = 0;
    NamedValues values;
};

/// What a validation came to; every name begins with kValidationPrefix.
struct Validation {
    NamedValues values;
    int photographs = 0;  ///< it was made on
};

struct Samples {
    image::Image grid;
    Json record;  ///< "rows": an object a row of the grid, as TaskType::readSample reads it, and what else is
                  ///< worth keeping
};

/// Who trains, and where.
struct Placement {
    c10::intrusive_ptr<ProcessGroup> group = c10::make_intrusive<ProcessGroup>();
    torch::Device device = torch::kCPU;
    std::filesystem::path workspace = defaultWorkspace();  ///< whose models and keys options may name
};

/// What a step draws its random numbers from: a function of the run's seed and the step alone.
inline StepRandom stepRandom(std::uint64_t seed, std::uint64_t step) {
    return StepRandom(seed, 1, step);
}

/// One thing that can be trained: networks, losses, optimisers. The run around it (TrainingRun) brings the
/// batches, keeps the checkpoints and writes down what the task says; how a step is made is the task's own
/// affair (several optimisers, gradients of gradients, alternating networks). One step is a pure function of
/// (state, seed, step, batch), so that a run resumed from a checkpoint goes on bit for bit on the CPU. With
/// several ranks each works on its share of the batch, and the state stays the same on all. For one thread.
class TrainingTask {
public:
    virtual ~TrainingTask() = default;

    /// What a loader needs for this rank's batches.
    virtual LoaderOptions loaderOptions() const = 0;

    /// batch: this rank's share as loaderOptions() gives it, on any device. Throws Internal naming the first
    /// loss term that is not finite (the weights are then as before the step), Environment when another rank
    /// is lost.
    virtual StepResult step(const Batch& batch) = 0;
    virtual std::uint64_t stepsDone() const = 0;

    /// Everything a step depends on, on the CPU: the networks' weights as "net.<name>", a running average of
    /// them as "average.<name>", whatever else there is under other names, and "step" in the metadata.
    virtual nn::SafeTensors state() = 0;
    /// Throws Corrupt, or BadOption where the state is of other networks.
    virtual void restore(const nn::SafeTensors& state) = 0;
    /// Begins with the weights of a trained model (names without "net.") instead of random ones. Throws
    /// Corrupt where they are another network's.
    virtual void startFrom(const nn::TensorMap& weights) = 0;

    /// The photographs that validations and samples are of, always the same ones: called when a run begins,
    /// on the first rank.
    virtual void setViews(const PhotoSet& photos) = 0;
    /// Nothing where the task has no validation, or no photograph for it can be read.
    virtual std::optional<Validation> validate() = 0;
    virtual std::optional<Samples> samples() = 0;

    /// What to try where the records of the curves, given one after another, show that training does not get
    /// on.
    virtual std::optional<std::string> advice(const Json& record) = 0;

    /// Writes the model as it is now (weights and manifest, validated: false) into folder, which is created
    /// if needed. origin: the run it comes from, for the manifest.
    virtual void writeModel(const std::filesystem::path& folder, const Json& origin) = 0;

    /// Trainable parameters of all networks.
    virtual std::int64_t parameterCount() const = 0;
};

}  // namespace signet::training
