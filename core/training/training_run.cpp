#include "core/training/training_run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/models/training_list.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/ranks.h"

namespace fs = std::filesystem;

namespace signet::training {
namespace {

using Clock = std::chrono::steady_clock;

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

PhotoSet validationPhotos(const TaskType& type, const Json& options) {
    try {
        return type.photos(options, Split::Validation);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound) throw;
        return {};  // a small folder may have no validation part
    }
}

Json describeData(const PhotoSet& photos, const PhotoSet& validation) {
    Json data = {{"files", photos.files.size()},
                 {"originals", photos.originals},
                 {"sha256", photos.sha256},
                 {"validation_files", validation.files.size()},
                 {"validation_sha256", validation.sha256}};
    if (photos.classFolders.empty()) data["folder"] = toUtf8(photos.folder.string());
    for (const auto& folder : photos.classFolders) data["folders"].push_back(toUtf8(folder.string()));
    return data;
}

}  // namespace

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

TrainingRun::TrainingRun(const TaskRegistry& tasks, const RunRequest& request, const RunControl& control,
                         Placement placement)
    : m_tasks(tasks),
      m_request(request),
      m_control(control),
      m_placement(std::move(placement)),
      m_gpu(nn::busIdOf(m_placement.device)),
      m_folder(request.folder) {
    auto& record = m_folder.record();
    if (m_folder.hasCheckpoint() && !request.resume) {
        throw Error(
            ErrorCode::Exists,
            fmt::format("{} holds a run already: continue it with --resume or choose another --run folder",
                        toUtf8(request.folder.string())));
    }
    const Json& options = request.options.is_null() ? record.options : request.options;
    m_type = &tasks.of(options);
    m_wholeOptions = m_type->complete(options);
    m_options = RunOptions::among(m_wholeOptions);
}

RunRecord TrainingRun::run() {
    try {
        ProcessGroup& group = *m_placement.group;
        agreeOnOptions(m_tasks, group, m_wholeOptions, m_request.maxSteps);
        group.onFirst([this] { m_photos = m_type->photos(m_wholeOptions, Split::Train); });
        group.agree(m_photos.sha256, "another list of photographs");
        group.onFirst([this] {
            begin();
            if (m_options.sampleEvery > 0 && m_task->stepsDone() == 0) sample();
        });
        shareState(group, *m_task);
        trainSteps();
        group.onFirst([this] { finish(); });
    } catch (const std::exception& error) {
        fail(error.what());
        throw;
    }
    return m_folder.record();
}

void TrainingRun::begin() {
    nn::useThreads(m_options.threads);
    const auto validation = validationPhotos(*m_type, m_wholeOptions);
    m_task = m_type->create(m_wholeOptions, m_placement);
    auto& record = m_folder.record();
    const Json data = describeData(m_photos, validation);
    if (m_request.resume && m_folder.hasCheckpoint()) {
        const auto checkpoint = m_folder.readCheckpoint();
        m_task->restore(checkpoint);
        const auto at = checkpoint.metadata.find("process_s");
        if (at != checkpoint.metadata.end()) m_processSeconds = std::strtod(at->second.c_str(), nullptr);
        if (record.data.is_object() && record.data.value("sha256", "") != m_photos.sha256)
            m_folder.log("warning",
                         "the list of photographs is not the one this run began with: from here on it "
                         "sees another order");
    } else if (!m_options.start.empty()) {
        m_task->startFrom(startingWeights(m_options.start));
        m_folder.log("info", "starts from the weights of " + m_options.start);
    }
    const auto done = m_task->stepsDone();
    m_end = lastStep(m_options, done, m_request.maxSteps);
    record.name = m_options.name;
    record.workspace = fs::absolute(m_placement.workspace);
    record.options = m_wholeOptions;
    record.data = data;
    record.step = done;
    record.steps = static_cast<std::uint64_t>(m_options.steps);
    if (record.createdUtc.empty()) record.createdUtc = utcNow();
    record.sessions.push_back(beginSession(done));
    record.sessions.back().environment["libtorch"] = nn::runtimeDescription();
    record.sessions.back().environment["device"] = m_placement.device.str();
    record.sessions.back().environment["ranks"] = m_placement.group->size();
    setState(RunState::Running);
    m_folder.openMetrics(done);
    m_events = std::make_unique<TensorBoardEvents>(m_folder.path(), done);
    m_task->setViews(validation.files.empty() ? m_photos : validation);
    const auto metrics = m_type->metrics(m_wholeOptions);
    const bool validates = std::any_of(metrics.begin(), metrics.end(),
                                       [](const Metric& metric) { return isOfValidation(metric.name); });
    if (validates && validation.files.empty())
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

void TrainingRun::makeLoader() {
    m_loader = std::make_unique<Loader>(m_photos, m_task->loaderOptions(), m_task->stepsDone());
}

Batch TrainingRun::nextBatch() {
    for (;;) {
        try {
            return m_loader->next();
        } catch (const Error& error) {
            if (error.code() != ErrorCode::NotFound || !m_control.holdFor) throw;
            m_folder.log("error", error.what());
            checkpoint(false, "before it holds");
            setState(RunState::Paused, error.what());
            if (!holdFor(error.what())) throw;
            setState(RunState::Running);
            makeLoader();
        }
    }
}

void TrainingRun::trainSteps() {
    while (m_task->stepsDone() < m_end &&
           !(m_stopped = m_placement.group->any(m_control.stop.stop_requested()))) {
        StepResult result;
        {
            const Timed timed(m_processSeconds);
            const double waitedBefore = m_loader->waitedSeconds();
            const auto batch = nextBatch();
            m_waitedSeconds += std::max(0.0, m_loader->waitedSeconds() - waitedBefore);
            result = m_task->step(batch);
        }
        for (const auto& [name, value] : result.values) m_latest[name] = value;
        if (atMultipleOf(m_options.logEvery) || result.step == m_end) note(result);
        if (restsAfter(m_options, result.step)) m_placement.group->onFirst([this] { rest(); });
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
        checkpoint(false, "before it holds");
        setState(RunState::Paused);
        m_folder.log("info", fmt::format("paused after step {}", m_task->stepsDone()));
    });
    if (!held || m_control.stop.stop_requested()) return;
    setState(RunState::Running);
    m_folder.log("info", "goes on");
}

bool TrainingRun::atMultipleOf(int every) const {
    return every > 0 && m_task->stepsDone() % static_cast<std::uint64_t>(every) == 0;
}

bool TrainingRun::validate() {
    const auto validation = m_task->validate();
    if (!validation) return false;
    noteValues(validation->values);
    std::string text =
        fmt::format("validated on {} photographs at step {}", validation->photographs, m_task->stepsDone());
    const auto metrics = m_type->metrics(m_wholeOptions);
    const Metric* score = scoreOf(metrics);
    const auto value = std::find_if(validation->values.begin(), validation->values.end(),
                                    [&](const auto& named) { return score && named.first == score->name; });
    if (value == validation->values.end()) {
        m_folder.log("info", text);
        return false;
    }
    text += fmt::format(": score {}", valueText(*score, value->second));
    auto& record = m_folder.record();
    const bool best = !record.bestScore || isBetter(*score, value->second, *record.bestScore);
    if (best) {
        record.bestScore = value->second;
        record.bestStep = m_task->stepsDone();
        m_folder.log("info", text + ", the best so far");
    } else {
        m_folder.log("info", fmt::format("{}; the best is {} at step {}", text,
                                         valueText(*score, *record.bestScore), record.bestStep.value_or(0)));
    }
    return best;
}

void TrainingRun::sample() {
    const auto samples = m_task->samples();
    if (!samples) return;
    persist([&] { m_folder.addSamples(m_task->stepsDone(), samples->grid, samples->record); });
    m_folder.log("info", fmt::format("samples made at step {}", m_task->stepsDone()));
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
    if (best || record.step != m_task->stepsDone() || !m_folder.hasCheckpoint()) checkpoint(best);
    if (!onlyKeep) exportModelFolder();
    record.sessions.back().endedUtc = utcNow();
    const bool whole = record.step >= record.steps || (asked && ending == jobs::Ending::FinishNow);
    setState(whole ? RunState::Finished : RunState::Stopped);
    for (const auto& skipped : record.skipped) m_folder.log("warning", "photograph left out: " + skipped);
    m_folder.log("info", fmt::format("{} at step {}", toString(record.state), record.step));
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

}  // namespace signet::training
