#include "core/training/run_progress.h"

namespace signet::training {
namespace {

/// One walk over the fields serves reading and writing: visit(field, key).
template <typename Progress, typename Visitor>
void walk(Progress& progress, Visitor&& visit) {
    visit(progress.learningRate, "lr");
    visit(progress.imagesPerSecond, "images_per_s");
    visit(progress.dataWaitShare, "data_wait_share");
    visit(progress.memoryMiB, "memory_mib");
    visit(progress.gpuMemoryMiB, "gpu_memory_mib");
    visit(progress.gpuLoadPercent, "gpu_load_percent");
    visit(progress.gpuTemperatureCelsius, "gpu_temperature_celsius");
    visit(progress.etaSeconds, "eta_s");
    visit(progress.etaLow, "eta_low_s");
    visit(progress.etaHigh, "eta_high_s");
}

}  // namespace

Json RunProgress::toJson() const {
    Json json = Json::object();
    walk(*this, [&](const std::optional<double>& value, const char* key) {
        if (value) json[key] = *value;
    });
    return json;
}

RunProgress RunProgress::among(const Json& record) {
    RunProgress progress;
    walk(progress, [&](std::optional<double>& value, const char* key) {
        const auto at = record.find(key);
        if (at != record.end() && at->is_number()) value = at->get<double>();
    });
    return progress;
}

bool isCurve(std::string_view key) {
    return key != "step" && key != "images" && key != "process_s" && !key.starts_with("eta_");
}

}  // namespace signet::training
