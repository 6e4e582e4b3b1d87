#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/experiments/settings.h"

namespace signet::experiments {

class Workshop;

/// One row of a table, as it is to be made.
struct RowPlan {
    std::string name;
    Json paper = Json::object();       ///< the paper's numbers, under the names that ours have
    std::vector<Json> trainings = {};  ///< whole options of the models that the row needs
    Json setting = Json::object();     ///< what else decides it
    /// Our numbers; models: the folders of what trainings asked for, in their order.
    std::function<Json(Workshop&, const std::vector<std::filesystem::path>& models)> measure;
};

/// A table or figure of a paper: data and a few functions.
struct Experiment {
    std::string id;  ///< "B.T1"
    std::string title;
    std::string source;  ///< "paper B, table 1"
    /// What must come out, and how the numbers are to be read; for people.
    std::string note;
    std::vector<RowPlan> (*rows)(const Settings& settings);
    int protocol = 1;  ///< one more for each change of what is measured: kept rows are made anew then
};

/// All there are, in the papers' order.
const std::vector<Experiment>& all();
/// Throws BadOption with the ids there are; capitals do not count.
const Experiment& find(const std::string& id);

}  // namespace signet::experiments
