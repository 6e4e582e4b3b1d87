#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::ui {

struct TrainingBenchmarkOptions {
    Json options;         ///< of the run; its data folder holds the photographs, which are examined as well
    double seconds = 60;  ///< of training that are watched
    double examineEvery = 3;  ///< s between two examinations that a person asks for
};

struct TrainingBenchmark {
    std::vector<double> examineSeconds;  ///< from asking to the result on the GUI thread
    double longestBlock = 0;             ///< of the GUI thread while it trained, s
    double longestBusy = 0;  ///< most CPU time of the GUI thread between two looks at its events, s
    std::size_t heartbeats = 0;
    std::uint64_t steps = 0;  ///< trained meanwhile
    double secondsPerStep = 0;
};

/// The real window, offscreen, on its Training page while a real run trains in it: how long its thread is
/// kept from events, and how soon an examination answers. In a QApplication of its own: call it once, in a
/// process without one. Throws Cancelled, and Environment where the run or the examinations fail.
TrainingBenchmark benchmarkTraining(const TrainingBenchmarkOptions& options, const std::stop_token& stop,
                                    const std::function<void(const std::string&)>& progress);

}  // namespace signet::ui
