#include "core/examine/loaded_models.h"

#include <fmt/format.h>

#include <cmath>
#include <thread>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/conditions.h"
#include "core/metrics/intervals.h"
#include "core/metrics/read_errors.h"

namespace signet::examine {

Rate LoadedModel::falsePositiveRate() const {
    if (!calibration || calibration->negativeCount() == 0) return {};
    const int k = calibration->falsePositives;
    const int n = calibration->negativeCount();
    return {static_cast<double>(k) / n, metrics::clopperPearsonUpper(k, n), n, conditionOf(*calibration)};
}

int threadsOf(const Examiner::Options& options) {
    return options.threads > 0 ? options.threads
                               : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int LoadedModels::threads() const {
    return threadsOf(m_options);
}

LoadedModel loadUncalibrated(const std::string& name, const Examiner::Options& options) {
    LoadedModel loaded;
    loaded.manifest = models::findModel(name, options.workspace);
    if (loaded.manifest.kind() != models::Kind::Signature)
        throw Error(ErrorCode::BadOption, fmt::format("{} is not a signature model", name));
    const models::WeightFile& weights = loaded.manifest.weightsFor("detector");
    loaded.network =
        std::make_unique<signature::Model>(loaded.manifest.options, loaded.manifest.pathOf(weights),
                                           weights.sha256, options.device, threadsOf(options));
    return loaded;
}

LoadedModel& LoadedModels::get(const std::string& name) {
    const std::lock_guard lock(m_mutex);
    auto& slot = m_models[name];
    if (!slot) {
        auto loaded = std::make_unique<LoadedModel>(loadUncalibrated(name, m_options));
        loaded->calibration = models::loadCalibration(loaded->manifest);
        slot = std::move(loaded);
    }
    return *slot;
}

std::vector<std::string> LoadedModels::validated() const {
    std::vector<std::string> names;
    std::vector<std::string> warnings;
    for (const auto& manifest : models::listModels(m_options.workspace, &warnings)) {
        if (manifest.validated && manifest.kind() == models::Kind::Signature) names.push_back(manifest.name);
    }
    if (names.empty()) {
        throw Error(ErrorCode::Environment,
                    fmt::format("no validated signature model is installed{}",
                                warnings.empty() ? "" : " (" + warnings.front() + ")"));
    }
    return names;
}

std::optional<CodeReading> codeReading(const LoadedModel& model, const std::vector<float>& bitLogits) {
    if (bitLogits.empty()) return std::nullopt;
    CodeReading reading;
    reading.bits = static_cast<int>(bitLogits.size());
    reading.bitLogits = bitLogits;
    const double temperature = model.calibration ? model.calibration->bitTemperature : 1;
    const int photographs = model.calibration ? model.calibration->independent() : 0;
    std::vector<std::uint8_t> bits;
    double sum = 0;
    for (const float logit : bitLogits) {
        bits.push_back(logit > 0);
        const double right = 1 / (1 + std::exp(-std::abs(static_cast<double>(logit)) * temperature));
        reading.bitConfidence.push_back(metrics::supportedProbability(right, photographs));
        sum += reading.bitConfidence.back();
    }
    reading.hex = hexFromBits(bits);
    reading.confidence = sum / static_cast<double>(bitLogits.size());
    return reading;
}

Finding findingOf(LoadedModel& model, const image::Image& pixels) {
    const auto detection = model.network->detect(pixels);
    Finding finding;
    finding.model = model.manifest.name;
    finding.modelSha256 = model.manifest.weightsSha256;
    finding.scoreLogit = detection.presenceLogit;
    finding.threshold = model.threshold();
    finding.lowerThreshold = model.lowerThreshold();
    finding.presence = detection.presenceLogit >= finding.threshold        ? Presence::Present
                       : detection.presenceLogit >= finding.lowerThreshold ? Presence::Inconclusive
                                                                           : Presence::Absent;
    finding.falsePositiveRate = model.falsePositiveRate();
    if (finding.presence != Presence::Absent) finding.code = codeReading(model, detection.bitLogits);
    finding.evidence = {detection.columns, detection.rows, detection.cells};
    // imageToFrame inverted: [A t] -> [A^-1, -A^-1 t].
    const auto& m = detection.imageToFrame;
    const double determinant = m[0] * m[4] - m[1] * m[3];
    if (std::abs(determinant) > 1e-9) {
        const double a = m[4] / determinant, b = -m[1] / determinant, d = -m[3] / determinant,
                     e = m[0] / determinant;
        finding.geometry = {a, b, -(a * m[2] + b * m[5]), d, e, -(d * m[2] + e * m[5])};
    }
    finding.hypotheses = detection.hypotheses;
    return finding;
}

}  // namespace signet::examine
