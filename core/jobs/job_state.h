#pragma once

#include <optional>
#include <string_view>

namespace signet::jobs {

enum class JobState { Queued, Running, Pausing, Paused, Stopping, Done, Failed, Cancelled };

/// What happens to a job. Asking comes from whoever watches; the rest from the worker.
enum class JobEvent { Start, AskPause, Hold, AskResume, AskStop, Finish, Withdraw, Fail };

/// "queued", "running", "pausing", "paused", "stopping", "done", "failed", "cancelled".
std::string_view toString(JobState state);

/// The one transition table. Nothing where the event has no meaning in that state: asking to pause a job that
/// has just ended is no fault.
std::optional<JobState> after(JobState state, JobEvent event);

/// Done, Failed or Cancelled.
bool isOver(JobState state);

}  // namespace signet::jobs
