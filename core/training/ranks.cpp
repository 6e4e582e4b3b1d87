#include "core/training/ranks.h"

#include <spdlog/spdlog.h>

#include "core/base/error.h"
#include "core/nn/threads.h"
#include "core/training/loader.h"

namespace signet::training {
namespace {

/// What must be the same on all ranks: not where a machine keeps the photographs, nor how many threads it
/// gives.
std::string sharedPart(const TaskType& type, const Json& options, std::uint64_t maxSteps) {
    Json json = options;
    for (const auto& folder : type.folders()) json.erase(folder.key);
    json.erase("threads");
    return json.dump() + std::to_string(maxSteps);
}

}  // namespace

Json agreeOnOptions(const TaskRegistry& tasks, ProcessGroup& group, const Json& own, std::uint64_t maxSteps) {
    const Json first = Json::parse(group.broadcast(own.dump()));
    const Json& given = own.is_null() ? first : own;
    const TaskType& type = tasks.of(given);
    Json mine = type.complete(given);
    group.agree(sharedPart(type, mine, maxSteps), "other training options");
    return mine;
}

void shareState(ProcessGroup& group, TrainingTask& task) {
    if (group.size() == 1) return;
    const auto state = group.broadcast(task.state());
    if (!group.isFirst()) task.restore(state);
}

std::uint64_t lastStep(const RunOptions& options, std::uint64_t done, std::uint64_t maxSteps) {
    return std::min<std::uint64_t>(static_cast<std::uint64_t>(options.steps),
                                   maxSteps > 0 ? done + maxSteps : ~0ull);
}

bool restsAfter(const RunOptions& options, std::uint64_t step) {
    for (const int every :
         {options.validateEvery, options.sampleEvery, options.checkpointEvery, options.keepEvery})
        if (every > 0 && step % static_cast<std::uint64_t>(every) == 0) return true;
    return false;
}

RunRecord follow(const TaskRegistry& tasks, const RunRequest& request, const RunControl& control,
                 const Placement& placement) {
    spdlog::set_level(spdlog::level::err);
    ProcessGroup& group = *placement.group;
    const Json options = agreeOnOptions(tasks, group, request.options, request.maxSteps);
    const auto run = RunOptions::among(options);
    const TaskType& type = tasks.of(options);
    nn::useThreads(run.threads);
    group.onFirst([] {});  // lists its photographs
    const auto photos = type.photos(options, Split::Train);
    group.agree(photos.sha256, "another list of photographs");
    group.onFirst([] {});  // begins
    const auto task = type.create(options, placement);
    shareState(group, *task);
    const auto end = lastStep(run, task->stepsDone(), request.maxSteps);
    Loader loader(photos, task->loaderOptions(), task->stepsDone());
    bool stopped = false;
    while (task->stepsDone() < end && !(stopped = group.any(control.stop.stop_requested()))) {
        task->step(loader.next());
        if (restsAfter(run, task->stepsDone())) group.onFirst([] {});
    }
    group.onFirst([] {});  // finishes
    if (stopped && !control.stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "another rank was asked to stop");
    RunRecord record;
    record.step = task->stepsDone();
    record.steps = static_cast<std::uint64_t>(run.steps);
    record.state = record.step < record.steps ? RunState::Stopped : RunState::Finished;
    return record;
}

}  // namespace signet::training
