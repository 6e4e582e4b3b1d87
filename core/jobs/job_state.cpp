#include "core/jobs/job_state.h"

#include <array>

namespace signet::jobs {
namespace {

struct Transition {
    JobState from;
    JobEvent event;
    JobState to;
};

constexpr std::array kTransitions{
    Transition{JobState::Queued, JobEvent::Start, JobState::Running},
    Transition{JobState::Queued, JobEvent::AskStop, JobState::Cancelled},
    Transition{JobState::Running, JobEvent::AskPause, JobState::Pausing},
    Transition{JobState::Running, JobEvent::AskStop, JobState::Stopping},
    Transition{JobState::Running, JobEvent::Finish, JobState::Done},
    Transition{JobState::Running, JobEvent::Fail, JobState::Failed},
    Transition{JobState::Pausing, JobEvent::Hold, JobState::Paused},
    Transition{JobState::Pausing, JobEvent::AskResume, JobState::Running},
    Transition{JobState::Pausing, JobEvent::AskStop, JobState::Stopping},
    Transition{JobState::Pausing, JobEvent::Finish, JobState::Done},
    Transition{JobState::Pausing, JobEvent::Fail, JobState::Failed},
    Transition{JobState::Paused, JobEvent::AskResume, JobState::Running},
    Transition{JobState::Paused, JobEvent::AskStop, JobState::Stopping},
    Transition{JobState::Stopping, JobEvent::Finish, JobState::Done},
    Transition{JobState::Stopping, JobEvent::Withdraw, JobState::Cancelled},
    Transition{JobState::Stopping, JobEvent::Fail, JobState::Failed},
};

}  // namespace

std::string_view toString(JobState state) {
    switch (state) {
        case JobState::Queued:
            return "queued";
        case JobState::Running:
            return "running";
        case JobState::Pausing:
            return "pausing";
        case JobState::Paused:
            return "paused";
        case JobState::Stopping:
            return "stopping";
        case JobState::Done:
            return "done";
        case JobState::Failed:
            return "failed";
        case JobState::Cancelled:
            return "cancelled";
    }
    return "failed";
}

std::optional<JobState> after(JobState state, JobEvent event) {
    for (const auto& transition : kTransitions) {
        if (transition.from == state && transition.event == event) return transition.to;
    }
    return std::nullopt;
}

bool isOver(JobState state) {
    return state == JobState::Done || state == JobState::Failed || state == JobState::Cancelled;
}

}  // namespace signet::jobs
