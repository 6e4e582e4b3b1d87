#include "ui/bridge/experiment_service.h"

#include <algorithm>
#include <map>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/experiments/result_table.h"
#include "ui/bridge/text.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

using experiments::Experiment;
using experiments::Row;
using experiments::RowPlan;
using ExperimentNews = ExperimentService::News;
using ExperimentSender = Outbox<ExperimentNews>::Sender;

constexpr const char* kUsualPreset = "cpu";

fs::path experimentFolder(const fs::path& workspace, const std::string& preset) {
    return workspace / "experiments" / preset;
}

/// Names of an experiment's rows; they do not depend on the data folder, and only that it is one is looked
/// at.
std::vector<std::string> plannedRows(const Experiment& experiment, const std::string& preset) {
    std::vector<std::string> names;
    const experiments::Settings settings(preset, dataFolder() / "resources" / "experiments");
    for (const RowPlan& plan : experiment.rows(settings)) names.push_back(plan.name);
    return names;
}

ExperimentTable experimentTableOf(const Experiment& experiment, const std::string& preset,
                                  const fs::path& own, const fs::path& shipped) {
    ExperimentTable table;
    table.experiment = &experiment;
    std::vector<std::string> order;
    try {
        order = plannedRows(experiment, preset);
        table.planned = static_cast<int>(order.size());
    } catch (const std::exception& error) {
        table.problem = error.what();
    }
    std::map<std::string, std::pair<Row, bool>> found;
    for (const bool isOwn : {true, false}) {
        try {
            for (Row& row : experiments::readRows(isOwn ? own : shipped, experiment.id)) {
                const std::string name = row.name;
                const bool isNew = found.try_emplace(name, std::move(row), isOwn).second;
                if (isNew && std::find(order.begin(), order.end(), name) == order.end())
                    order.push_back(name);
            }
        } catch (const std::exception& error) {
            table.problem = error.what();
        }
    }
    for (const std::string& name : order) {
        const auto at = found.find(name);
        if (at == found.end()) continue;
        table.rows.push_back(std::move(at->second.first));
        table.isOwn.push_back(at->second.second);
        found.erase(at);
    }
    return table;
}

ExperimentTablesPtr readExperimentTables(std::string preset, const fs::path& workspace,
                                         const std::optional<fs::path>& shipped,
                                         const std::stop_token& stop) {
    auto all = std::make_shared<ExperimentTables>();
    try {
        all->presets = experiments::Settings::presets();
        const auto has = [&](const std::string& name) {
            return std::find(all->presets.begin(), all->presets.end(), name) != all->presets.end();
        };
        if (!has(preset)) preset = has(kUsualPreset) || all->presets.empty() ? kUsualPreset : all->presets[0];
        all->preset = preset;
        const fs::path own = experimentFolder(workspace, preset) / "results";
        const fs::path others =
            (shipped ? *shipped : dataFolder() / "resources" / "experiments" / "results") / preset;
        for (const Experiment& experiment : experiments::all()) {
            if (stop.stop_requested()) break;
            all->tables.push_back(experimentTableOf(experiment, preset, own, others));
        }
    } catch (const std::exception& error) {
        all->problem = error.what();
    }
    return all;
}

/// Says how far a run is: what core tells of rows, trainings and other work, put together. For the thread of
/// the run.
class RunTeller {
public:
    RunTeller(ExperimentSender out, const Experiment& experiment, const experiments::Settings& settings)
        : m_out(std::move(out)), m_id(experiment.id), m_plans(experiment.rows(settings)) {}

    void beginRow(const std::string& text) {
        m_progress = {text, {}, 0, 0};
        m_row = text.starts_with(m_id + ": ") ? text.substr(m_id.size() + 2) : text;
        m_lastStep = 0;
        m_out.sendLatest(m_progress);
    }
    void trained(const Json& record, const experiments::Workshop& workshop) {
        const auto step = record.value("step", std::uint64_t{0});
        if (m_lastStep == 0 || step < m_lastStep) m_steps = stepsOfTraining(workshop);
        m_lastStep = step;
        tell({}, step, m_steps);
    }
    void tell(const std::string& what, std::uint64_t done, std::uint64_t total) {
        m_progress.what = what;
        m_progress.done = done;
        m_progress.total = total;
        m_out.sendLatest(m_progress);
    }

private:
    /// Of the first training of the row whose model is not there yet; 0 where it is one that the row asks for
    /// while it is measured.
    std::uint64_t stepsOfTraining(const experiments::Workshop& workshop) const {
        const auto plan = std::find_if(m_plans.begin(), m_plans.end(),
                                       [this](const RowPlan& other) { return other.name == m_row; });
        if (plan == m_plans.end()) return 0;
        const auto isToDo = [&](const Json& training) {
            return !fs::exists(workshop.runOf(training) / "model" / "manifest.json");
        };
        for (const Json& training : plan->trainings) {
            if (!isToDo(training)) continue;
            for (const std::string& key : experiments::neededBy(training))
                if (isToDo(training.at(key))) return training.at(key).value("steps", std::uint64_t{0});
            return training.value("steps", std::uint64_t{0});
        }
        return 0;
    }

    ExperimentSender m_out;
    std::string m_id;
    std::vector<RowPlan> m_plans;
    ExperimentProgress m_progress;
    std::string m_row;
    std::uint64_t m_lastStep = 0, m_steps = 0;
};

/// Never throws.
ExperimentEnd carryOutExperiment(const ExperimentOrder& order, const fs::path& workspace,
                                 const std::stop_token& stop, const ExperimentSender& out) {
    ExperimentEnd end;
    end.order = order;
    try {
        const Experiment& experiment = experiments::find(order.id);
        const experiments::Settings settings(order.preset, order.data);
        RunTeller teller(out, experiment, settings);
        experiments::Workshop* made = nullptr;
        const fs::path folder = experimentFolder(workspace, order.preset);
        if (!order.probeOnly) fs::create_directories(folder / "results");
        experiments::Workshop workshop(
            {.folder = folder,
             .results = folder / "results",
             .workspace = workspace,
             .device = "auto",
             .threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()))},
            settings,
            {stop, [&](std::uint64_t done, std::uint64_t total,
                       const std::string& what) { teller.tell(what, done, total); }},
            [&](const Json& record) {
                if (made) teller.trained(record, *made);
            });
        made = &workshop;
        const experiments::Listener listener{
            .onRow =
                [&](const Row& row) {
                    ++end.made;
                    if (!order.probeOnly) {
                        out.send(ExperimentService::RowMade{row.name});
                        return;
                    }
                    out.send(ProbedTraining{row.name, row.ours.value("seconds_per_step", 0.0),
                                            row.ours.value("peak_rss_mib", 0.0),
                                            row.ours.value("steps", std::int64_t{0})});
                },
            .onFailure =
                [&](const std::string& row, const Error& error) {
                    ++end.failed;
                    out.send(ExperimentFailure{order.id, row, error.what()});
                },
            .onText = [&](const std::string& text) { teller.beginRow(text); }};
        if (order.probeOnly)
            experiments::probeExperiment(experiment, workshop, listener);
        else
            (void)experiments::runExperiment(experiment, workshop, listener);
    } catch (const std::exception& error) {
        const auto* known = dynamic_cast<const Error*>(&error);
        end.isStopped = known && known->code() == ErrorCode::Cancelled;
        if (!end.isStopped) end.problem = error.what();
    }
    return end;
}

bool isHtmlName(const fs::path& file) {
    const QString ending = toText(file.extension().native()).toLower();
    return ending == QLatin1String(".html") || ending == QLatin1String(".htm");
}

}  // namespace

int ExperimentTable::count(bool own) const {
    return static_cast<int>(std::count(isOwn.begin(), isOwn.end(), own));
}

ExperimentService::ExperimentService(fs::path workspace, QObject* parent)
    : QObject(parent),
      m_workspace(std::move(workspace)),
      m_readings([this](quint64, const ExperimentTablesPtr& tables) { Q_EMIT tablesRead(tables); }),
      m_news([this](quint64, const News& news) { announce(news); }, {}, [this] { Q_EMIT becameIdle(); }) {}

void ExperimentService::read(const std::string& preset) {
    m_readings.endAll();
    const auto out = m_readings.begin();
    m_reader.postLatest(out.request(), [out, preset, workspace = m_workspace,
                                        shipped = m_shipped](const std::stop_token& stop) {
        out.finish(readExperimentTables(preset, workspace, shipped, stop));
    });
}

void ExperimentService::start(const ExperimentOrder& order) {
    if (isRunning()) return;
    const auto out = m_news.begin();
    m_run = out.request();
    m_stopAsked = std::stop_source();
    m_runner.post(out.request(), [out, order, workspace = m_workspace,
                                  asked = m_stopAsked](const std::stop_token& ending) mutable {
        const std::stop_callback serviceEnds(ending, [&asked] { asked.request_stop(); });
        lowerThreadPriority();
        out.finish(carryOutExperiment(order, workspace, asked.get_token(), out));
    });
}

void ExperimentService::stop() {
    m_stopAsked.request_stop();  // not the worker's cancelAll: what still waits there would never answer
}

void ExperimentService::write(const fs::path& file, const Experiment& experiment,
                              const std::vector<Row>& rows) {
    const auto out = m_news.begin();
    m_writer.post(out.request(), [out, file, rows, &experiment](const std::stop_token&) {
        Written answer{file, {}};
        try {
            writeFileAtomically(
                file, isHtmlName(file) ? experiments::htmlOf(experiment, rows) : experiments::csvOf(rows),
                IfExists::Replace);
        } catch (const std::exception& error) {
            answer.problem = error.what();
        }
        out.finish(std::move(answer));
    });
}

void ExperimentService::announce(const News& news) {
    if (const auto* latest = std::get_if<ExperimentProgress>(&news)) return progress(*latest);
    if (const auto* made = std::get_if<RowMade>(&news)) return rowMade(toText(made->row));
    if (const auto* failure = std::get_if<ExperimentFailure>(&news)) return rowFailed(*failure);
    if (const auto* training = std::get_if<ProbedTraining>(&news)) return probed(*training);
    if (const auto* end = std::get_if<ExperimentEnd>(&news)) return ended(*end);
    const auto& file = std::get<Written>(news);
    if (file.problem.empty())
        Q_EMIT written(file.file);
    else
        Q_EMIT writeFailed(sentence(file.problem));
}

}  // namespace signet::ui
