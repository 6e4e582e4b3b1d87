#include "core/examine/loaded_models.h"

#include <fmt/format.h>

#include <cmath>
#include <thread>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/conditions.h"
#include "core/examine/fingerprint_lookup.h"
#include "core/metrics/intervals.h"
#include "core/metrics/read_errors.h"

namespace signet::examine {

Rate LoadedModel::falsePositiveRate() const {
    if (!calibration || calibration->negativeCount() == 0) return {};
    const int k = calibration->falsePositives;
    const int n = calibration->negativeCount();
    return {static_cast<double>(k) / n, metrics::clopperPearsonUpper(k, n), n, conditionOf(*calibration)};
}

double LoadedModel::threshold() const {
    if (const auto own = detector().ownThresholds()) return own->present;
    return calibration ? calibration->threshold : 0;
}

double LoadedModel::lowerThreshold() const {
    if (const auto own = detector().ownThresholds()) return own->inconclusive;
    return calibration ? calibration->lowerThreshold : 0;
}

double LoadedModel::balancedThreshold() const {
    if (const auto own = detector().ownThresholds()) return own->present;
    return calibration ? calibration->balancedThreshold : 0;
}

Injector& LoadedModel::injector() const {
    if (!networks.injector)
        throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": it signs no images",
                                                      manifest.name, toString(manifest.kind())));
    return *networks.injector;
}

int threadsOf(const Examiner::Options& options) {
    return options.threads > 0 ? options.threads
                               : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int LoadedModels::threads() const {
    return threadsOf(m_options);
}

LoadedModel loadUncalibrated(const models::Manifest& manifest, const Examiner::Options& options) {
    LoadedModel loaded;
    loaded.manifest = manifest;
    loaded.networks = loadNetworks(loaded.manifest, {.device = options.device,
                                                     .threads = threadsOf(options),
                                                     .keys = options.keys,
                                                     .fingerprints = options.fingerprints});
    return loaded;
}

LoadedModel loadCalibrated(const models::Manifest& manifest, const Examiner::Options& options) {
    LoadedModel loaded = loadUncalibrated(manifest, options);
    loaded.calibration = models::loadCalibration(loaded.manifest);
    return loaded;
}

LoadedModel& LoadedModels::get(const std::string& name) {
    const std::lock_guard lock(m_mutex);
    auto& slot = m_models[name];
    if (!slot)
        slot = std::make_unique<LoadedModel>(
            loadCalibrated(models::findModel(name, m_options.workspace), m_options));
    return *slot;
}

bool LoadedModels::hasInstances(const models::Manifest& manifest) const {
    if (manifest.kind() != models::Kind::Fingerprint) return true;
    return m_options.fingerprints &&
           m_options.fingerprints->instances(manifest.weightsSha256, manifest.bits()) > 0;
}

std::vector<std::string> LoadedModels::defaults() const {
    std::vector<std::string> names;
    std::vector<std::string> warnings;
    for (const auto& manifest : models::listModels(m_options.workspace, &warnings)) {
        if (manifest.isDefault() && canDetect(manifest.kind()) && hasInstances(manifest))
            names.push_back(manifest.name);
    }
    if (names.empty()) {
        throw Error(ErrorCode::Environment,
                    fmt::format("no validated model is installed{}",
                                warnings.empty() ? "" : " (" + warnings.front() + ")"));
    }
    return names;
}

std::optional<CodeReading> codeReading(const LoadedModel& model, const Reading& reading) {
    if (reading.bitLogits.empty()) return std::nullopt;
    CodeReading code;
    code.bits = static_cast<int>(reading.bitLogits.size());
    code.bitLogits = reading.bitLogits;
    code.checked = reading.codeChecked;
    std::vector<std::uint8_t> bits;
    for (const float logit : reading.bitLogits) bits.push_back(logit > 0);
    code.hex = hexFromBits(bits);
    if (code.checked) return code;
    const double temperature = model.calibration ? model.calibration->bitTemperature : 1;
    const int photographs = model.calibration ? model.calibration->independent() : 0;
    double sum = 0;
    for (const float logit : reading.bitLogits) {
        const double right = 1 / (1 + std::exp(-std::abs(static_cast<double>(logit)) * temperature));
        code.bitConfidence.push_back(metrics::supportedProbability(right, photographs));
        sum += code.bitConfidence.back();
    }
    code.confidence = sum / static_cast<double>(code.bits);
    return code;
}

Finding findingOf(LoadedModel& model, const image::Image& pixels) {
    const auto detection = model.detector().detect(pixels);
    Finding finding;
    finding.model = model.manifest.name;
    finding.kind = model.manifest.kind();
    if (const auto* fields = std::get_if<models::ClassifierFields>(&model.manifest.of))
        finding.classes = fields->classes;
    finding.modelSha256 = model.manifest.weightsSha256;
    finding.scoreLogit = detection.scoreLogit;
    finding.threshold = model.threshold();
    finding.lowerThreshold = model.lowerThreshold();
    finding.presence = detection.scoreLogit >= finding.threshold        ? Presence::Present
                       : detection.scoreLogit >= finding.lowerThreshold ? Presence::Inconclusive
                                                                        : Presence::Absent;
    finding.falsePositiveRate = model.falsePositiveRate();
    if (finding.presence != Presence::Absent) finding.code = codeReading(model, detection);
    finding.keyed = detection.keyed;
    finding.match = detection.match;
    finding.evidence = {detection.columns, detection.rows, detection.cells};
    // imageToFrame inverted: [A t] -> [A^-1, -A^-1 t].
    const auto& m = detection.imageToFrame;
    const double determinant = m[0] * m[4] - m[1] * m[3];
    if (std::abs(determinant) > 1e-9) {
        const double a = m[4] / determinant, b = -m[1] / determinant, d = -m[3] / determinant,
                     e = m[0] / determinant;
        finding.geometry = {a, b, -(a * m[2] + b * m[5]), d, e, -(d * m[2] + e * m[5])};
    }
    finding.geometriesTried = detection.geometriesTried;
    return finding;
}

}  // namespace signet::examine
