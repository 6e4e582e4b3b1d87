#pragma once

#include <torch/types.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"
#include "core/signature/networks.h"
#include "core/signature/running.h"
#include "core/signature/stuck_watch.h"
#include "core/signature/training_options.h"
#include "core/training/metric.h"
#include "core/training/task.h"

namespace signet::signature {

class ValidationViews;

/// The images of a pass (a batch, or one of the parts it is worked on in) over all ranks, and this rank's
/// share of them.
class PassShare {
public:
    PassShare(const TrainingOptions& options, c10::intrusive_ptr<training::ProcessGroup> group)
        : m_images(options.batch / options.accumulate), m_group(std::move(group)) {}

    std::int64_t allImages() const { return m_images; }
    std::int64_t ownImages() const { return m_images / m_group->size(); }
    /// Number of this rank's first image.
    std::int64_t firstImage() const { return m_group->rank() * ownImages(); }
    /// This rank's part of what was drawn for all images.
    torch::Tensor of(const torch::Tensor& perImage) const;
    /// Mean of a loss [ownImages] by the images' weights over all ranks' images: the ranks' mean of it is
    /// that of one process.
    torch::Tensor weightedMean(const torch::Tensor& loss, const torch::Tensor& weight) const;
    training::ProcessGroup& group() const { return *m_group; }

private:
    std::int64_t m_images;
    c10::intrusive_ptr<training::ProcessGroup> m_group;
};

/// What one pass came to, still on the device.
struct Pass {
    using Terms = std::vector<std::pair<std::string, torch::Tensor>>;
    Terms terms;     ///< of the loss, to be added
    Terms measured;  ///< numbers for the record and the objective's state
    std::vector<int>
        kinds;            ///< the photometric attack each signed image of all ranks passed, where it counts
    torch::Tensor right;  ///< see StepReadings
    std::vector<std::uint64_t> negatives;  ///< see StepReadings
    torch::Tensor scores;                  ///< [negatives]
};

/// What one step measured, read from the device once.
struct StepReadings {
    std::map<std::string, double> measured;
    std::vector<double>
        right;  ///< of each signed image: share of the bits read, or 1/0 for presence; -1: not asked
    std::vector<int> kinds;                ///< the photometric attack each of them passed
    std::vector<std::uint64_t> negatives;  ///< numbers of the hard negatives shown, of all ranks
    std::vector<double> scores;            ///< presence logits of them
};

/// What injector and detector are trained for: their networks, the loss of a batch, and what changes with
/// success. For one thread.
class Objective {
public:
    virtual ~Objective() = default;

    virtual Networks& networks() = 0;
    /// A step may use no part of some parameters.
    virtual bool leavesParametersOut() const = 0;
    /// x: this rank's images, [B,3,detectSide,detectSide] in [-1,1]; stepsDone: before this step.
    virtual Pass pass(const torch::Tensor& x, std::uint64_t stepsDone, StepRandom& random) = 0;
    /// The step is made: the objective's state follows what it measured; adds to what the record says.
    virtual void update(const StepReadings& readings, training::NamedValues& values) = 0;

    virtual Json state() const = 0;
    /// Throws Json's exceptions.
    virtual void restore(const Json& state) = 0;
    /// What else a checkpoint keeps of it: tensors by name.
    virtual nn::TensorMap tensors() const { return {}; }
    /// Throws Corrupt.
    virtual void restoreTensors(const nn::TensorMap& /*tensors*/) {}

    /// Judges the networks by these photographs.
    virtual training::Validation validate(const ValidationViews& views) = 0;
};

/// An objective by its name.
struct ObjectiveType {
    const char* name;  ///< "ladder": the option objective
    const char* arch;  ///< of the networks it trains: the option network.arch
    std::unique_ptr<Objective> (*make)(const TrainingOptions&, const training::Placement&);
    std::vector<training::Metric> (*metrics)(const TrainingOptions&);  ///< of steps and validations
    StuckWatch::Signs (*stuckSigns)(const TrainingOptions&);
};

/// The one these options name. Throws BadOption where there is none, or where it trains other networks than
/// these options describe.
const ObjectiveType& objectiveOf(const TrainingOptions& options);

}  // namespace signet::signature
