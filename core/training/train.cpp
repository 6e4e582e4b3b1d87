#include "core/training/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/models/training_list.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/launch.h"
#include "core/training/loader.h"
#include "core/training/ranks.h"
#include "core/training/run_options.h"
#include "core/training/training_run.h"

namespace fs = std::filesystem;

namespace signet::training {
namespace {

constexpr int kProbeWarmUp = 2;
constexpr std::size_t kProbeSteps = 10;
constexpr double kProbeSeconds = 120;  ///< after which a probe takes the steps that it has
constexpr std::size_t kShownPhotos = 12;

torch::Device deviceOf(const std::string& name) {
    const auto launch = ownLaunch();
    return nn::deviceFromName(name, launch ? launch->localRank : 0);
}

fs::path workspaceOf(const RunRecord& record) {
    return record.workspace.empty() ? defaultWorkspace() : record.workspace;
}

fs::path workspaceOf(const RunRequest& request) {
    if (!request.workspace.empty()) return request.workspace;
    return workspaceOf(fs::exists(request.folder / kRecordFile) ? readRunRecord(request.folder)
                                                                : RunRecord());
}

}  // namespace

void checkOptions(const TaskRegistry& tasks, const Json& options) {
    tasks.of(options).complete(options);
}

void checkStart(const TaskRegistry& tasks, const Json& options, const fs::path& workspace) {
    const TaskType& type = tasks.of(options);
    const Json whole = type.complete(options);
    const std::string start = RunOptions::among(whole).start;
    if (start.empty()) return;
    const auto weights = startingWeights(start);
    const auto task = type.create(whole, {.workspace = workspace});
    try {
        task->startFrom(weights);
    } catch (const Error& error) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("start is {}, whose weights are of another network than these options "
                                "describe: {}",
                                toUtf8(start), error.what()));
    }
}

fs::path createRun(const TaskRegistry& tasks, const fs::path& parent, const Json& options,
                   const RunNotes& notes, const fs::path& workspace) {
    const TaskType& type = tasks.of(options);
    RunRecord record;
    record.options = type.complete(options);
    const auto run = RunOptions::among(record.options);
    record.workspace = workspace;
    checkStart(tasks, record.options, workspace);
    type.photos(record.options, Split::Train);
    record.name = run.name;
    record.steps = static_cast<std::uint64_t>(run.steps);
    record.createdUtc = record.queuedUtc = utcNow();
    fs::path folder = newRunFolder(parent, run.name);
    if (notes != RunNotes()) writeRunNotes(folder, notes);
    writeRunRecord(folder, record);
    return folder;
}

RunRecord runTraining(const TaskRegistry& tasks, const RunRequest& request, const RunControl& control) {
    const auto device = deviceOf(request.device);
    const auto group = ProcessGroup::join(device);
    group->agree(torch::DeviceTypeName(device.type()), "another kind of device");
    const Placement placement{group, device, workspaceOf(request)};
    std::optional<TrainingRun> first;
    group->onFirst([&] { first.emplace(tasks, request, control, placement); });
    if (!first) return follow(tasks, request, control, placement);
    auto record = first->run();
    if (first->stopped() && !control.stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "another rank was asked to stop");
    return record;
}

Probe probe(const TaskRegistry& tasks, const Json& options, const WorkContext& context,
            const std::string& device, const fs::path& workspace) {
    const TaskType& type = tasks.of(options);
    const Json whole = type.complete(options);
    const auto run = RunOptions::among(whole);
    nn::useThreads(run.threads);
    forgetPeakRss();
    const auto photos = type.photos(whole, Split::Train);
    const auto task = type.create(whole, {.device = deviceOf(device), .workspace = workspace});
    Loader loader(photos, task->loaderOptions(), 0);
    std::vector<double> seconds;
    double waited = 0, all = 0;
    for (int i = 0; seconds.size() < kProbeSteps && (seconds.empty() || all < kProbeSeconds); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the probe was stopped");
        context.report(static_cast<std::uint64_t>(i), kProbeWarmUp + kProbeSteps, "trying steps");
        const auto begin = std::chrono::steady_clock::now();
        const double waitedBefore = loader.waitedSeconds();
        task->step(loader.next());
        const double step = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        all += step;
        if (i < kProbeWarmUp && all < kProbeSeconds) continue;
        seconds.push_back(step);
        waited += loader.waitedSeconds() - waitedBefore;
    }
    double sum = 0;
    for (const double s : seconds) sum += s;
    std::sort(seconds.begin(), seconds.end());
    const std::size_t last = seconds.size() - 1, tenth = seconds.size() / kProbeSteps;
    Probe result;
    result.stepsTimed = static_cast<int>(seconds.size());
    result.secondsPerStep = 0.5 * (seconds[last / 2] + seconds[(last + 1) / 2]);
    result.secondsLow = seconds[tenth] * run.steps;
    result.secondsHigh = seconds[last - tenth] * run.steps;
    result.peakMemoryMiB = peakRssMiB();
    result.dataWaitShare = waited / sum;
    return result;
}

void writeUntrained(const TaskRegistry& tasks, const Json& options, const fs::path& folder) {
    const TaskType& type = tasks.of(options);
    type.create(type.complete(options), {})->writeModel(folder, Json::object());
}

DataSummary summarizeData(const TaskRegistry& tasks, const Json& options) {
    const TaskType& type = tasks.of(options);
    const auto train = type.photos(options, Split::Train);
    const auto filesOf = [&](Split split) {
        try {
            return static_cast<int>(type.photos(options, split).files.size());
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NotFound) throw;
            return 0;
        }
    };
    DataSummary summary;
    summary.training = static_cast<int>(train.files.size());
    summary.validation = filesOf(Split::Validation);
    summary.calibration = filesOf(Split::Calibration);
    summary.originals = train.originals;
    summary.sha256 = train.sha256;
    summary.some.assign(train.files.begin(), train.files.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                       kShownPhotos, train.files.size())));
    return summary;
}

void exportModel(const TaskRegistry& tasks, const fs::path& runFolder, const std::string& checkpointFile,
                 const fs::path& modelFolder) {
    if (fs::exists(modelFolder))
        throw Error(ErrorCode::Exists, fmt::format("there is a model in {} already: choose another name",
                                                   toUtf8(modelFolder.string())));
    const RunRecord record = readRunRecord(runFolder);
    Json options = record.options;
    const auto checkpoint = nn::loadSafeTensors(runFolder / checkpointFile);
    options["name"] = modelFolder.filename().string();
    const auto task = tasks.of(options).create(options, {.workspace = workspaceOf(record)});
    task->restore(checkpoint);
    task->writeModel(modelFolder,
                     {{"folder", toUtf8(runFolder.filename().string())}, {"checkpoint", checkpointFile}});
    models::copyTrainingList(runFolder, modelFolder);
}

}  // namespace signet::training
