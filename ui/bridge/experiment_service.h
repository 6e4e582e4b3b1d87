#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "core/experiments/run.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

/// What there is of an experiment at one preset.
struct ExperimentTable {
    const experiments::Experiment* experiment = nullptr;
    int planned = 0;                     ///< rows it has; 0: not known
    std::vector<experiments::Row> rows;  ///< in the experiment's order
    std::vector<bool> isOwn;             ///< of each row: measured in this workspace
    std::string problem;                 ///< why results could not be read
    /// Rows of each kind.
    int count(bool own) const;
};

struct ExperimentTables {
    std::vector<std::string> presets;  ///< that there are
    std::string preset;                ///< of these tables
    std::vector<ExperimentTable> tables;
    std::string problem;  ///< why there is nothing at all
};
using ExperimentTablesPtr = std::shared_ptr<const ExperimentTables>;

struct ExperimentOrder {
    std::string id, preset;
    std::filesystem::path data;  ///< folder of pictures to learn from
    bool probeOnly = false;
};

struct ExperimentProgress {
    std::string at;                     ///< "B.T1: variant II"
    std::string what;                   ///< being done beside training; empty: a training
    std::uint64_t done = 0, total = 0;  ///< steps of the training, or of that; total 0: not known
};

struct ExperimentFailure {
    std::string id, row, reason;
};

/// Ten steps of a training.
struct ProbedTraining {
    std::string row;  ///< the first that needs it
    double secondsPerStep = 0, peakMiB = 0;
    std::int64_t steps = 0;  ///< of the whole training
};

struct ExperimentEnd {
    ExperimentOrder order;
    int made = 0, failed = 0;  ///< rows, those that were kept among the first
    bool isStopped = false;
    std::string problem;  ///< why it could not be run at all
};

/// Reads the results of experiments, runs and probes them, and writes their tables, on workers. Results of a
/// run stand in workspace/experiments/<preset>/results, its models beside them. One run or probe at a time,
/// with low priority; it takes no turn of the device, so that whoever examines meanwhile shares it. Lives on
/// the GUI thread, which it never blocks.
class ExperimentService : public QObject {
    Q_OBJECT
public:
    struct RowMade {
        std::string row;
    };
    struct Written {
        std::filesystem::path file;
        std::string problem;
    };
    using News =
        std::variant<ExperimentProgress, RowMade, ExperimentFailure, ProbedTraining, ExperimentEnd, Written>;

    explicit ExperimentService(std::filesystem::path workspace, QObject* parent = nullptr);

    /// Where results that come with the program are, a folder a preset; resources/experiments/results
    /// unless it is set.
    void setShippedResults(const std::filesystem::path& folder) { m_shipped = folder; }

    /// Reads all tables of a preset ("": cpu, or the first there is).
    void read(const std::string& preset);
    bool isReading() const { return !m_readings.isIdle(); }

    /// Does nothing while one runs.
    void start(const ExperimentOrder& order);
    /// Ends after the step: what is done is kept, and the next start goes on there.
    void stop();
    bool isRunning() const { return m_news.isOpen(m_run); }
    /// Nothing runs and nothing is being written.
    bool isIdle() const { return m_news.isIdle(); }

    /// The table as HTML where the file's name ends like that, else as CSV. Replaces a file of that name.
    void write(const std::filesystem::path& file, const experiments::Experiment& experiment,
               const std::vector<experiments::Row>& rows);

Q_SIGNALS:
    void tablesRead(signet::ui::ExperimentTablesPtr tables);
    void progress(const signet::ui::ExperimentProgress& latest);
    /// Of the experiment that runs; it can be read.
    void rowMade(const QString& row);
    void rowFailed(const signet::ui::ExperimentFailure& failure);
    void probed(const signet::ui::ProbedTraining& training);
    void ended(const signet::ui::ExperimentEnd& end);
    void written(const std::filesystem::path& file);
    void writeFailed(const QString& message);
    void becameIdle();

private:
    void announce(const News& news);

    std::filesystem::path m_workspace;
    std::optional<std::filesystem::path> m_shipped;
    Outbox<ExperimentTablesPtr> m_readings;
    Outbox<News> m_news;
    quint64 m_run = 0;             ///< the newest request for one
    std::stop_source m_stopAsked;  ///< of that run
    WorkerThread m_reader{"experiment-read"};
    WorkerThread m_writer{"experiment-file"};
    WorkerThread m_runner{"experiment-run"};
};

}  // namespace signet::ui
