#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"

namespace signet::training {

/// The task of runs and presets that name none: they are from before there were others.
inline constexpr const char* kFirstTask = "signature";

/// Group of the options that decide which weights a run can start from.
inline constexpr const char* kNetworkGroup = "Network";

/// What every run has, whatever it trains. A task's own options struct extends it; all are one JSON object.
struct RunOptions {
    std::string task = kFirstTask;  ///< name of a TaskType
    std::string name = "model";     ///< of the model that comes out
    int steps = 20000;
    int batch = 12;
    int seed = 1;
    int threads = 1;
    std::string start;  ///< model or run folder whose weights it starts from; empty: from random weights

    int logEvery = 20;
    int checkpointEvery = 500;
    int keepEvery = 0;
    int validateEvery = 500;
    int sampleEvery = 1000;

    /// Those among a task's whole options; other keys are left alone. Throws BadOption.
    static RunOptions among(const Json& options);
};

/// What a run's random numbers are drawn from.
inline std::uint64_t seedOf(const RunOptions& run) {
    return static_cast<std::uint64_t>(run.seed);
}

/// What tasks that have these say of them.
inline constexpr OptionInfo kBf16{"bf16", "Run", "bf16 autocast, where the processor has the instructions."};
inline constexpr OptionInfo kValidationImages{
    "validationImages", "Record", "Photographs of a validation.", 1, 10'000, "images"};

/// The fields that stand first in a form: visit(field, info).
template <typename Options, typename Visitor>
void walkRun(Options& o, Visitor&& visit, const char* task) {
    using I = OptionInfo;
    constexpr const char* kRun = "Run";
    visit(o.task, I{"task", kRun, "What is trained.", 0, 0, "", task});
    visit(o.name, I{"name", kRun, "Name of the model that comes out."});
    visit(o.steps, I{"steps", kRun, "Steps of the whole run.", 1, 100'000'000, "steps"});
    visit(o.batch, I{"batch", kRun, "Photographs a step.", 2, 4096, "images"});
    visit(o.seed, I{"seed", kRun, "Decides the first weights and every random draw.", 0, 2'000'000'000});
    visit(o.threads, I{"threads", kRun, "Threads of the tensor operations.", 1, 1024, "threads"});
    visit(o.start,
          I{"start", kRun,
            "Model folder or run folder whose weights the run starts from; empty: from random weights."});
}

/// Those that stand last: when what is written.
template <typename Options, typename Visitor>
void walkRecord(Options& o, Visitor&& visit) {
    using I = OptionInfo;
    constexpr const char* kRecord = "Record";
    visit(o.logEvery, I{"logEvery", kRecord, "A point of every curve.", 1, 1'000'000, "steps"});
    visit(o.checkpointEvery,
          I{"checkpointEvery", kRecord, "A checkpoint (the last and the one before are kept).", 1, 10'000'000,
            "steps"});
    visit(o.keepEvery,
          I{"keepEvery", kRecord, "Checkpoints that are kept for good; 0: none.", 0, 10'000'000, "steps"});
    visit(o.validateEvery,
          I{"validateEvery", kRecord,
            "Validation on photographs that are not trained on; the best checkpoint is kept; 0: "
            "never.",
            0, 10'000'000, "steps"});
    visit(o.sampleEvery, I{"sampleEvery", kRecord, "A grid of samples on fixed photographs; 0: never.", 0,
                           10'000'000, "steps"});
}

}  // namespace signet::training
