#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace signet::training {

/// Queued: waits for its turn. Stopped: has a checkpoint and can go on. Interrupted: says that it runs, but
/// the process that ran it is gone; it can go on too. Never written, always derived from the run's lock.
enum class RunState { Queued, Running, Paused, Stopped, Finished, Failed, Interrupted };

/// "queued", "running", ...
std::string_view toString(RunState state);

/// One process's work on a run.
struct RunSession {
    std::string startedUtc, endedUtc;  ///< ended: empty while it runs, or where the process died
    std::uint64_t fromStep = 0, toStep = 0;
    std::string host;
    std::int64_t process = 0;
    std::string commandLine;
    Json environment;  ///< program version, commit, compiler, LibTorch, processor, device, ranks
};

/// What is known of a run beside its curves: the content of run.json.
struct RunRecord {
    std::string name;
    RunState state = RunState::Queued;
    std::string message;  ///< of a failure, or why it holds
    std::string createdUtc;
    std::string queuedUtc;            ///< its place in the queue while it is queued
    std::filesystem::path workspace;  ///< whose models the options name; empty: the default one
    Json options;                     ///< the whole configuration, seed included
    Json data;  ///< folder, files, originals, sha256 of the list, and the same of the validation part
    std::uint64_t step = 0;  ///< of the last checkpoint
    std::uint64_t steps = 0;
    std::optional<std::uint64_t> bestStep;
    std::optional<double> bestScore;
    std::vector<RunSession> sessions;
    std::vector<std::string> skipped;  ///< photographs left out, with the reason

    Json toJson() const;
    /// Throws Corrupt.
    static RunRecord fromJson(const Json& json);
};

/// A RunSession of this process, beginning now at fromStep.
RunSession beginSession(std::uint64_t fromStep);

inline constexpr const char* kRecordFile = "run.json";
inline constexpr const char* kLockFile = "run.lock";
inline constexpr const char* kMetricsFile = "metrics.jsonl";
inline constexpr const char* kSupersededFile = "superseded.jsonl";
inline constexpr const char* kCheckpointLogFile = "checkpoints.jsonl";
inline constexpr const char* kSampleLogFile = "samples.jsonl";
inline constexpr const char* kLogFile = "log.txt";

/// Reads run.json; Running and Paused become Interrupted where nobody holds the run's lock. Throws NotFound,
/// Corrupt.
RunRecord readRunRecord(const std::filesystem::path& folder);

/// Writes run.json aside and renames it.
void writeRunRecord(const std::filesystem::path& folder, const RunRecord& record);

}  // namespace signet::training
