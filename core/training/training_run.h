#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/nn/gpu_monitor.h"
#include "core/training/loader.h"
#include "core/training/run_folder.h"
#include "core/training/run_options.h"
#include "core/training/task.h"
#include "core/training/tensorboard_events.h"
#include "core/training/throughput.h"
#include "core/training/train.h"

namespace signet::training {

/// The weights a run starts from: those of a model folder, or of a run folder's last checkpoint. Throws
/// NotFound, Corrupt.
nn::TensorMap startingWeights(const std::filesystem::path& folder);

/// One process's work on a run: the loop around a TrainingTask with all that a run leaves behind; where ranks
/// train together, that of the first of them (ranks.h). For one thread; see runTraining.
class TrainingRun {
public:
    TrainingRun(const TaskRegistry& tasks, const RunRequest& request, const RunControl& control,
                Placement placement);

    /// Throws what runTraining throws, after it has been noted in the run's record.
    RunRecord run();

    /// A stop asked of this rank or of another has ended the run.
    bool stopped() const { return m_stopped; }

private:
    void begin();
    void trainSteps();
    /// What is validated, shown and written between two steps.
    void rest();
    Batch nextBatch();
    void makeLoader();
    void note(const StepResult& result);
    /// One line of the curves beside those of the steps; process time and step are added.
    void noteValues(const NamedValues& values);
    void appendRecord(const Json& record);
    /// True where this is the best validation of the run so far.
    bool validate();
    void sample();
    /// Keeps the list of the files that the weights rest on, where it can be whole.
    void noteFiles(const PhotoSet& validation);
    /// reason: for the log, e.g. "before it holds".
    void checkpoint(bool best, std::string_view reason = {});
    void exportModelFolder();
    void setState(RunState state, const std::string& message = {});
    void finish();
    void fail(const std::string& message) noexcept;
    /// Holds for help with a problem, where somebody can give it; the time does not count.
    bool holdFor(const std::string& problem);
    /// write, again and again while the disk is full and somebody helps. Throws DiskFull.
    void persist(const std::function<void()>& write);
    bool atMultipleOf(int every) const;
    void yieldBetweenSteps();

    const TaskRegistry& m_tasks;
    RunRequest m_request;
    RunControl m_control;
    Placement m_placement;
    nn::GpuMonitor m_gpu;
    bool m_stopped = false;
    RunFolder m_folder;
    const TaskType* m_type = nullptr;  ///< of the registry
    Json m_wholeOptions;               ///< the task's, those of the run among them
    RunOptions m_options;
    std::unique_ptr<TrainingTask> m_task;
    PhotoSet m_photos;
    std::unique_ptr<Loader> m_loader;
    std::unique_ptr<TensorBoardEvents> m_events;
    Throughput m_throughput;
    std::uint64_t m_end = 0;      ///< step at which this session ends
    double m_processSeconds = 0;  ///< of the whole run: computing, without queue and pauses
    double m_waitedSeconds = 0;   ///< for data, of the loaders there were
    struct Mark {
        std::uint64_t step = 0;
        double processSeconds = 0, waitedSeconds = 0;
    } m_mark;                        ///< the last record
    Json m_latest = Json::object();  ///< the newest value of each curve
};

}  // namespace signet::training
