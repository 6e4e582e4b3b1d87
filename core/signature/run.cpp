#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <torch/torch.h>

#include <chrono>
#include <optional>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/nn/runtime.h"
#include "core/signature/joint_training.h"
#include "core/signature/train.h"
#include "core/training/loader.h"
#include "core/training/process_group.h"
#include "core/training/run_folder.h"
#include "core/training/tensorboard_events.h"
#include "signet_build_info.h"

namespace signet::signature {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// What must be the same on all ranks: not where their machine keeps the photographs, nor how many threads it
/// gives.
Json sharedPart(const TrainingOptions& options) {
    Json json = options.toJson();
    json.erase("data");
    json.erase("threads");
    return json;
}

Json environmentRecord(const training::PhotoSet& photos, const training::ProcessGroup& group) {
    return {{"signet", kVersion},
            {"compiler", kCompiler},
            {"libtorch", nn::runtimeDescription()},
            {"processor", processorName()},
            {"started_utc", utcNow()},
            {"ranks", group.size()},
            {"photos", photos.files.size()},
            {"originals", photos.originals},
            {"photos_sha256", photos.sha256}};
}

/// The numbers of a metrics record but the step itself.
training::TensorBoardEvents::Scalars scalarsOf(const Json& record) {
    training::TensorBoardEvents::Scalars scalars;
    for (const auto& [name, value] : record.items()) {
        if (value.is_number() && name != "step") scalars.emplace_back(name, value.get<double>());
    }
    return scalars;
}

}  // namespace

void writeModelFolder(const std::filesystem::path& folder, const TrainingOptions& options, Networks& networks,
                      std::uint64_t steps) {
    std::filesystem::create_directories(folder);
    const Bytes weights = nn::serializeSafeTensors(
        networks.state(), {{"format", "signet-signature"}, {"steps", std::to_string(steps)}});
    writeFileAtomically(folder / "weights.safetensors", weights, IfExists::Replace);
    const Json manifest = {
        {"name", options.name},
        {"kind", "signature"},
        {"arch", networks.options().arch},
        {"weights_sha256", sha256Hex(weights)},
        {"parameters", nn::parameterCount(networks.injector()) + nn::parameterCount(networks.detector())},
        {"bits", networks.options().bits},
        {"resolution", networks.options().workSide},
        {"validated", false},
        {"nominal_psnr_db", networks.options().nominalPsnrDb},
        {"options", networks.options().toJson()},
        {"training", options.toJson()},
        {"steps", steps}};
    writeFileAtomically(folder / "manifest.json", manifest.dump(2) + "\n", IfExists::Replace);
}

bool runJointTraining(TrainingOptions options, const std::filesystem::path& runFolder, bool resume,
                      std::uint64_t maxSteps, const std::function<void(const Json&)>& onStep,
                      const WorkContext& context) {
    at::set_num_threads(options.threads);
    const auto photos = training::listPhotos(options.data, training::Split::Train);
    const auto group = training::ProcessGroup::join();
    if (!group->isFirst()) spdlog::set_level(spdlog::level::err);
    group->agree(sharedPart(options).dump(), "other training options");
    group->agree(photos.sha256, "another list of photographs");
    JointTraining job(options, group);
    std::optional<training::RunFolder> folder;  // rank 0's alone, as all that is written
    std::optional<training::TensorBoardEvents> events;
    group->onFirst([&] {
        auto& run = folder.emplace(runFolder);
        if (run.hasCheckpoint() && !resume) {
            throw Error(
                ErrorCode::Exists,
                fmt::format(
                    "{} holds a run already: continue it with --resume or choose another --run folder",
                    runFolder.string()));
        }
        if (resume && run.hasCheckpoint()) job.restore(run.readCheckpoint());
        run.writeConfig({{"options", options.toJson()}, {"environment", environmentRecord(photos, *group)}});
        run.openMetrics(job.stepsDone());
        events.emplace(run.path(), job.stepsDone());
    });
    if (group->size() > 1) {
        const auto state = group->broadcast(nn::SafeTensors{job.tensors(), job.metadata()});
        if (!group->isFirst()) job.restore(state);
    }

    const auto end = std::min<std::uint64_t>(static_cast<std::uint64_t>(options.steps),
                                             maxSteps > 0 ? job.stepsDone() + maxSteps : ~0ull);
    training::Loader loader(photos,
                            {.side = job.batchSide(),
                             .batch = options.batch,
                             .first = job.firstImage(),
                             .share = job.share(),
                             .seed = static_cast<std::uint64_t>(options.seed)},
                            job.stepsDone());
    const auto save = [&] {
        if (folder) folder->writeCheckpoint(job.tensors(), job.metadata());
    };
    const auto begin = Clock::now();
    auto mark = begin;
    double rate = 0;  // steps a second, exponential average
    std::uint64_t marked = job.stepsDone();
    bool stopped = false;
    while (job.stepsDone() < end && !(stopped = group->any(context.stop.stop_requested()))) {
        const auto result = job.step(loader.next());
        const bool due =
            result.step % static_cast<std::uint64_t>(options.logEvery) == 0 || result.step == end;
        if (due && folder) {
            const double now = static_cast<double>(result.step - marked) / std::max(1e-9, secondsSince(mark));
            rate = rate == 0 ? now : 0.8 * rate + 0.2 * now;
            mark = Clock::now();
            marked = result.step;
            Json record = {
                {"step", result.step}, {"process_s", secondsSince(begin)}, {"lr", result.learningRate}};
            for (const auto& [name, value] : result.values) record[name] = value;
            record["images_per_s"] = rate * options.batch;
            record["data_wait_s"] = loader.waitedSeconds();
            folder->appendMetrics(record);
            events->add(result.step, scalarsOf(record));
            record["eta_s"] = static_cast<double>(end - result.step) / rate;
            if (onStep) onStep(record);
        }
        if (result.step % static_cast<std::uint64_t>(options.checkpointEvery) == 0) save();
    }
    for (const auto& skipped : loader.skipped()) spdlog::warn("photograph left out: {}", skipped);
    group->onFirst([&] {
        save();
        writeModelFolder(runFolder / "model", options, job.networks(), job.stepsDone());
    });
    if (stopped && !context.stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "another rank was asked to stop");
    return group->isFirst();
}

bool train(const std::string& presetOrFile, const std::vector<std::string>& assignments,
           const std::filesystem::path& runFolder, bool resume, std::uint64_t maxSteps,
           const std::function<void(const Json&)>& onStep, const WorkContext& context) {
    auto options = loadTrainingOptions(presetOrFile);
    for (const auto& assignment : assignments) options.set(assignment);
    return runJointTraining(options, runFolder, resume, maxSteps, onStep, context);
}

std::string presetList() {
    return fmt::format("{}", fmt::join(presetNames(), ", "));
}

}  // namespace signet::signature
