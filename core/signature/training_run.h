#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/nn/gpu_monitor.h"
#include "core/signature/fixed_views.h"
#include "core/signature/joint_training.h"
#include "core/signature/stuck_watch.h"
#include "core/signature/train.h"
#include "core/training/loader.h"
#include "core/training/run_folder.h"
#include "core/training/tensorboard_events.h"
#include "core/training/throughput.h"

namespace signet::signature {

/// One process's work on a run: the loop around JointTraining with all that a run leaves behind; where ranks
/// train together, that of the first of them (ranks.h). For one thread; see runTraining.
class TrainingRun {
public:
    TrainingRun(const RunRequest& request, const training::RunControl& control,
                c10::intrusive_ptr<training::ProcessGroup> group, torch::Device device);

    /// Throws what runTraining throws, after it has been noted in the run's record.
    training::RunRecord run();

    /// A stop asked of this rank or of another has ended the run.
    bool stopped() const { return m_stopped; }

private:
    void begin();
    void trainSteps();
    /// What is validated, shown and written between two steps.
    void rest();
    torch::Tensor nextBatch();
    void makeLoader();
    void note(const StepResult& result);
    /// One line of the curves beside those of the steps; process time and step are added.
    void noteValues(const std::vector<std::pair<std::string, double>>& values);
    void appendRecord(const Json& record);
    /// True where this is the best validation of the run so far.
    bool validate();
    void sample();
    void checkpoint(bool best);
    /// Keeps the list of the files that the weights rest on, where it can be whole.
    void noteFiles(const training::PhotoSet& validation);
    void exportModelFolder();
    void setState(training::RunState state, const std::string& message = {});
    void finish();
    void fail(const std::string& message) noexcept;
    /// Holds for help with a problem, where somebody can give it; the time does not count.
    bool holdFor(const std::string& problem);
    /// write, again and again while the disk is full and somebody helps. Throws DiskFull.
    void persist(const std::function<void()>& write);
    bool atMultipleOf(int every) const;
    void yieldBetweenSteps();

    RunRequest m_request;
    training::RunControl m_control;
    c10::intrusive_ptr<training::ProcessGroup> m_group;
    torch::Device m_device;
    nn::GpuMonitor m_gpu;
    bool m_stopped = false;
    training::RunFolder m_folder;
    TrainingOptions m_options;
    std::unique_ptr<JointTraining> m_job;
    training::PhotoSet m_photos;
    std::unique_ptr<FixedViews> m_views;
    std::unique_ptr<training::Loader> m_loader;
    std::unique_ptr<training::TensorBoardEvents> m_events;
    std::unique_ptr<StuckWatch> m_watch;
    training::Throughput m_throughput;
    std::uint64_t m_end = 0;      ///< step at which this session ends
    double m_processSeconds = 0;  ///< of the whole run: computing, without queue and pauses
    double m_waitedSeconds = 0;   ///< for data, of the loaders there were
    struct Mark {
        std::uint64_t step = 0;
        double processSeconds = 0, waitedSeconds = 0;
    } m_mark;                        ///< the last record
    Json m_latest = Json::object();  ///< the newest value of each curve
};

}  // namespace signet::signature
