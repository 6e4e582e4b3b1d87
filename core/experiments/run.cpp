#include "core/experiments/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <set>

#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/experiments/result_table.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

double secondsSince(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

fs::path rowsFile(const fs::path& folder, const std::string& id) {
    return folder / (id + ".json");
}

/// What decides a row beside the sizes that it is measured at: the protocol, and its models by key.
Json settingOf(const Experiment& experiment, const RowPlan& plan, const Workshop& workshop) {
    Json setting = plan.setting;
    setting["protocol"] = experiment.protocol;
    setting["data"] = workshop.dataKey();
    setting["preset"] = workshop.settings().preset();
    setting["seed"] = plan.trainings.empty() ? Json() : plan.trainings.front().value("seed", Json());
    setting["models"] = Json::array();
    for (const Json& training : plan.trainings) {
        Json model = {{"key", workshop.keyOf(training)}};
        for (const char* key : {"task", "side", "bits", "steps", "batch"})
            if (training.contains(key)) model[key] = training[key];
        setting["models"].push_back(model);
    }
    return setting;
}

void writeResults(const Experiment& experiment, const fs::path& folder, const std::vector<Row>& rows) {
    Json json = {{"id", experiment.id},
                 {"title", experiment.title},
                 {"source", experiment.source},
                 {"note", experiment.note},
                 {"rows", Json::array()}};
    for (const Row& row : rows) json["rows"].push_back(row.toJson());
    writeFileAtomically(rowsFile(folder, experiment.id), json.dump(1) + "\n", IfExists::Replace);
    writeFileAtomically(folder / (experiment.id + ".csv"), csvOf(rows), IfExists::Replace);
    writeFileAtomically(folder / (experiment.id + ".html"), htmlOf(experiment, rows), IfExists::Replace);
}

Row measured(const Experiment& experiment, const RowPlan& plan, const Json& setting, Workshop& workshop) {
    std::vector<fs::path> models;
    (void)workshop.takeTrainingSeconds();
    (void)workshop.takeSizes();
    for (const Json& training : plan.trainings) models.push_back(workshop.trained(training));
    const double before = workshop.takeTrainingSeconds();
    Row row{experiment.id, plan.name, plan.paper, {}, setting, 0};
    const auto begin = std::chrono::steady_clock::now();
    row.ours = plan.measure(workshop, models);
    const double within = workshop.takeTrainingSeconds();
    row.seconds = std::max(0.0, secondsSince(begin) - within);
    row.setting["training_seconds"] = before + within;
    row.setting["sizes"] = workshop.takeSizes();
    return row;
}

/// Made at the same setting and sizes.
bool isOf(const Row& row, const RowPlan& plan, const Json& setting, const Settings& settings) {
    Json kept = row.setting;
    kept.erase("training_seconds");
    kept.erase("sizes");
    return row.name == plan.name && kept == setting &&
           settings.hasSizes(row.setting.value("sizes", Json::object()));
}

/// What goes wrong with one row is told, and the others go on; a stop ends all.
bool tried(const Listener& listener, const std::string& row, const std::function<void()>& work) {
    try {
        work();
        return true;
    } catch (const Error& error) {
        if (error.code() == ErrorCode::Cancelled) throw;
        if (listener.onFailure) listener.onFailure(row, error);
    } catch (const std::exception& problem) {
        if (listener.onFailure) listener.onFailure(row, Error(ErrorCode::Internal, problem.what()));
    }
    return false;
}

}  // namespace

Json Row::toJson() const {
    Json json = {{"id", id},     {"row", name},        {"paper", paper},
                 {"ours", ours}, {"setting", setting}, {"seconds", seconds}};
    if (!remark.empty()) json["remark"] = remark;
    return json;
}

Row Row::fromJson(const Json& json) {
    try {
        return {json.at("id"),      json.at("row"),     json.at("paper"),        json.at("ours"),
                json.at("setting"), json.at("seconds"), json.value("remark", "")};
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("a row of results is damaged: {}", error.what()));
    }
}

std::vector<Row> readRows(const fs::path& resultsFolder, const std::string& id) {
    const fs::path file = rowsFile(resultsFolder, id);
    std::vector<Row> rows;
    if (!fs::exists(file)) return rows;
    try {
        const Json results = Json::parse(readTextFile(file));
        for (const Json& row : results.at("rows")) rows.push_back(Row::fromJson(row));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{} is damaged ({}); remove it to measure anew",
                                                    toUtf8(file.native()), error.what()));
    }
    return rows;
}

int runExperiment(const Experiment& experiment, Workshop& workshop, const Listener& listener) {
    const fs::path& folder = workshop.resultsFolder();
    const FileLock lock(folder / "experiments.lock", "the folder of results");
    const std::vector<RowPlan> plans = experiment.rows(workshop.settings());
    std::vector<std::optional<Row>> rows(plans.size());
    const auto whole = [&] {
        std::vector<Row> there;
        for (const auto& row : rows)
            if (row) there.push_back(*row);
        return there;
    };
    std::vector<Json> settings;
    const auto kept = readRows(folder, experiment.id);
    for (std::size_t i = 0; i < plans.size(); ++i) {
        settings.push_back(settingOf(experiment, plans[i], workshop));
        for (const Row& row : kept)
            if (isOf(row, plans[i], settings[i], workshop.settings())) rows[i] = row;
        if (rows[i]) rows[i]->paper = plans[i].paper;
    }
    int failed = 0;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        workshop.checkStop();
        if (listener.onText) listener.onText(fmt::format("{}: {}", experiment.id, plans[i].name));
        const bool ok = tried(listener, plans[i].name, [&] {
            if (!rows[i]) rows[i] = measured(experiment, plans[i], settings[i], workshop);
        });
        failed += !ok;
        writeResults(experiment, folder, whole());
        if (ok && listener.onRow) listener.onRow(*rows[i]);
    }
    return failed;
}

void probeExperiment(const Experiment& experiment, Workshop& workshop, const Listener& listener) {
    std::set<std::string> seen;
    for (const RowPlan& plan : experiment.rows(workshop.settings())) {
        std::vector<Json> trainings = plan.trainings;
        for (std::size_t i = 0; i < trainings.size(); ++i)  // what those need is tried as well
            for (const std::string& key : neededBy(trainings[i])) trainings.push_back(trainings[i].at(key));
        for (Json& training : trainings) {
            workshop.checkStop();
            if (!seen.insert(workshop.keyOf(training)).second) continue;
            if (listener.onText)
                listener.onText(
                    fmt::format("{}: {}, {}", experiment.id, plan.name, workshop.keyOf(training)));
            const auto begin = std::chrono::steady_clock::now();
            training["threads"] = workshop.threads();
            tried(listener, plan.name, [&] {
                // A step takes the same from random weights.
                for (const std::string& key : neededBy(training))
                    training[key] = key == "start" || key == "critic"
                                        ? std::string()
                                        : workshop.untrained(training.at(key)).string();
                const auto probe =
                    training::probe(tasks::all(), training, workshop.context(), workshop.device());
                listener.onRow({experiment.id,
                                plan.name,
                                plan.paper,
                                {{"seconds_per_step", probe.secondsPerStep},
                                 {"steps_timed", probe.stepsTimed},
                                 {"peak_rss_mib", probe.peakMemoryMiB},
                                 {"steps", training.at("steps")}},
                                settingOf(experiment, plan, workshop),
                                secondsSince(begin)});
            });
        }
    }
}

}  // namespace signet::experiments
