#include "core/training/run_control.h"

namespace signet::training {

RunControl controlOf(jobs::JobContext& context) {
    RunControl control;
    control.stop = context.stop();
    control.ending = [&context] { return context.ending(); };
    control.betweenSteps = [&context](const std::function<void()>& beforeHold) {
        context.betweenSteps(beforeHold);
    };
    control.holdFor = [&context](const std::string& problem) {
        context.holdFor(problem);
        return !context.stop().stop_requested();
    };
    return control;
}

}  // namespace signet::training
