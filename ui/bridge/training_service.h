#pragma once

#include <QObject>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "core/jobs/job_queue.h"
#include "core/training/run_files.h"
#include "core/training/run_watcher.h"
#include "core/training/train.h"
#include "ui/bridge/loaded_image.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

/// A run as the desktop shows it.
struct RunEntry {
    std::filesystem::path folder;
    training::RunRecord record;
    training::RunNotes notes;
    std::string problem;               ///< why its record cannot be read
    std::optional<jobs::JobInfo> job;  ///< while this process has it: waiting, running, paused or ending
    Json latest = Json::object();      ///< newest value of each curve, of a run that is followed

    std::uint64_t step() const;  ///< the newest known
    /// It has a checkpoint and nobody works on it.
    bool canResume() const;
};

using RunNewsPtr = std::shared_ptr<const training::RunNews>;

/// Training on this machine and what is known of all runs of the workspace. Lives on the GUI thread, which it
/// never blocks: runs train on the queue's own thread, which shares the device with examinations step by
/// step; files are read on another. What a run did is read from its folder in every case, so a run that
/// another process trains looks the same.
class TrainingService : public QObject {
    Q_OBJECT
public:
    /// lease: of the device that the networks share. workspace: its runs are these, and its models those that
    /// options may name. watcher: what follows the runs.
    TrainingService(const std::shared_ptr<jobs::DeviceLease>& lease, std::filesystem::path workspace,
                    std::shared_ptr<training::RunWatcher> watcher = std::make_shared<training::RunWatcher>(),
                    QObject* parent = nullptr);
    ~TrainingService() override;

    /// Reads the list of runs and keeps it fresh from now on; runsChanged follows.
    void start();
    const std::vector<RunEntry>& runs() const { return m_runs; }
    const RunEntry* run(const std::filesystem::path& folder) const;

    /// A new run at the end of the queue; runCreated or failed follows.
    void create(const Json& options, const training::RunNotes& notes = {});
    void setNotes(const std::filesystem::path& folder, const training::RunNotes& notes);
    /// Puts a run of the list into the queue of this process: a waiting one starts, others go on from their
    /// last checkpoint.
    void enqueue(const std::filesystem::path& folder);
    /// Puts all runs that wait since an earlier session into the queue.
    void enqueueWaiting();
    int waitingOfEarlierSessions() const;
    void pause(const std::filesystem::path& folder);
    void resume(const std::filesystem::path& folder);
    /// Ends a run of this process, or takes a waiting one out of the queue. Discard removes the folder, also
    /// of a run that nobody works on.
    void stop(const std::filesystem::path& folder, jobs::Ending ending);

    /// The runs whose curves, samples and logs are wanted; newsArrived brings them from their beginning.
    void follow(const std::vector<std::filesystem::path>& folders);

    void requestCheckpoints(const std::filesystem::path& folder);
    /// Of sample grids only the last one asked for arrives.
    void requestSample(const std::filesystem::path& file);
    /// The photographs that a run with these options would have.
    void requestData(const Json& options);
    /// Whether a run with these options can start from the weights its option start names. Only the last one
    /// asked for is answered.
    void requestStart(const Json& options);
    void requestProbe(const Json& options);
    /// Installs a checkpoint as a model; modelExported or failed follows.
    void exportModel(const std::filesystem::path& run, const std::string& checkpointFile,
                     const std::string& modelName);

    /// No run works or ends in this process.
    bool isIdle() const { return m_active.empty(); }
    /// Asks every run of this process to keep a checkpoint and end; becameIdle follows.
    void finishAll();

Q_SIGNALS:
    void runsChanged();
    void runCreated(const QString& folder);
    void newsArrived(signet::ui::RunNewsPtr news);
    void checkpointsReady(const QString& folder, const std::vector<signet::training::CheckpointFile>& list);
    void sampleReady(signet::ui::LoadedImagePtr picture);
    void dataReady(const signet::Json& options, const signet::training::DataSummary& summary,
                   const QString& problem);
    /// Empty: it can.
    void startChecked(const QString& problem);
    void probeProgress(int done, int total);
    void probeReady(const signet::training::Probe& probe, const QString& problem);
    void modelExported(const QString& name, signet::models::Kind kind);
    void failed(const QString& message);
    void becameIdle();

private:
    struct Listed {
        std::vector<training::RunListing> runs;
    };
    struct Created {
        std::filesystem::path folder;
    };
    struct Checkpoints {
        std::filesystem::path folder;
        std::vector<training::CheckpointFile> list;
    };
    struct Data {
        Json options;
        training::DataSummary summary;
        std::string problem;
    };
    struct Start {
        std::string problem;
    };
    struct ProbeStep {
        std::uint64_t done, total;
    };
    struct Probed {
        training::Probe probe;
        std::string problem;
    };
    struct Exported {
        std::string name;
        models::Kind kind;
    };
    struct Problem {
        std::string message;
    };
    using Message = std::variant<Listed, Created, RunNewsPtr, Checkpoints, LoadedImagePtr, Data, Start,
                                 ProbeStep, Probed, Exported, Problem, jobs::JobInfo>;
    using Sender = Outbox<Message>::Sender;
    struct Polling {
        std::atomic<bool> busy{false};
        std::string problem;  ///< of the last poll; only its worker looks at it
    };

    void post(std::function<void(const Sender&)> work);
    /// The request newest ends, unanswered or not; this one takes its place.
    void postNewest(quint64& newest, std::function<void(const Sender&)> work);
    void postUnder(const Sender& out, std::function<void(const Sender&)> work);
    void poll();
    void announce(Message& message);
    void updateRuns(Listed& listed);
    void updateJob(const jobs::JobInfo& info);
    void noteLatest(const training::RunNews& news);
    RunEntry* entry(const std::filesystem::path& folder);
    void refreshList();

    std::filesystem::path m_workspace, m_runsFolder;
    Outbox<Message> m_outbox;
    std::shared_ptr<training::RunWatcher> m_watcher;
    std::shared_ptr<Polling> m_polling = std::make_shared<Polling>();
    std::vector<RunEntry> m_runs;
    std::map<std::filesystem::path, jobs::JobId> m_active;  ///< runs of this process that are not over
    bool m_watching = false;  ///< the list and the runs that are followed are read again and again
    quint64 m_sample = 0, m_probe = 0, m_startCheck = 0;  ///< the newest request of each
    int m_polls = 0;
    WorkerThread m_files{"runs"};
    WorkerThread m_probes{"probe"};
    jobs::JobQueue m_queue;  // last: it ends first
};

}  // namespace signet::ui
