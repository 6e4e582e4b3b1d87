#pragma once

#include "core/training/run_options.h"
#include "core/training/task.h"
#include "core/training/train.h"

// One run trained by several ranks. Rank 0 is a TrainingRun: it alone has the run folder, validates and
// reports. The others follow. Both make the calls below in the same order.
namespace signet::training {

/// The options all ranks train with: rank 0's, but each with its own folders of photographs and its own
/// threads. own: null takes over all of rank 0's. Throws BadOption on all ranks naming those that were
/// started with others.
Json agreeOnOptions(const TaskRegistry& tasks, ProcessGroup& group, const Json& own, std::uint64_t maxSteps);

/// The whole state of rank 0, on every rank.
void shareState(ProcessGroup& group, TrainingTask& task);

/// The step at which a session of a run ends.
std::uint64_t lastStep(const RunOptions& options, std::uint64_t done, std::uint64_t maxSteps);

/// Whether rank 0 writes, validates or samples after this step, while the others wait for it.
bool restsAfter(const RunOptions& options, std::uint64_t step);

/// The part of a rank other than the first. The record says step and state alone: whoever has sessions in its
/// record has written the run. Throws what the first rank's failure to begin or to finish throws,
/// Environment when a rank is lost, Cancelled when another rank was asked to stop.
RunRecord follow(const TaskRegistry& tasks, const RunRequest& request, const RunControl& control,
                 const Placement& placement);

}  // namespace signet::training
