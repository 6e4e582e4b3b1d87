// What a run leaves in its folder.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/models/training_list.h"
#include "core/nn/runtime.h"
#include "core/training/run_progress.h"
#include "core/training/training_run.h"

namespace fs = std::filesystem;

namespace signet::training {

void TrainingRun::noteFiles(const PhotoSet& validation) {
    models::TrainingList list;
    const fs::path before = m_task->stepsDone() > 0 ? m_folder.path() : fs::path(m_options.start);
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
    auto sets = m_type->furtherPictures(m_wholeOptions);
    sets.push_back(m_photos);
    sets.push_back(validation);
    for (const PhotoSet& photos : sets)
        for (auto& file : listedFiles(photos)) list.add(std::move(file));
    persist([&] { models::saveTrainingList(m_folder.path(), list); });
}

void TrainingRun::note(const StepResult& result) {
    const double seconds = m_processSeconds - m_mark.processSeconds;
    const double waited = m_waitedSeconds - m_mark.waitedSeconds;
    m_throughput.add(result.step - m_mark.step, seconds);
    m_mark = {result.step, m_processSeconds, m_waitedSeconds};
    const auto eta = m_throughput.eta(m_end - result.step);
    RunProgress progress;
    progress.learningRate = result.learningRate;
    if (const double each = m_throughput.secondsPerStep(); each > 0)
        progress.imagesPerSecond = m_options.batch / each;
    progress.dataWaitShare = seconds > 0 ? std::min(1.0, waited / seconds) : 0;
    progress.memoryMiB = currentRssMiB();
    progress.gpuMemoryMiB = nn::deviceMemoryMiB(m_placement.device);
    if (const auto gpu = m_gpu.read()) {
        progress.gpuLoadPercent = gpu->loadPercent;
        progress.gpuTemperatureCelsius = gpu->temperatureCelsius;
    }
    progress.etaSeconds = eta.seconds;
    progress.etaLow = eta.low;
    progress.etaHigh = eta.high;
    Json record = {{"step", result.step},
                   {"images", result.step * static_cast<std::uint64_t>(m_options.batch)},
                   {"process_s", m_processSeconds}};
    record.update(progress.toJson());
    for (const auto& [name, value] : result.values) record[name] = value;
    appendRecord(record);
    if (const auto advice = m_task->advice(record)) m_folder.log("warning", *advice);
}

void TrainingRun::noteValues(const NamedValues& values) {
    Json record = {{"step", m_task->stepsDone()},
                   {"images", m_task->stepsDone() * static_cast<std::uint64_t>(m_options.batch)},
                   {"process_s", m_processSeconds}};
    for (const auto& [name, value] : values) {
        record[name] = value;
        m_latest[name] = value;
    }
    appendRecord(record);
}

void TrainingRun::appendRecord(const Json& record) {
    persist([&] { m_folder.appendMetrics(record); });
    TensorBoardEvents::Scalars scalars;
    for (const auto& [name, value] : record.items()) {
        if (value.is_number() && name != "step" && !name.starts_with("eta_"))
            scalars.emplace_back(name, value.get<double>());
    }
    persist([&] { m_events->add(record.at("step").get<std::uint64_t>(), scalars); });
    if (m_control.onRecord) m_control.onRecord(record);
}

void TrainingRun::checkpoint(bool best, std::string_view reason) {
    auto state = m_task->state();
    state.metadata["process_s"] = fmt::format("{}", m_processSeconds);
    CheckpointNote note{m_task->stepsDone(), m_latest, best, atMultipleOf(m_options.keepEvery)};
    persist([&] { m_folder.writeCheckpoint(state.tensors, state.metadata, note); });
    auto& record = m_folder.record();
    record.step = m_task->stepsDone();
    record.sessions.back().toStep = record.step;
    record.skipped = m_loader ? m_loader->skipped() : record.skipped;
    persist([&] { m_folder.saveRecord(); });
    std::string text = fmt::format("checkpoint of step {} written", note.step);
    if (best) text += "; kept as that of the best validation";
    if (note.keep) text += "; kept for good";
    if (!reason.empty()) text += fmt::format(", {}", reason);
    m_folder.log("info", text);
}

void TrainingRun::setState(RunState state, const std::string& message) {
    auto& record = m_folder.record();
    record.state = state;
    record.message = message;
    persist([&] { m_folder.saveRecord(); });
}

void TrainingRun::exportModelFolder() {
    persist([&] {
        m_task->writeModel(
            m_folder.path() / "model",
            {{"folder", toUtf8(m_folder.path().filename().string())}, {"photos_sha256", m_photos.sha256}});
        models::copyTrainingList(m_folder.path(), m_folder.path() / "model");
    });
    m_folder.log("info",
                 fmt::format("model of step {} written to model/; it is not validated", m_task->stepsDone()));
}

}  // namespace signet::training
