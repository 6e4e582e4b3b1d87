#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/append_file.h"
#include "core/base/file_lock.h"
#include "core/base/json.h"
#include "core/image/image.h"
#include "core/nn/safetensors.h"
#include "core/training/run_record.h"

namespace signet::training {

/// What is noted of a checkpoint beside its tensors.
struct CheckpointNote {
    std::uint64_t step = 0;
    Json metrics;       ///< the latest of each curve
    bool best = false;  ///< becomes checkpoint.best.safetensors too
    bool keep = false;  ///< becomes checkpoint.<step>.safetensors too
};

/// The folder of one training run, for the process that trains it (it holds the run's lock while it lives):
/// run.json (RunRecord), metrics.jsonl (an object a logged step), checkpoint.safetensors (full state; the one
/// before it as checkpoint.previous.safetensors, the best one, those kept), samples, log.txt. A write that
/// fails throws and leaves what was there. For one thread. Who only looks at runs: run_files.h.
class RunFolder {
public:
    /// Creates the folder if needed. Throws Exists where another process trains this run, NoPermission,
    /// DiskFull.
    explicit RunFolder(std::filesystem::path folder);

    const std::filesystem::path& path() const { return m_folder; }
    bool hasCheckpoint() const;

    /// What is to be in run.json; save writes it.
    RunRecord& record() { return m_record; }
    void saveRecord() const;

    /// Opens the curves for a run that goes on after step: what they hold of later steps (the run repeats
    /// them) moves to superseded.jsonl.
    void openMetrics(std::uint64_t step);
    void appendMetrics(const Json& record);

    /// Writes aside and renames; the checkpoint before is kept.
    void writeCheckpoint(const nn::TensorMap& tensors, const nn::TextMap& metadata,
                         const CheckpointNote& note);
    /// The last checkpoint, or the one before when the last is damaged. Throws NotFound, Corrupt.
    nn::SafeTensors readCheckpoint() const;

    /// samples/step-<step>.png and a line with record in samples.jsonl.
    void addSamples(std::uint64_t step, const image::Image& grid, Json record);

    /// A line of log.txt with time and level ("info", "warning", "error"), and to the program's log.
    void log(std::string_view level, const std::string& text);

private:
    std::filesystem::path m_folder;
    FileLock m_lock;
    RunRecord m_record;
    AppendFile m_metrics, m_checkpointLog, m_sampleLog, m_log;
};

}  // namespace signet::training
