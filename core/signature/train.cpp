#include "core/signature/train.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/nn/runtime.h"
#include "core/signature/joint_training.h"
#include "core/signature/ranks.h"
#include "core/signature/training_run.h"
#include "core/training/launch.h"
#include "core/training/loader.h"

namespace fs = std::filesystem;

namespace signet::signature {
namespace {

constexpr int kProbeWarmUp = 2;
constexpr int kProbeSteps = 10;
constexpr std::size_t kShownPhotos = 12;

torch::Device deviceOf(const std::string& name) {
    const auto launch = training::ownLaunch();
    return nn::deviceFromName(name, launch ? launch->localRank : 0);
}

}  // namespace

Json configure(const std::string& presetOrFile, const std::vector<std::string>& assignments) {
    auto options = loadTrainingOptions(presetOrFile);
    for (const auto& assignment : assignments) options.set(assignment);
    return options.toJson();
}

std::vector<OptionDescription> describeOptions() {
    return TrainingOptions::describe();
}

void checkOptions(const Json& options) {
    TrainingOptions::fromJson(options);
}

void checkStart(const Json& options) {
    const auto checked = TrainingOptions::fromJson(options);
    if (checked.start.empty()) return;
    const auto weights = startingWeights(checked.start);
    try {
        Networks::create(checked.network)->load(weights);
    } catch (const Error& error) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("start is {}, whose weights are of another network than these options "
                                "describe: {}",
                                toUtf8(checked.start), error.what()));
    }
}

fs::path createRun(const fs::path& parent, const Json& options, const training::RunNotes& notes) {
    const auto checked = TrainingOptions::fromJson(options);
    checkStart(options);
    training::listPhotos(checked.data, training::Split::Train);
    training::RunRecord record;
    record.name = checked.name;
    record.options = checked.toJson();
    record.steps = static_cast<std::uint64_t>(checked.steps);
    record.createdUtc = record.queuedUtc = utcNow();
    const fs::path folder = training::newRunFolder(parent, checked.name);
    if (notes != training::RunNotes()) training::writeRunNotes(folder, notes);
    training::writeRunRecord(folder, record);
    return folder;
}

training::RunRecord runTraining(const RunRequest& request, const training::RunControl& control) {
    const auto device = deviceOf(request.device);
    const auto group = training::ProcessGroup::join(device);
    group->agree(torch::DeviceTypeName(device.type()), "another kind of device");
    std::optional<TrainingRun> first;
    group->onFirst([&] { first.emplace(request, control, group, device); });
    if (!first) return follow(request, control, group, device);
    const auto record = first->run();
    if (first->stopped() && !control.stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "another rank was asked to stop");
    return record;
}

Probe probe(const Json& options, const WorkContext& context, const std::string& device) {
    const auto checked = TrainingOptions::fromJson(options);
    at::set_num_threads(checked.threads);
    const auto photos = training::listPhotos(checked.data, training::Split::Train);
    JointTraining job(checked, c10::make_intrusive<training::ProcessGroup>(), deviceOf(device));
    training::Loader loader(photos, job.loaderOptions(), 0);
    std::vector<double> seconds;
    double waited = 0;
    for (int i = 0; i < kProbeWarmUp + kProbeSteps; ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the probe was stopped");
        context.report(static_cast<std::uint64_t>(i), kProbeWarmUp + kProbeSteps, "trying steps");
        const auto begin = std::chrono::steady_clock::now();
        const double waitedBefore = loader.waitedSeconds();
        job.step(loader.next());
        if (i < kProbeWarmUp) continue;
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        waited += loader.waitedSeconds() - waitedBefore;
    }
    double sum = 0;
    for (const double s : seconds) sum += s;
    std::sort(seconds.begin(), seconds.end());
    Probe result;
    result.secondsPerStep = 0.5 * (seconds[kProbeSteps / 2 - 1] + seconds[kProbeSteps / 2]);
    result.secondsLow = seconds[1] * checked.steps;
    result.secondsHigh = seconds[kProbeSteps - 2] * checked.steps;
    result.peakMemoryMiB = peakRssMiB();
    result.dataWaitShare = waited / sum;
    return result;
}

DataSummary summarizeData(const fs::path& folder) {
    const auto part = [&](training::Split split) {
        try {
            return training::listPhotos(folder, split);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NotFound || !fs::is_directory(folder)) throw;
            return training::PhotoSet{};
        }
    };
    const auto train = training::listPhotos(folder, training::Split::Train);
    DataSummary summary;
    summary.training = static_cast<int>(train.files.size());
    summary.validation = static_cast<int>(part(training::Split::Validation).files.size());
    summary.calibration = static_cast<int>(part(training::Split::Calibration).files.size());
    summary.originals = train.originals;
    summary.sha256 = train.sha256;
    summary.some.assign(train.files.begin(), train.files.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                       kShownPhotos, train.files.size())));
    return summary;
}

}  // namespace signet::signature
