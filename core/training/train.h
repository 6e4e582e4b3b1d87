#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/platform.h"
#include "core/base/progress.h"
#include "core/training/run_control.h"
#include "core/training/run_files.h"
#include "core/training/run_record.h"
#include "core/training/task_type.h"

// The trainer as the command line and the desktop see it: no Torch header. workspace: whose models, keys and
// feature weights options may name.
namespace signet::training {

/// Names of the presets in resources/presets.
std::vector<std::string> presetNames();

/// The options of a preset (name or JSON file) as they stand there. Throws BadOption where it is not JSON,
/// NotFound with the names there are.
Json loadPreset(const std::string& presetOrFile);

/// The whole options of a preset (name or JSON file) changed by "key=value" assignments. Throws BadOption,
/// NotFound.
Json configure(const TaskRegistry& tasks, const std::string& presetOrFile,
               const std::vector<std::string>& assignments = {});

/// Throws BadOption naming the key and its range where options are not a valid configuration.
void checkOptions(const TaskRegistry& tasks, const Json& options);

/// Throws NotFound, BadOption or Corrupt with the reason where a run with these options cannot start from the
/// weights that its option start names. Reads them: not for the GUI thread.
void checkStart(const TaskRegistry& tasks, const Json& options,
                const std::filesystem::path& workspace = defaultWorkspace());

/// A run that waits for its turn: a new folder below parent with the options. Throws BadOption, NotFound (no
/// photographs), DiskFull, NoPermission, and what checkStart throws.
std::filesystem::path createRun(const TaskRegistry& tasks, const std::filesystem::path& parent,
                                const Json& options, const RunNotes& notes = {},
                                const std::filesystem::path& workspace = defaultWorkspace());

struct RunRequest {
    std::filesystem::path folder;
    Json options;  ///< null: those of the folder's run.json
    bool resume =
        false;  ///< goes on from the last checkpoint, where there is one; else a checkpoint is an error
    std::uint64_t maxSteps = 0;  ///< > 0: ends after so many further steps
    /// "auto", "cpu" or "cuda:N"; auto: a GPU where one can be used, of several ranks on a machine each its
    /// own.
    std::string device = "auto";
    std::filesystem::path workspace = {};  ///< empty: the one the run began with, else the default
};

/// Trains a run until options.steps, maxSteps or a stop. Writes curves, checkpoints, validation and samples
/// into its folder; at the end (not after a stop that only keeps the checkpoint) the last state is validated
/// and model/ written. Returns what run.json says then; its state is Stopped or Finished, or the folder is
/// gone (Ending::Discard). Started by torchrun, mpirun or srun, all ranks train together (ranks.h): rank 0
/// alone writes and reports, the records of the others have no sessions; a stop of one rank stops all after
/// the same step, Cancelled on the others. Throws Environment (another rank was lost, or there is no such
/// device), BadOption, NotFound, Exists, DiskFull, Corrupt, Internal (a loss that is not finite: the last
/// checkpoint stays as it is); the run, where it has begun, is then Failed with that message.
RunRecord runTraining(const TaskRegistry& tasks, const RunRequest& request, const RunControl& control);

/// What a run with these options would take, from 10 steps after 2 that do not count; where they take longer,
/// from those of the first two minutes, at least one. Nothing is written.
struct Probe {
    int stepsTimed = 0;
    double secondsPerStep = 0;  ///< median
    double secondsLow = 0,
           secondsHigh = 0;    ///< of the whole run, from the 10th and the 90th percentile of a step
    double peakMemoryMiB = 0;  ///< of the process meanwhile
    double dataWaitShare = 0;
};
Probe probe(const TaskRegistry& tasks, const Json& options, const WorkContext& context,
            const std::string& device = "auto", const std::filesystem::path& workspace = defaultWorkspace());

/// The model that a run with these options would begin with: what a probe of another that needs it tries its
/// steps with.
void writeUntrained(const TaskRegistry& tasks, const Json& options, const std::filesystem::path& folder);

/// The photographs that a run with these options would have, for a picker.
struct DataSummary {
    int training = 0, validation = 0, calibration = 0;  ///< files in each part
    int originals = 0;                                  ///< distinct originals of the training part
    std::string sha256;                                 ///< of the training part's list
    std::vector<std::filesystem::path> some;            ///< the first few, to be shown
};
/// Throws NotFound where there is no image. Of the options only those are read that say which photographs.
DataSummary summarizeData(const TaskRegistry& tasks, const Json& options);

/// Makes a model folder (weights, manifest, not validated) of a checkpoint file of a run. Throws NotFound,
/// Corrupt, Exists (the folder is there already).
void exportModel(const TaskRegistry& tasks, const std::filesystem::path& runFolder,
                 const std::string& checkpointFile, const std::filesystem::path& modelFolder);

}  // namespace signet::training
