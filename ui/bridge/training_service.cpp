#include "ui/bridge/training_service.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/tasks/all_tasks.h"
#include "ui/bridge/text.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

using training::RunState;

constexpr int kPollsAListing = 10;  ///< the list of runs is read once a second

/// work's answer, or the message of what it threw.
template <typename Work>
std::string problemOf(Work&& work) {
    try {
        work();
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

/// The run of one job: its own record says where it ends.
void trainAsJob(const fs::path& folder, const fs::path& workspace, jobs::JobContext& context) {
    lowerThreadPriority();
    auto control = training::controlOf(context);
    const auto steps = training::readRunRecord(folder).steps;
    control.onRecord = [&](const Json& record) {
        context.report(record.at("step").get<std::uint64_t>(), steps, "training");
    };
    training::runTraining(tasks::all(), {folder, {}, true, 0, "auto", workspace}, control);
}

}  // namespace

std::uint64_t RunEntry::step() const {
    const auto newest = latest.find("step");
    return std::max(record.step, newest != latest.end() ? newest->get<std::uint64_t>() : 0);
}

bool RunEntry::canResume() const {
    return !job && problem.empty() && record.state != RunState::Running && record.state != RunState::Paused &&
           record.step < record.steps;
}

TrainingService::TrainingService(const std::shared_ptr<jobs::DeviceLease>& lease, fs::path workspace,
                                 std::shared_ptr<training::RunWatcher> watcher, QObject* parent)
    : QObject(parent),
      m_workspace(std::move(workspace)),
      m_runsFolder(m_workspace / "runs"),
      m_outbox([this](quint64, Message& message) { announce(message); }, [this] { poll(); }),
      m_watcher(std::move(watcher)),
      // of a job's many states only the newest of a turn counts
      m_queue(*lease, [lease, out = m_outbox.withoutRequest()](const jobs::JobInfo& info) {
          out.sendLatest(info, info.id);
      }) {}

TrainingService::~TrainingService() = default;

void TrainingService::start() {
    if (m_watching) return;
    m_watching = true;
    m_outbox.begin();  // for good
    refreshList();
}

void TrainingService::post(std::function<void(const Sender&)> work) {
    postUnder(m_outbox.withoutRequest(), std::move(work));
}

void TrainingService::postNewest(quint64& newest, std::function<void(const Sender&)> work) {
    m_outbox.end(newest);
    const Sender out = m_outbox.begin();
    newest = out.request();
    postUnder(out, std::move(work));
}

void TrainingService::postUnder(const Sender& out, std::function<void(const Sender&)> work) {
    m_files.post(out.request(), [work = std::move(work), out](const std::stop_token& stop) {
        if (stop.stop_requested()) return;
        if (auto problem = problemOf([&] { work(out); }); !problem.empty()) out.finish(Problem{problem});
    });
}

void TrainingService::refreshList() {
    post([folder = m_runsFolder](const Sender& out) { out.send(Listed{training::listRuns(folder)}); });
}

void TrainingService::poll() {
    if (!m_watching) return;
    if (++m_polls % kPollsAListing == 0) refreshList();
    if (m_polling->busy.exchange(true)) return;  // the last one is still at work
    post([watcher = m_watcher, polling = m_polling](const Sender& out) {
        std::string problem = problemOf([&] {
            for (auto& news : watcher->poll())
                out.send(RunNewsPtr(std::make_shared<training::RunNews>(std::move(news))));
        });
        // said once, not at every poll until one goes well
        if (!problem.empty() && problem != polling->problem) out.send(Problem{problem});
        polling->problem = std::move(problem);
        polling->busy = false;
    });
}

const RunEntry* TrainingService::run(const fs::path& folder) const {
    const auto at =
        std::find_if(m_runs.begin(), m_runs.end(), [&](const auto& r) { return r.folder == folder; });
    return at == m_runs.end() ? nullptr : &*at;
}

RunEntry* TrainingService::entry(const fs::path& folder) {
    return const_cast<RunEntry*>(std::as_const(*this).run(folder));
}

void TrainingService::create(const Json& options, const training::RunNotes& notes) {
    post([folder = m_runsFolder, workspace = m_workspace, options, notes](const Sender& out) {
        out.send(Created{training::createRun(tasks::all(), folder, options, notes, workspace)});
    });
}

void TrainingService::setNotes(const fs::path& folder, const training::RunNotes& notes) {
    post([=](const Sender&) { training::writeRunNotes(folder, notes); });
    refreshList();
}

void TrainingService::enqueue(const fs::path& folder) {
    if (m_active.contains(folder)) return;
    const auto id = m_queue.enqueue(folder.filename().string(),
                                    [folder, workspace = m_workspace](jobs::JobContext& context) {
                                        trainAsJob(folder, workspace, context);
                                    });
    m_active[folder] = id;
}

int TrainingService::waitingOfEarlierSessions() const {
    return static_cast<int>(std::count_if(m_runs.begin(), m_runs.end(), [this](const RunEntry& run) {
        return !m_active.contains(run.folder) && run.problem.empty() && run.record.state == RunState::Queued;
    }));
}

void TrainingService::enqueueWaiting() {
    std::vector<const RunEntry*> waiting;
    for (const RunEntry& run : m_runs) {
        if (!m_active.contains(run.folder) && run.problem.empty() && run.record.state == RunState::Queued)
            waiting.push_back(&run);
    }
    std::sort(waiting.begin(), waiting.end(),
              [](const RunEntry* a, const RunEntry* b) { return a->record.queuedUtc < b->record.queuedUtc; });
    for (const RunEntry* run : waiting) enqueue(run->folder);
}

void TrainingService::pause(const fs::path& folder) {
    if (const auto at = m_active.find(folder); at != m_active.end()) m_queue.pause(at->second);
}

void TrainingService::resume(const fs::path& folder) {
    if (const auto at = m_active.find(folder); at != m_active.end())
        m_queue.resume(at->second);
    else
        enqueue(folder);
}

void TrainingService::stop(const fs::path& folder, jobs::Ending ending) {
    const auto at = m_active.find(folder);
    const RunEntry* known = run(folder);
    const bool working =
        at != m_active.end() && known && known->job && known->job->state != jobs::JobState::Queued;
    if (at != m_active.end()) m_queue.stop(at->second, ending);
    if (working || ending != jobs::Ending::Discard) return;
    post([folder](const Sender&) {
        if (training::readRunRecord(folder).state == RunState::Running)
            throw Error(ErrorCode::Exists, "another process trains this run: stop it there");
        fs::remove_all(folder);
    });
    refreshList();
}

void TrainingService::finishAll() {
    for (const auto& [folder, id] : m_active) m_queue.stop(id, jobs::Ending::KeepCheckpoint);
}

void TrainingService::follow(const std::vector<fs::path>& folders) {
    post([folders, watcher = m_watcher](const Sender&) { watcher->follow(folders); });
}

void TrainingService::requestCheckpoints(const fs::path& folder) {
    post([folder](const Sender& out) { out.send(Checkpoints{folder, training::listCheckpoints(folder)}); });
}

void TrainingService::requestSample(const fs::path& file) {
    postNewest(m_sample, [file](const Sender& out) { out.finish(loadImage(file)); });
}

void TrainingService::requestData(const Json& options) {
    post([options](const Sender& out) {
        Data data{options, {}, {}};
        data.problem = problemOf([&] { data.summary = training::summarizeData(tasks::all(), options); });
        out.send(std::move(data));
    });
}

void TrainingService::requestStart(const Json& options) {
    postNewest(m_startCheck, [options, workspace = m_workspace](const Sender& out) {
        out.finish(Start{problemOf([&] { training::checkStart(tasks::all(), options, workspace); })});
    });
}

void TrainingService::requestProbe(const Json& options) {
    m_outbox.end(m_probe);
    const Sender out = m_outbox.begin();
    m_probe = out.request();
    m_probes.postLatest(m_probe, [options, workspace = m_workspace, out](const std::stop_token& stop) {
        lowerThreadPriority();
        Probed probed;
        const WorkContext context{stop, [&](std::uint64_t done, std::uint64_t total, const std::string&) {
                                      out.sendLatest(ProbeStep{done, total});
                                  }};
        probed.problem = problemOf(
            [&] { probed.probe = training::probe(tasks::all(), options, context, "auto", workspace); });
        out.finish(std::move(probed));
    });
}

void TrainingService::exportModel(const fs::path& run, const std::string& checkpointFile,
                                  const std::string& modelName) {
    post([=, workspace = m_workspace](const Sender& out) {
        const fs::path folder = workspace / "models" / modelName;
        training::exportModel(tasks::all(), run, checkpointFile, folder);
        out.send(Exported{modelName, models::readManifest(folder).kind()});
    });
}

void TrainingService::updateRuns(Listed& listed) {
    std::vector<RunEntry> fresh;
    for (auto& listing : listed.runs) {
        RunEntry next{std::move(listing.folder),
                      std::move(listing.record),
                      std::move(listing.notes),
                      std::move(listing.problem),
                      {},
                      Json::object()};
        if (RunEntry* known = entry(next.folder)) {
            next.job = std::move(known->job);
            next.latest = std::move(known->latest);
        }
        fresh.push_back(std::move(next));
    }
    m_runs = std::move(fresh);
    Q_EMIT runsChanged();
}

void TrainingService::updateJob(const jobs::JobInfo& info) {
    const auto at =
        std::find_if(m_active.begin(), m_active.end(), [&](const auto& a) { return a.second == info.id; });
    if (at == m_active.end()) return;
    RunEntry* known = entry(at->first);
    const bool over = jobs::isOver(info.state);
    if (known) known->job = over ? std::nullopt : std::optional(info);
    if (over) {
        m_active.erase(at);
        if (info.state == jobs::JobState::Failed) Q_EMIT failed(sentence(info.message));
        refreshList();
    }
    Q_EMIT runsChanged();
    if (over && m_active.empty()) Q_EMIT becameIdle();
}

void TrainingService::noteLatest(const training::RunNews& news) {
    if (RunEntry* known = entry(news.folder)) {
        if (news.curvesRestarted) known->latest = Json::object();
        for (const Json& record : news.curves) known->latest.update(record);
    }
}

void TrainingService::announce(Message& message) {
    if (auto* listed = std::get_if<Listed>(&message)) {
        updateRuns(*listed);
    } else if (const auto* info = std::get_if<jobs::JobInfo>(&message)) {
        updateJob(*info);
    } else if (const auto* created = std::get_if<Created>(&message)) {
        refreshList();
        enqueue(created->folder);
        Q_EMIT runCreated(fromPath(created->folder));
    } else if (const auto* news = std::get_if<RunNewsPtr>(&message)) {
        noteLatest(**news);
        Q_EMIT newsArrived(*news);
    } else if (const auto* checkpoints = std::get_if<Checkpoints>(&message)) {
        Q_EMIT checkpointsReady(fromPath(checkpoints->folder), checkpoints->list);
    } else if (const auto* sample = std::get_if<LoadedImagePtr>(&message)) {
        Q_EMIT sampleReady(*sample);
    } else if (const auto* data = std::get_if<Data>(&message)) {
        Q_EMIT dataReady(data->options, data->summary, sentence(data->problem));
    } else if (const auto* start = std::get_if<Start>(&message)) {
        Q_EMIT startChecked(sentence(start->problem));
    } else if (const auto* step = std::get_if<ProbeStep>(&message)) {
        Q_EMIT probeProgress(static_cast<int>(step->done), static_cast<int>(step->total));
    } else if (const auto* probed = std::get_if<Probed>(&message)) {
        Q_EMIT probeReady(probed->probe, sentence(probed->problem));
    } else if (const auto* exported = std::get_if<Exported>(&message)) {
        Q_EMIT modelExported(toText(exported->name), exported->kind);
    } else if (const auto* problem = std::get_if<Problem>(&message)) {
        Q_EMIT failed(sentence(problem->message));
    }
}

}  // namespace signet::ui
