#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <unordered_set>
#include <variant>

#include "ui/bridge/engine.h"
#include "ui/bridge/mailbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

using RecordPtr = std::shared_ptr<const examine::Record>;

/// Examines files one after another on a worker thread. Lives on the GUI thread, which it never blocks;
/// results arrive as signals, at most ten batches a second. A job's id is its generation: a cancelled job's
/// result is dropped, and a file examined again has a new id.
class ExamineService : public QObject {
    Q_OBJECT
public:
    explicit ExamineService(std::shared_ptr<EngineHost> host, QObject* parent = nullptr);

    /// The models that files queued from now on are examined with; none: every validated one.
    void setModels(std::vector<std::string> models) { m_models = std::move(models); }

    /// Queues one file, or a further page, picture or frame of it; returns the id of the job.
    quint64 enqueue(const std::filesystem::path& path, int frame = 1);
    void cancel(const std::unordered_set<std::uint64_t>& jobs);
    void cancelAll();

    int openJobs() const { return static_cast<int>(m_open.size()); }
    bool isIdle() const { return m_open.empty(); }

Q_SIGNALS:
    void started(quint64 job);
    void finished(quint64 job, signet::ui::RecordPtr record);
    void cancelled(quint64 job);
    /// what the running job does; done and total in its own units, total 0 where unknown.
    void progress(quint64 job, quint64 done, quint64 total, const QString& what);
    void engineChanged(signet::ui::EngineState state, const QString& message);
    void becameIdle();

private:
    struct Started {
        quint64 job;
    };
    struct Finished {
        quint64 job;
        RecordPtr record;
    };
    using Event = std::variant<Started, Finished>;
    struct Progress {
        quint64 job = 0;
        quint64 done = 0;
        quint64 total = 0;
        std::string what;
        bool fresh = false;
    };
    /// Shared with the tasks, which may outlive a signal but not the thread.
    struct Shared {
        Mailbox<Event> events;
        std::mutex progressMutex;
        Progress progress;
    };

    void drain();
    void pollEngine();

    std::shared_ptr<EngineHost> m_host;
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
    EngineHost::Status m_lastStatus;
    std::unordered_set<std::uint64_t> m_open;
    std::vector<std::string> m_models;
    quint64 m_nextJob = 1;
    QTimer m_timer;
    WorkerThread m_worker{"examine"};  // last: joined first
};

}  // namespace signet::ui
