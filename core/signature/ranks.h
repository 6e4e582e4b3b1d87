#pragma once

#include "core/signature/joint_training.h"
#include "core/signature/train.h"
#include "core/training/process_group.h"

// One run trained by several ranks. Rank 0 is a TrainingRun: it alone has the run folder, validates and
// reports. The others follow. Both make the calls below in the same order.
namespace signet::signature {

/// The options all ranks train with: rank 0's, but each with its own folder of photographs and its own
/// threads. own: null takes over all of rank 0's. Throws BadOption on all ranks naming those that were
/// started with others.
TrainingOptions agreeOnOptions(training::ProcessGroup& group, const Json& own, std::uint64_t maxSteps);

/// Weights, moments, averages and ladder of rank 0, on every rank.
void shareState(training::ProcessGroup& group, JointTraining& job);

/// The step at which a session of a run ends.
std::uint64_t lastStep(const TrainingOptions& options, std::uint64_t done, std::uint64_t maxSteps);

/// Whether rank 0 writes, validates or samples after this step, while the others wait for it.
bool restsAfter(const TrainingOptions& options, std::uint64_t step);

/// The part of a rank other than the first. The record says step and state alone: whoever has sessions in its
/// record has written the run. Throws what the first rank's failure to begin or to finish throws,
/// Environment when a rank is lost, Cancelled when another rank was asked to stop.
training::RunRecord follow(const RunRequest& request, const training::RunControl& control,
                           const c10::intrusive_ptr<training::ProcessGroup>& group, torch::Device device);

}  // namespace signet::signature
