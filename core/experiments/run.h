#pragma once

#include <functional>
#include <string>

#include "core/base/error.h"
#include "core/experiments/experiment.h"
#include "core/experiments/workshop.h"

namespace signet::experiments {

/// A row as it was measured.
struct Row {
    std::string id;  ///< of the experiment
    std::string name;
    Json paper, ours, setting;
    double seconds = 0;  ///< of measuring; what its models took stands in setting
    /// What a person has to say of it, such as why it came out otherwise than the paper's: written into the
    /// results' JSON by hand, it stays as long as the row.
    std::string remark = {};

    Json toJson() const;
    /// Throws Corrupt.
    static Row fromJson(const Json& json);
};

/// What is told while an experiment runs.
struct Listener {
    std::function<void(const Row& row)> onRow;  ///< also of rows that were kept
    std::function<void(const std::string& row, const Error& error)> onFailure;
    std::function<void(const std::string& text)> onText;
};

/// Makes all rows of an experiment, one after another, and keeps each as it comes in <id>.json in the
/// workshop's results folder: a second start goes on where the first was killed, and makes anew only rows
/// whose setting is another. A row that fails is told and the others go on. At the end <id>.csv and <id>.html
/// stand beside it. Returns how many rows failed. Throws Cancelled.
int runExperiment(const Experiment& experiment, Workshop& workshop, const Listener& listener);

/// Instead of that: tries some steps of each training that an experiment needs (training::probe) and tells a
/// row for each of them, {"seconds_per_step", "steps_timed", "peak_rss_mib", "steps"} as ours. Keeps nothing.
void probeExperiment(const Experiment& experiment, Workshop& workshop, const Listener& listener);

/// The rows that a results folder has of an experiment. Throws Corrupt.
std::vector<Row> readRows(const std::filesystem::path& resultsFolder, const std::string& id);

}  // namespace signet::experiments
