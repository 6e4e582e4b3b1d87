#pragma once

#include <QObject>
#include <memory>
#include <unordered_set>
#include <variant>

#include "ui/bridge/engine_watch.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

using RecordPtr = std::shared_ptr<const examine::Record>;

/// What the engine, which it waits for, says of a file; models: none stands for the default ones. Never
/// throws: see Record::error. Not for the GUI thread.
examine::Record checkFile(EngineHost& host, const std::filesystem::path& path,
                          const std::vector<std::string>& models, const WorkContext& context, int frame = 1);

/// Examines files one after another on a worker thread. Lives on the GUI thread, which it never blocks;
/// results arrive as signals, at most ten batches a second. A job's id is its generation: a cancelled job's
/// result is dropped, and a file examined again has a new id.
class ExamineService : public QObject {
    Q_OBJECT
public:
    explicit ExamineService(std::shared_ptr<EngineHost> host, QObject* parent = nullptr);

    /// The models that files queued from now on are examined with; none: the default ones.
    void setModels(std::vector<std::string> models) { m_models = std::move(models); }

    /// Queues one file, or a further page, picture or frame of it; returns the id of the job.
    quint64 enqueue(const std::filesystem::path& path, int frame = 1);
    void cancel(const std::unordered_set<std::uint64_t>& jobs);
    void cancelAll();

    int openJobs() const { return m_outbox.openCount(); }
    bool isIdle() const { return m_outbox.isIdle(); }

Q_SIGNALS:
    void started(quint64 job);
    void finished(quint64 job, signet::ui::RecordPtr record);
    void cancelled(quint64 job);
    /// what the running job does; done and total in its own units, total 0 where unknown.
    void progress(quint64 job, quint64 done, quint64 total, const QString& what);
    void engineChanged(signet::ui::EngineState state, const QString& message);
    void becameIdle();

private:
    struct Started {};
    struct Progress {
        quint64 done, total;
        std::string what;
    };
    using Message = std::variant<Started, Progress, RecordPtr>;

    void announce(quint64 job, const Message& message);

    std::shared_ptr<EngineHost> m_host;
    EngineWatch m_engine;
    std::vector<std::string> m_models;
    Outbox<Message> m_outbox;          ///< a request a job
    WorkerThread m_worker{"examine"};  // last: joined first
};

}  // namespace signet::ui
