#pragma once

#include "core/training/loader.h"
#include "core/training/process_group.h"
#include "core/training/run_options.h"

namespace signet::training {

/// A batch is worked on in equal parts one after the other, and each part shared out to the ranks. Throws
/// BadOption where they cannot share it evenly.
void requireEvenShare(const RunOptions& run, const ProcessGroup& group, int parts = 1);

/// What a loader needs for this rank's share of the run's batches: squares of side px.
LoaderOptions loaderOfShare(const RunOptions& run, const ProcessGroup& group, int side, int parts = 1);

}  // namespace signet::training
