#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/progress.h"

// The trainer as the command line and the desktop see it: no Torch header.
namespace signet::signature {

/// Trains a preset (name or JSON file) changed by "key=value" assignments into a run folder; see
/// runJointTraining. onStep gets a flat record every logged step: step, loss terms, running metrics,
/// images_per_s, eta_s. Started by torchrun, mpirun or srun, all ranks train together and rank 0 alone writes
/// and reports: true there, false on the others. Throws BadOption, NotFound, Exists, DiskFull, Environment
/// (another rank was lost), Internal (a loss that is not finite).
bool train(const std::string& presetOrFile, const std::vector<std::string>& assignments,
           const std::filesystem::path& runFolder, bool resume, std::uint64_t maxSteps,
           const std::function<void(const Json&)>& onStep, const WorkContext& context);

/// Names of the presets, comma-separated.
std::string presetList();

}  // namespace signet::signature
