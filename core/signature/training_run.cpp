#include "core/signature/training_run.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/nn/runtime.h"
#include "core/signature/model_export.h"
#include "core/signature/ranks.h"

namespace fs = std::filesystem;

namespace signet::signature {
namespace {

using Clock = std::chrono::steady_clock;
using training::RunState;

constexpr int kSampleRows = 4;

/// Adds the time it lives to a sum.
class Timed {
public:
    explicit Timed(double& seconds) : m_seconds(seconds) {}
    ~Timed() { m_seconds += std::chrono::duration<double>(Clock::now() - m_begin).count(); }
    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

private:
    double& m_seconds;
    Clock::time_point m_begin = Clock::now();
};

/// The weights a run starts from: those of a model folder, or of a run folder's last checkpoint.
nn::TensorMap startingWeights(const fs::path& folder) {
    if (fs::exists(folder / "weights.safetensors"))
        return nn::loadSafeTensors(folder / "weights.safetensors").tensors;
    if (fs::exists(folder / "checkpoint.safetensors"))
        return nn::withoutPrefix(nn::loadSafeTensors(folder / "checkpoint.safetensors").tensors, "net.");
    throw Error(ErrorCode::NotFound,
                fmt::format("start is {}, which is neither a model folder (weights.safetensors) "
                            "nor a run folder (checkpoint.safetensors)",
                            toUtf8(folder.string())));
}

training::PhotoSet validationPhotos(const fs::path& folder) {
    try {
        return training::listPhotos(folder, training::Split::Validation);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound) throw;
        return {};  // a small folder may have no validation part
    }
}

Json describeData(const training::PhotoSet& photos, const training::PhotoSet& validation) {
    return {{"folder", toUtf8(photos.folder.string())},
            {"files", photos.files.size()},
            {"originals", photos.originals},
            {"sha256", photos.sha256},
            {"validation_files", validation.files.size()},
            {"validation_sha256", validation.sha256}};
}

}  // namespace

TrainingRun::TrainingRun(const RunRequest& request, const training::RunControl& control,
                         c10::intrusive_ptr<training::ProcessGroup> group, torch::Device device)
    : m_request(request),
      m_control(control),
      m_group(std::move(group)),
      m_device(device),
      m_gpu(nn::busIdOf(device)),
      m_folder(request.folder) {
    auto& record = m_folder.record();
    if (m_folder.hasCheckpoint() && !request.resume) {
        throw Error(
            ErrorCode::Exists,
            fmt::format("{} holds a run already: continue it with --resume or choose another --run folder",
                        toUtf8(request.folder.string())));
    }
    m_options = TrainingOptions::fromJson(request.options.is_null() ? record.options : request.options);
}

training::RunRecord TrainingRun::run() {
    try {
        agreeOnOptions(*m_group, m_options.toJson(), m_request.maxSteps);
        m_group->onFirst([this] { m_photos = training::listPhotos(m_options.data, training::Split::Train); });
        m_group->agree(m_photos.sha256, "another list of photographs");
        m_group->onFirst([this] {
            begin();
            if (m_options.sampleEvery > 0 && m_job->stepsDone() == 0) sample();
        });
        shareState(*m_group, *m_job);
        trainSteps();
        m_group->onFirst([this] { finish(); });
    } catch (const std::exception& error) {
        fail(error.what());
        throw;
    }
    return m_folder.record();
}

void TrainingRun::begin() {
    at::set_num_threads(m_options.threads);
    const auto validation = validationPhotos(m_options.data);
    m_job = std::make_unique<JointTraining>(m_options, m_group, m_device);
    auto& record = m_folder.record();
    const Json data = describeData(m_photos, validation);
    if (m_request.resume && m_folder.hasCheckpoint()) {
        const auto checkpoint = m_folder.readCheckpoint();
        m_job->restore(checkpoint);
        const auto at = checkpoint.metadata.find("process_s");
        if (at != checkpoint.metadata.end()) m_processSeconds = std::strtod(at->second.c_str(), nullptr);
        if (record.data.is_object() && record.data.value("sha256", "") != m_photos.sha256)
            m_folder.log("warning",
                         "the list of photographs is not the one this run began with: from here on it "
                         "sees another order");
    } else if (!m_options.start.empty()) {
        m_job->startFrom(startingWeights(m_options.start));
    }
    const auto done = m_job->stepsDone();
    m_end = lastStep(m_options, done, m_request.maxSteps);
    record.name = m_options.name;
    record.options = m_options.toJson();
    record.data = data;
    record.step = done;
    record.steps = static_cast<std::uint64_t>(m_options.steps);
    if (record.createdUtc.empty()) record.createdUtc = utcNow();
    record.sessions.push_back(training::beginSession(done));
    record.sessions.back().environment["libtorch"] = nn::runtimeDescription();
    record.sessions.back().environment["device"] = m_device.str();
    record.sessions.back().environment["ranks"] = m_group->size();
    setState(RunState::Running);
    m_folder.openMetrics(done);
    m_events = std::make_unique<training::TensorBoardEvents>(m_folder.path(), done);
    m_watch = std::make_unique<StuckWatch>(m_options);
    m_views = std::make_unique<FixedViews>(validation.files.empty() ? m_photos : validation,
                                           std::max(kSampleRows, m_options.validationImages),
                                           m_job->batchSide(), m_options, m_device);
    if (validation.files.empty())
        m_folder.log("warning",
                     "this folder has no photographs apart for validation: training ones are used, which "
                     "flatters");
    m_folder.log(
        "info", fmt::format("{} at step {} of {}; {} photographs of {} originals", done ? "resumed" : "begun",
                            done, m_options.steps, m_photos.files.size(), m_photos.originals));
    noteFiles(validation);
    m_mark = {done, m_processSeconds, 0};
    makeLoader();
}

void TrainingRun::noteFiles(const training::PhotoSet& validation) {
    models::TrainingList list;
    const fs::path before = m_job->stepsDone() > 0 ? m_folder.path() : fs::path(m_options.start);
    if (!before.empty()) {
        const auto earlier = models::loadTrainingList(before);
        if (!earlier) {
            m_folder.log(
                "warning",
                fmt::format("{} keeps no list of the files its weights were trained on: the model of "
                            "this run cannot be called validated",
                            toUtf8(before.string())));
            return;
        }
        list.add(*earlier);
    }
    for (const training::PhotoSet& photos : {m_photos, validation})
        for (auto& file : training::listedFiles(photos)) list.add(std::move(file));
    persist([&] { models::saveTrainingList(m_folder.path(), list); });
}

void TrainingRun::makeLoader() {
    m_loader = std::make_unique<training::Loader>(m_photos, m_job->loaderOptions(), m_job->stepsDone());
}

torch::Tensor TrainingRun::nextBatch() {
    for (;;) {
        try {
            return m_loader->next();
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NotFound || !m_control.holdFor) throw;
            m_folder.log("error", error.what());
            checkpoint(false);
            setState(RunState::Paused, error.what());
            if (!holdFor(error.what())) throw;
            setState(RunState::Running);
            makeLoader();
        }
    }
}

void TrainingRun::trainSteps() {
    while (m_job->stepsDone() < m_end && !(m_stopped = m_group->any(m_control.stop.stop_requested()))) {
        StepResult result;
        {
            const Timed timed(m_processSeconds);
            const double waitedBefore = m_loader->waitedSeconds();
            const auto batch = nextBatch();
            m_waitedSeconds += std::max(0.0, m_loader->waitedSeconds() - waitedBefore);
            result = m_job->step(batch);
        }
        for (const auto& [name, value] : result.values) m_latest[name] = value;
        if (atMultipleOf(m_options.logEvery) || result.step == m_end) note(result);
        if (restsAfter(m_options, result.step)) m_group->onFirst([this] { rest(); });
        yieldBetweenSteps();
    }
}

void TrainingRun::rest() {
    bool best = false;
    {
        const Timed timed(m_processSeconds);
        if (atMultipleOf(m_options.validateEvery)) best = validate();
        if (atMultipleOf(m_options.sampleEvery)) sample();
    }
    if (best || atMultipleOf(m_options.checkpointEvery) || atMultipleOf(m_options.keepEvery))
        checkpoint(best);
}

void TrainingRun::yieldBetweenSteps() {
    if (!m_control.betweenSteps) return;
    bool held = false;
    m_control.betweenSteps([&] {
        held = true;
        checkpoint(false);
        setState(RunState::Paused);
    });
    if (held && !m_control.stop.stop_requested()) setState(RunState::Running);
}

bool TrainingRun::atMultipleOf(int every) const {
    return every > 0 && m_job->stepsDone() % static_cast<std::uint64_t>(every) == 0;
}

void TrainingRun::note(const StepResult& result) {
    const double seconds = m_processSeconds - m_mark.processSeconds;
    const double waited = m_waitedSeconds - m_mark.waitedSeconds;
    m_throughput.add(result.step - m_mark.step, seconds);
    m_mark = {result.step, m_processSeconds, m_waitedSeconds};
    const auto eta = m_throughput.eta(m_end - result.step);
    Json record = {{"step", result.step},
                   {"images", result.step * static_cast<std::uint64_t>(m_options.batch)},
                   {"process_s", m_processSeconds},
                   {"lr", result.learningRate}};
    for (const auto& [name, value] : result.values) record[name] = value;
    if (const double each = m_throughput.secondsPerStep(); each > 0)
        record["images_per_s"] = m_options.batch / each;
    record["data_wait_share"] = seconds > 0 ? std::min(1.0, waited / seconds) : 0;
    record["memory_mib"] = currentRssMiB();
    if (const auto held = nn::deviceMemoryMiB(m_device)) record["gpu_memory_mib"] = *held;
    if (const auto gpu = m_gpu.read()) {
        record["gpu_load_percent"] = gpu->loadPercent;
        if (gpu->temperatureCelsius) record["gpu_temperature_celsius"] = *gpu->temperatureCelsius;
    }
    record["eta_s"] = eta.seconds;
    record["eta_low_s"] = eta.low;
    record["eta_high_s"] = eta.high;
    appendRecord(record);
    if (const auto advice = m_watch->see(record)) m_folder.log("warning", *advice);
}

void TrainingRun::noteValues(const std::vector<std::pair<std::string, double>>& values) {
    Json record = {{"step", m_job->stepsDone()},
                   {"images", m_job->stepsDone() * static_cast<std::uint64_t>(m_options.batch)},
                   {"process_s", m_processSeconds}};
    for (const auto& [name, value] : values) {
        record[name] = value;
        m_latest[name] = value;
    }
    appendRecord(record);
}

void TrainingRun::appendRecord(const Json& record) {
    persist([&] { m_folder.appendMetrics(record); });
    training::TensorBoardEvents::Scalars scalars;
    for (const auto& [name, value] : record.items()) {
        if (value.is_number() && name != "step" && !name.starts_with("eta_"))
            scalars.emplace_back(name, value.get<double>());
    }
    persist([&] { m_events->add(record.at("step").get<std::uint64_t>(), scalars); });
    if (m_control.onRecord) m_control.onRecord(record);
}

bool TrainingRun::validate() {
    if (m_views->count() == 0) return false;
    const training::WeightAverage::InUse average(m_job->average());
    const auto validation = m_views->validate(m_job->networks());
    noteValues(validation.values);
    auto& record = m_folder.record();
    if (record.bestScore && validation.score <= *record.bestScore) return false;
    record.bestScore = validation.score;
    record.bestStep = m_job->stepsDone();
    return true;
}

void TrainingRun::sample() {
    if (m_views->count() == 0) return;
    const training::WeightAverage::InUse average(m_job->average());
    const auto samples = m_views->samples(m_job->networks(), kSampleRows);
    persist([&] { m_folder.addSamples(m_job->stepsDone(), samples.grid, samples.record); });
}

void TrainingRun::checkpoint(bool best) {
    auto metadata = m_job->metadata();
    metadata["process_s"] = fmt::format("{}", m_processSeconds);
    training::CheckpointNote note{m_job->stepsDone(), m_latest, best, atMultipleOf(m_options.keepEvery)};
    persist([&] { m_folder.writeCheckpoint(m_job->tensors(), metadata, note); });
    auto& record = m_folder.record();
    record.step = m_job->stepsDone();
    record.sessions.back().toStep = record.step;
    record.skipped = m_loader ? m_loader->skipped() : record.skipped;
    persist([&] { m_folder.saveRecord(); });
}

void TrainingRun::setState(RunState state, const std::string& message) {
    auto& record = m_folder.record();
    record.state = state;
    record.message = message;
    persist([&] { m_folder.saveRecord(); });
}

void TrainingRun::persist(const std::function<void()>& write) {
    for (;;) {
        try {
            return write();
        } catch (const Error& error) {
            if (error.code() != ErrorCode::DiskFull || !m_control.holdFor) throw;
            spdlog::error("{}", error.what());
            if (!holdFor(error.what())) throw;
        }
    }
}

bool TrainingRun::holdFor(const std::string& problem) {
    double held = 0;
    bool helped = false;
    {
        const Timed timed(held);
        helped = m_control.holdFor(problem);
    }
    m_processSeconds -= held;
    return helped;
}

void TrainingRun::exportModelFolder() {
    const training::WeightAverage::InUse average(m_job->average());
    persist([&] {
        writeModelFolder(
            m_folder.path() / "model", m_options, m_job->networks(), m_job->stepsDone(),
            {{"folder", toUtf8(m_folder.path().filename().string())}, {"photos_sha256", m_photos.sha256}});
        models::copyTrainingList(m_folder.path(), m_folder.path() / "model");
    });
}

void TrainingRun::finish() {
    const bool asked = m_stopped || m_control.stop.stop_requested();
    const auto ending = m_control.wantedEnding();
    auto& record = m_folder.record();
    if (asked && ending == jobs::Ending::Discard) {
        record.message = "discarded";
        fs::remove_all(m_folder.path());
        return;
    }
    const bool onlyKeep = asked && ending == jobs::Ending::KeepCheckpoint;
    bool best = false;
    if (!onlyKeep && m_options.validateEvery > 0 && !atMultipleOf(m_options.validateEvery)) best = validate();
    if (!onlyKeep && m_options.sampleEvery > 0 && !atMultipleOf(m_options.sampleEvery)) sample();
    if (best || record.step != m_job->stepsDone() || !m_folder.hasCheckpoint()) checkpoint(best);
    if (!onlyKeep) exportModelFolder();
    record.sessions.back().endedUtc = utcNow();
    const bool whole = record.step >= record.steps || (asked && ending == jobs::Ending::FinishNow);
    setState(whole ? RunState::Finished : RunState::Stopped);
    for (const auto& skipped : record.skipped) m_folder.log("warning", "photograph left out: " + skipped);
    m_folder.log("info", fmt::format("{} at step {}", training::toString(record.state), record.step));
}

void TrainingRun::fail(const std::string& message) noexcept {
    try {
        auto& record = m_folder.record();
        if (record.sessions.empty()) return;  // it never began: whatever run was there stays as it was
        record.state = RunState::Failed;
        record.message = message;
        record.sessions.back().endedUtc = utcNow();
        m_folder.saveRecord();
        m_folder.log("error", message);
    } catch (const std::exception& error) {
        spdlog::error("the run's failure could not be noted: {}", error.what());
    }
}

}  // namespace signet::signature
