#include "core/signature/ranks.h"

#include <ATen/Parallel.h>
#include <spdlog/spdlog.h>

#include "core/base/error.h"
#include "core/training/loader.h"

namespace signet::signature {
namespace {

/// What must be the same on all ranks: not where a machine keeps the photographs, nor how many threads it
/// gives.
std::string sharedPart(const Json& options, std::uint64_t maxSteps) {
    Json json = options;
    json.erase("data");
    json.erase("threads");
    return json.dump() + std::to_string(maxSteps);
}

}  // namespace

TrainingOptions agreeOnOptions(training::ProcessGroup& group, const Json& own, std::uint64_t maxSteps) {
    const Json first = Json::parse(group.broadcast(own.dump()));
    const Json mine = own.is_null() ? first : TrainingOptions::fromJson(own).toJson();
    group.agree(sharedPart(mine, maxSteps), "other training options");
    return TrainingOptions::fromJson(mine);
}

void shareState(training::ProcessGroup& group, JointTraining& job) {
    if (group.size() == 1) return;
    const auto state = group.broadcast(nn::SafeTensors{job.tensors(), job.metadata()});
    if (!group.isFirst()) job.restore(state);
}

std::uint64_t lastStep(const TrainingOptions& options, std::uint64_t done, std::uint64_t maxSteps) {
    return std::min<std::uint64_t>(static_cast<std::uint64_t>(options.steps),
                                   maxSteps > 0 ? done + maxSteps : ~0ull);
}

bool restsAfter(const TrainingOptions& options, std::uint64_t step) {
    for (const int every :
         {options.validateEvery, options.sampleEvery, options.checkpointEvery, options.keepEvery})
        if (every > 0 && step % static_cast<std::uint64_t>(every) == 0) return true;
    return false;
}

training::RunRecord follow(const RunRequest& request, const training::RunControl& control,
                           const c10::intrusive_ptr<training::ProcessGroup>& group, torch::Device device) {
    spdlog::set_level(spdlog::level::err);
    const auto options = agreeOnOptions(*group, request.options, request.maxSteps);
    at::set_num_threads(options.threads);
    group->onFirst([] {});  // lists its photographs
    const auto photos = training::listPhotos(options.data, training::Split::Train);
    group->agree(photos.sha256, "another list of photographs");
    group->onFirst([] {});  // begins
    JointTraining job(options, group, device);
    shareState(*group, job);
    const auto end = lastStep(options, job.stepsDone(), request.maxSteps);
    training::Loader loader(photos, job.loaderOptions(), job.stepsDone());
    bool stopped = false;
    while (job.stepsDone() < end && !(stopped = group->any(control.stop.stop_requested()))) {
        job.step(loader.next());
        if (restsAfter(options, job.stepsDone())) group->onFirst([] {});
    }
    group->onFirst([] {});  // finishes
    if (stopped && !control.stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "another rank was asked to stop");
    training::RunRecord record;
    record.step = job.stepsDone();
    record.steps = static_cast<std::uint64_t>(options.steps);
    record.state = record.step < record.steps ? training::RunState::Stopped : training::RunState::Finished;
    return record;
}

}  // namespace signet::signature
