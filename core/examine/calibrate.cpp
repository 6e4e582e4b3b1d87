#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/examine/calibration_policy.h"
#include "core/examine/evaluation.h"
#include "core/examine/loaded_models.h"
#include "core/examine/miss_rate.h"
#include "core/examine/p_value_shares.h"
#include "core/examine/trial.h"
#include "core/metrics/intervals.h"
#include "core/training/photo_set.h"

namespace signet::examine {
namespace {

constexpr int kSide = 256;  ///< the evaluation protocol's
constexpr std::uint64_t kSeed = 20'000;

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

}  // namespace

Json calibrate(const models::Manifest& uncalibrated, const std::filesystem::path& images,
               const Examiner::Options& setup, const WorkContext& context) {
    LoadedModel model = loadUncalibrated(uncalibrated, setup);  // an earlier calibration may be damaged
    const auto photos = training::listPhotos(images, training::Split::Calibration);
    const auto trained = models::loadTrainingList(model.manifest.folder);
    if (trained) {
        if (const auto known = trained->countKnown(training::listedFiles(photos)); known > 0)
            throw Error(ErrorCode::BadOption,
                        fmt::format("{} of the {} photographs are in the model's list of training files, or "
                                    "were cut from the same originals: a calibration needs others",
                                    known, photos.files.size()));
    }
    if (photos.originals < kLeastPhotographs) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("a calibration needs photographs of at least {} originals; {} has {} for it",
                                kLeastPhotographs, images.string(), photos.originals));
    }
    const auto codecs = attacks::parsePerturbationList(kCalibrationCodecs);
    models::Calibration calibration;
    calibration.imagesSha256 = photos.sha256;
    for (const auto& codec : codecs) calibration.codecs.push_back(attacks::toSpec(codec));
    std::map<std::string, float> maxima;  // the highest unsigned score of each original
    std::vector<double> agreeingLogits;   // bit logits times the sign of the bit embedded
    for (std::size_t i = 0; i < photos.files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, photos.files.size(), "calibration");
        const Trial trial = makeTrial(model, photos.files[i], kSide, {}, kSeed + i, threadsOf(setup));
        float highest = -INFINITY;
        for (const auto& codec : codecs) {
            const auto plain = model.detector().detect(attacks::apply(trial.plain, codec, kSeed + i));
            const auto marked = model.detector().detect(attacks::apply(trial.marked, codec, kSeed + i));
            calibration.unsignedScores.push_back(static_cast<float>(plain.scoreLogit));
            calibration.signedScores.push_back(static_cast<float>(marked.scoreLogit));
            highest = std::max(highest, calibration.unsignedScores.back());
            for (std::size_t b = 0; b < marked.bitLogits.size(); ++b)
                agreeingLogits.push_back(marked.bitLogits[b] * (trial.code[b] ? 1.0 : -1.0));
        }
        const auto known = maxima.emplace(photos.originalOf[i], highest).first;
        known->second = std::max(known->second, highest);
    }
    std::sort(calibration.unsignedScores.begin(), calibration.unsignedScores.end());
    std::sort(calibration.signedScores.begin(), calibration.signedScores.end());
    std::vector<float>& worst = calibration.unsignedMaxima;
    for (const auto& [original, highest] : maxima) worst.push_back(highest);
    std::sort(worst.begin(), worst.end());
    calibration.photographs = static_cast<int>(photos.files.size());
    calibration.originals = static_cast<int>(worst.size());
    calibration.side = kSide;
    const auto own = model.detector().ownThresholds();
    if (own)
        setThresholds(calibration, *own);
    else
        setThresholds(calibration, worst);
    calibration.falsePositives = static_cast<int>(std::count_if(worst.begin(), worst.end(), [&](float s) {
        return static_cast<double>(s) >= calibration.threshold;
    }));
    if (!agreeingLogits.empty() && !own) calibration.bitTemperature = fitTemperature(agreeingLogits);
    models::saveCalibration(model.manifest, calibration);
    auto manifest = model.manifest;
    const std::string lacking = whyNotValidated(manifest, calibration);
    manifest.validated = lacking.empty();
    models::saveManifest(manifest);
    Json record = {
        {"model", manifest.name},
        {"photographs", calibration.photographs},
        {"originals", calibration.originals},
        {"training_list", trained.has_value()},
        {"validated", manifest.validated},
        {"not_validated_because", textOrNull(lacking)},
        {"codecs", calibration.codecs},
        {"threshold", calibration.threshold},
        {"lower_threshold", calibration.lowerThreshold},
        {"false_positives", calibration.falsePositives},
        {"fpr_upper95", metrics::clopperPearsonUpper(calibration.falsePositives, calibration.originals)},
        {"bit_temperature", calibration.bitTemperature}};
    if (own) {
        const auto shares = pValueShares(calibration.unsignedScores);
        record["p_values"] = toJson(shares);
        record["p_values"]["agree"] = shares.hold(calibration.originals);
    }
    return record;
}

}  // namespace signet::examine
