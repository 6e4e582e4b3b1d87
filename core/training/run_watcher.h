#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/training/run_files.h"

namespace signet::training {

/// What is new in one run's files.
struct RunNews {
    std::filesystem::path folder;
    bool curvesRestarted = false;  ///< what was read of the curves before is void
    std::vector<Json> curves;      ///< records of metrics.jsonl
    bool samplesRestarted = false;
    std::vector<Json> samples;  ///< records of samples.jsonl
    bool logRestarted = false;
    std::vector<std::string> log;  ///< lines of log.txt
    bool more = false;             ///< ask again soon: a long file is read in pieces
    bool isEmpty() const;
};

/// Follows the files of some runs, whoever trains them: this process, another one, or one on another machine
/// that shares the folder. For one thread (a worker: it reads files).
class RunWatcher {
public:
    virtual ~RunWatcher() = default;

    /// The runs to follow from now on; one that is new is read from its beginning, and its first news say
    /// that all of it restarted.
    void follow(const std::vector<std::filesystem::path>& folders);

    /// The news of every run followed, those without any left out. A file that cannot be read has no news.
    virtual std::vector<RunNews> poll();

private:
    struct Files;
    std::map<std::filesystem::path, std::shared_ptr<Files>> m_runs;
};

}  // namespace signet::training
