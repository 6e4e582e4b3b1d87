#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/base/json.h"
#include "core/jobs/job_queue.h"

namespace signet::training {

/// What a training loop is steered by, called from its thread. Every function may be left out.
struct RunControl {
    std::stop_token stop;
    /// How to end once a stop was asked for; KeepCheckpoint without it.
    std::function<jobs::Ending()> ending;
    /// Between two steps: may give the device away and may hold; beforeHold is called before it holds.
    std::function<void(const std::function<void()>& beforeHold)> betweenSteps;
    /// The run cannot go on (no space, data gone): holds until somebody has helped and says true, or false to
    /// give up. Without it the run gives up.
    std::function<bool(const std::string& problem)> holdFor;
    /// A record of metrics.jsonl, after it was written.
    std::function<void(const Json& record)> onRecord;

    jobs::Ending wantedEnding() const { return ending ? ending() : jobs::Ending::KeepCheckpoint; }
};

/// The control of a run that is a job of a queue; context must outlive it.
RunControl controlOf(jobs::JobContext& context);

}  // namespace signet::training
