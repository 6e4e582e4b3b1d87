#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/evaluation.h"
#include "core/examine/loaded_models.h"
#include "core/examine/trial.h"
#include "core/metrics/intervals.h"
#include "core/training/photo_set.h"

namespace signet::examine {
namespace {

constexpr int kSide = 256;  ///< the evaluation protocol's
constexpr std::uint64_t kSeed = 20'000;
constexpr int kLeastPhotographs = 600;
constexpr double kLostShare =
    0.01;  ///< of the signed scores that a threshold without any false positive may lose
constexpr double kFalseShare =
    0.005;  ///< of the photographs that may reach the threshold where that is not to be had
constexpr double kGapShare =
    0.25;  ///< signed images will meet harder attacks than these codecs, unsigned ones will hardly change

/// The factor on logits that makes their mean negative log-likelihood least: golden-section search over its
/// logarithm.
double fitTemperature(const std::vector<double>& signedLogits) {
    const auto loss = [&](double logTemperature) {
        const double t = std::exp(logTemperature);
        double sum = 0;
        for (const double logit : signedLogits)
            sum += std::log1p(std::exp(-std::abs(logit) * t)) + (logit < 0 ? std::abs(logit) * t : 0);
        return sum;
    };
    double low = std::log(0.02);
    double high = std::log(20.0);
    const double ratio = (std::sqrt(5.0) - 1) / 2;
    for (int i = 0; i < 60; ++i) {
        const double a = high - ratio * (high - low);
        const double b = low + ratio * (high - low);
        (loss(a) < loss(b) ? high : low) = loss(a) < loss(b) ? b : a;
    }
    return std::exp((low + high) / 2);
}

/// The logit at which signed scores below and unsigned scores at or above it are fewest together: the middle
/// of the interval of such logits, so that neither class has all of the room. Both lists ascending.
double balancedThreshold(const models::Calibration& c) {
    std::vector<double> edges(c.signedScores.begin(), c.signedScores.end());
    edges.insert(edges.end(), c.unsignedScores.begin(), c.unsignedScores.end());
    std::sort(edges.begin(), edges.end());
    const auto below = [](const std::vector<float>& scores, double limit) {
        return static_cast<std::size_t>(std::lower_bound(scores.begin(), scores.end(), limit) -
                                        scores.begin());
    };
    double best = 0;
    std::size_t fewest = edges.size() + 1;
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        if (edges[i] == edges[i + 1]) continue;
        const double middle = (edges[i] + edges[i + 1]) / 2;
        const auto errors =
            below(c.signedScores, middle) + c.unsignedScores.size() - below(c.unsignedScores, middle);
        if (errors < fewest) {
            fewest = errors;
            best = middle;
        }
    }
    return best;
}

/// worst: the highest unsigned score of each photograph, ascending. Where classes are apart the threshold
/// lies kGapShare of the way from the unsigned to the signed and no photograph reaches it; else at most
/// kFalseShare of the photographs do, and what lies between that and the balanced threshold is inconclusive.
void setThresholds(models::Calibration& c, const std::vector<float>& worst) {
    const double highest = static_cast<double>(worst.back());
    const double lowestSigned = static_cast<double>(
        c.signedScores[static_cast<std::size_t>(kLostShare * static_cast<double>(c.signedScores.size()))]);
    const auto rounded = [](double value) { return std::round(value * 100) / 100; };
    if (highest < lowestSigned) {
        c.threshold = std::max(rounded(highest + kGapShare * (lowestSigned - highest)), highest + 0.01);
        c.balancedThreshold = c.threshold;
        c.lowerThreshold = std::min(rounded(highest), c.threshold);
        return;
    }
    const auto allowed = static_cast<std::size_t>(kFalseShare * static_cast<double>(worst.size()));
    c.balancedThreshold = rounded(balancedThreshold(c));
    c.threshold =
        std::max(std::ceil((static_cast<double>(worst[worst.size() - 1 - allowed]) + 0.005) * 100) / 100,
                 c.balancedThreshold);
    c.lowerThreshold = std::min(c.balancedThreshold, c.threshold);
}

}  // namespace

Json calibrate(const std::string& name, const std::filesystem::path& images, const Examiner::Options& setup,
               const WorkContext& context) {
    LoadedModel model = loadUncalibrated(name, setup);  // an earlier calibration may be damaged
    const auto photos = training::listPhotos(images, training::Split::Calibration);
    const auto codecs = attacks::parsePerturbationList(kCalibrationCodecs);
    models::Calibration calibration;
    calibration.imagesSha256 = photos.sha256;
    for (const auto& codec : codecs) calibration.codecs.push_back(attacks::toSpec(codec));
    std::vector<float> worst;            // the highest unsigned score of each photograph
    std::vector<double> agreeingLogits;  // bit logits times the sign of the bit embedded
    for (std::size_t i = 0; i < photos.files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, photos.files.size(), "calibration");
        const Trial trial = makeTrial(model, photos.files[i], kSide, {}, kSeed + i, threadsOf(setup));
        float highest = -INFINITY;
        for (const auto& codec : codecs) {
            const auto plain = model.network->detect(attacks::apply(trial.plain, codec, kSeed + i));
            const auto marked = model.network->detect(attacks::apply(trial.marked, codec, kSeed + i));
            calibration.unsignedScores.push_back(static_cast<float>(plain.presenceLogit));
            calibration.signedScores.push_back(static_cast<float>(marked.presenceLogit));
            highest = std::max(highest, calibration.unsignedScores.back());
            for (std::size_t b = 0; b < marked.bitLogits.size(); ++b)
                agreeingLogits.push_back(marked.bitLogits[b] * (trial.code[b] ? 1.0 : -1.0));
        }
        worst.push_back(highest);
    }
    if (static_cast<int>(worst.size()) < kLeastPhotographs) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("a calibration needs at least {} photographs; {} has {} for it",
                                kLeastPhotographs, images.string(), worst.size()));
    }
    std::sort(calibration.unsignedScores.begin(), calibration.unsignedScores.end());
    std::sort(calibration.signedScores.begin(), calibration.signedScores.end());
    std::sort(worst.begin(), worst.end());
    calibration.photographs = static_cast<int>(worst.size());
    calibration.side = kSide;
    setThresholds(calibration, worst);
    calibration.falsePositives = static_cast<int>(std::count_if(worst.begin(), worst.end(), [&](float s) {
        return static_cast<double>(s) >= calibration.threshold;
    }));
    if (!agreeingLogits.empty()) calibration.bitTemperature = fitTemperature(agreeingLogits);
    models::saveCalibration(model.manifest, calibration);
    auto manifest = model.manifest;
    manifest.validated = true;
    models::saveManifest(manifest);
    return {
        {"model", manifest.name},
        {"photographs", calibration.photographs},
        {"originals", photos.originals},
        {"codecs", calibration.codecs},
        {"threshold", calibration.threshold},
        {"lower_threshold", calibration.lowerThreshold},
        {"false_positives", calibration.falsePositives},
        {"fpr_upper95", metrics::clopperPearsonUpper(calibration.falsePositives, calibration.photographs)},
        {"bit_temperature", calibration.bitTemperature}};
}

}  // namespace signet::examine
