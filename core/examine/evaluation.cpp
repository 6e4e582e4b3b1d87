#include "core/examine/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/examine/loaded_models.h"
#include "core/examine/miss_rate.h"
#include "core/examine/trial.h"
#include "core/metrics/binomial.h"
#include "core/metrics/quality.h"
#include "core/metrics/roc.h"
#include "core/metrics/visible_difference.h"
#include "core/training/photo_set.h"

namespace signet::examine {
namespace {

Json toJson(const metrics::Interval& interval) {
    return Json::array({finiteOrNull(interval.lower), finiteOrNull(interval.upper)});
}

Json proportion(std::int64_t k, std::int64_t n) {
    return {{"value", n > 0 ? Json(static_cast<double>(k) / static_cast<double>(n)) : Json(nullptr)},
            {"k", k},
            {"n", n},
            {"ci95", toJson(metrics::clopperPearson(k, n))}};
}

Json mean(const std::vector<double>& values, const metrics::Interval& possible) {
    const auto m = metrics::meanAndCi95(values, possible);
    return {{"value", finiteOrNull(m.mean)}, {"n", m.n}, {"ci95", toJson(m.ci95)}};
}

/// What one attack has gathered so far.
struct Tally {
    std::vector<float> signedScores, unsignedScores;
    std::vector<double> bitAccuracy;  ///< one an image: images, not bits, are the independent unit
    std::vector<std::int64_t> matched;
    int hypotheses = 1;  ///< the most geometries that were tried on an image
};

constexpr metrics::Interval kAny{-INFINITY, INFINITY};
constexpr metrics::Interval kShare{0, 1};

/// Signed images above the score that at most fpr of the calibration's originals exceed, each with the
/// highest of its scores; or why the calibration cannot say.
Json tprAtFpr(const models::Calibration& calibration, const std::vector<float>& signedScores, double fpr) {
    const auto& maxima = calibration.isAsTheyAre() ? calibration.unsignedScores : calibration.unsignedMaxima;
    Json json = {{"value", nullptr}, {"fpr", fpr}, {"calibration_originals", calibration.negativeCount()}};
    if (!metrics::supportsFpr(calibration.negativeCount(), fpr)) {
        json["reason"] = fmt::format("a false positive rate of {:g} cannot be set with {} originals", fpr,
                                     calibration.negativeCount());
        return json;
    }
    if (maxima.empty()) {
        json["reason"] =
            "the calibration does not record the highest score of each original: calibrate again";
        return json;
    }
    const auto allowed = static_cast<std::size_t>(std::floor(fpr * static_cast<double>(maxima.size())));
    const double limit = static_cast<double>(std::nextafter(maxima[maxima.size() - 1 - allowed], INFINITY));
    json.update(proportion(std::count_if(signedScores.begin(), signedScores.end(),
                                         [&](float s) { return static_cast<double>(s) >= limit; }),
                           static_cast<std::int64_t>(signedScores.size())));
    json["threshold"] = limit;
    return json;
}

/// What signing did to each image, whatever attack comes after.
struct Quality {
    std::vector<double> psnr, ssim, p99, p999, shareOver1;

    void add(const Trial& trial) {
        psnr.push_back(trial.psnrDb);
        ssim.push_back(metrics::ssimSampled(trial.plain, trial.marked));
        const auto seen = metrics::visibleDifference(trial.plain, trial.marked);
        p99.push_back(seen.p99);
        p999.push_back(seen.p999);
        shareOver1.push_back(seen.shareOver1);
    }
    Json toJson() const {
        return {{"psnr_db", mean(psnr, kAny)},
                {"ssim", mean(ssim, kShare)},
                {"visible",
                 {{"p99", mean(p99, {0, INFINITY})},
                  {"p999", mean(p999, {0, INFINITY})},
                  {"share_over_1", mean(shareOver1, kShare)},
                  {"pixels_per_degree", metrics::kPixelsPerDegree}}}};
    }
};

/// Why the records may not be kept with the model; empty: they may.
std::string whyNotKept(const EvaluationOptions& options, const LoadedModel& model,
                       const training::PhotoSet& photos, const std::optional<models::TrainingList>& trained,
                       std::size_t inTraining) {
    const signature::EmbeddingOptions plain;
    if (!model.calibration) return "the model has no calibration: --calibrate first";
    if ((!options.attacks.empty() && options.attacks != standardAttacks()) ||
        options.side != EvaluationOptions().side || options.embedding.strength != plain.strength ||
        options.embedding.informed != plain.informed)
        return "an evaluation that is kept is made by the protocol: no --attacks, --side, --strength or "
               "--plain";
    if (photos.originals < kLeastEvaluated)
        return fmt::format("it needs images of at least {} originals; there are {}", kLeastEvaluated,
                           photos.originals);
    if (!trained)
        return "the model keeps no list of its training files, so that nothing shows that it never "
               "saw these images";
    if (inTraining > 0)
        return fmt::format(
            "{} of the {} images are in the model's list of training files, or were cut from "
            "the same originals",
            inTraining, photos.files.size());
    return {};
}

Json row(const LoadedModel& model, const EvaluationOptions& options, const std::string& attack,
         const Tally& tally, const Json& common) {
    const auto n = static_cast<std::int64_t>(tally.signedScores.size());
    std::vector<double> scores(tally.signedScores.begin(), tally.signedScores.end());
    scores.insert(scores.end(), tally.unsignedScores.begin(), tally.unsignedScores.end());
    std::vector<int> labels(tally.signedScores.size(), 1);
    labels.resize(scores.size(), 0);
    const auto roc = metrics::computeRoc(scores, labels);
    const double threshold = model.threshold();
    const auto at = [](const std::vector<float>& list, double limit) {
        return std::count_if(list.begin(), list.end(),
                             [&](float s) { return static_cast<double>(s) >= limit; });
    };
    const double balanced = model.calibration ? model.calibration->balancedThreshold : 0;
    const auto right = at(tally.signedScores, balanced) + n - at(tally.unsignedScores, balanced);
    const auto found = at(tally.signedScores, threshold);
    const auto wrong = at(tally.unsignedScores, threshold);
    Json json = {{"attack", attack}, {"n", n}};
    json.update(common);
    json.update({{"balanced_threshold", balanced},
                 {"threshold", threshold},
                 {"presence_accuracy", proportion(right, 2 * n)},
                 {"true_positives", proportion(found, n)},
                 {"false_positives", proportion(wrong, n)},
                 {"auc", {{"value", roc.auc}, {"ci95", toJson(roc.aucCi95)}}}});
    if (model.calibration) json["tpr_at_fpr"] = tprAtFpr(*model.calibration, tally.signedScores, options.fpr);
    if (!tally.matched.empty()) {
        const int bits = model.detector().bits();
        json["bit_accuracy"] = mean(tally.bitAccuracy, kShare);
        json["exact_code_rate"] = proportion(std::count(tally.matched.begin(), tally.matched.end(), bits), n);
        if (const auto needed = metrics::matchThreshold(bits, options.fpr, tally.hypotheses)) {
            json["code_tpr_at_fpr"] = proportion(std::count_if(tally.matched.begin(), tally.matched.end(),
                                                               [&](auto m) { return m >= *needed; }),
                                                 n);
            json["code_tpr_at_fpr"]["matched_bits_needed"] = *needed;
            json["code_tpr_at_fpr"]["geometries_tried"] = tally.hypotheses;
        }
    }
    return json;
}

/// The first crop of each original.
training::PhotoSet onePerOriginal(const training::PhotoSet& photos, int limit) {
    training::PhotoSet out{photos.folder, {}, {}, {}, 0};
    std::set<std::string> taken;
    std::string names;
    for (std::size_t i = 0; i < photos.files.size(); ++i) {
        if (!taken.insert(photos.originalOf[i]).second) continue;
        out.files.push_back(photos.files[i]);
        out.originalOf.push_back(photos.originalOf[i]);
        names += photos.files[i].filename().string() + "\n";
        if (++out.originals == limit) break;
    }
    out.sha256 = sha256Hex(names);
    return out;
}

void keepEvaluation(const LoadedModel& model, const std::vector<EvaluationRow>& rows) {
    std::string text;
    for (const EvaluationRow& row : rows) text += row.record.dump() + "\n";
    writeFileAtomically(model.manifest.folder / kEvaluationFile, text, IfExists::Replace);
    auto manifest = model.manifest;
    manifest.validated = whyNotValidated(manifest, *model.calibration).empty();
    models::saveManifest(manifest);
}

}  // namespace

std::string standardAttacks() {
    return "none,flip,jpeg:90,jpeg:75,jpeg:50,webp:50,resize:0.5,crop:0.75,crop:0.5,cropresize:0.75,"
           "cropresize:0.5,rotate:5,rotate:15,rotate:30,flip+rotate:20,paper-text,paper-code,blur:1,blur:2,"
           "noise:0.02,noise:0.05,brightness:0.5,brightness:1.5,contrast:0.5,contrast:1.5,jpeg:75+cropresize:"
           "0.75+brightness:1.2";
}

std::vector<EvaluationRow> evaluate(const std::string& name, const EvaluationOptions& options,
                                    const Examiner::Options& setup,
                                    const std::function<void(const EvaluationRow&)>& onRow,
                                    const WorkContext& context, std::vector<std::string>* warnings) {
    LoadedModels models(setup);
    LoadedModel& model = models.get(name);
    if (options.fpr <= 0 || options.fpr >= 1) throw Error(ErrorCode::BadOption, "--fpr lies between 0 and 1");
    const auto attacks =
        attacks::parsePerturbationList(options.attacks.empty() ? standardAttacks() : options.attacks);
    const auto photos =
        onePerOriginal(training::listPhotos(options.images, training::Split::All), options.limit);
    const auto& files = photos.files;
    const auto trained = models::loadTrainingList(model.manifest.folder);
    const std::size_t inTraining = trained ? trained->countKnown(training::listedFiles(photos)) : 0;
    if (options.keep) {
        if (const auto why = whyNotKept(options, model, photos, trained, inTraining); !why.empty())
            throw Error(ErrorCode::BadOption, why);
    }

    // Image by image, all attacks of it: one image in memory at a time. Both halves pass the same attack with
    // the same seed.
    std::vector<Tally> tallies(attacks.size());
    Quality quality;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            const Trial trial = makeTrial(model, files[i], options.side, options.embedding, options.seed + i,
                                          models.threads());
            quality.add(trial);
            for (std::size_t a = 0; a < attacks.size(); ++a) {
                const std::uint64_t seed = options.seed + i;
                const auto marked = model.detector().detect(attacks::apply(trial.marked, attacks[a], seed));
                const auto plain = model.detector().detect(attacks::apply(trial.plain, attacks[a], seed));
                tallies[a].signedScores.push_back(static_cast<float>(marked.scoreLogit));
                tallies[a].unsignedScores.push_back(static_cast<float>(plain.scoreLogit));
                tallies[a].hypotheses =
                    std::max({tallies[a].hypotheses, marked.hypotheses, plain.hypotheses});
                if (!marked.bitLogits.empty()) {
                    std::int64_t matched = 0;
                    for (std::size_t b = 0; b < trial.code.size(); ++b)
                        matched += (marked.bitLogits[b] > 0) == (trial.code[b] != 0);
                    tallies[a].matched.push_back(matched);
                    tallies[a].bitAccuracy.push_back(static_cast<double>(matched) /
                                                     static_cast<double>(trial.code.size()));
                }
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::BadOption) throw;
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
    if (quality.psnr.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("no image in {} can be evaluated", options.images.string()));
    Json common = {{"model", model.manifest.name},
                   {"model_sha256", model.manifest.weightsSha256},
                   {"images_sha256", photos.sha256},
                   {"in_training", trained ? Json(inTraining) : Json(nullptr)}};
    common.update(quality.toJson());
    std::vector<EvaluationRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        EvaluationRow result{
            attacks::toSpec(attacks[a]), tallies[a].signedScores, tallies[a].unsignedScores, {}};
        result.record = row(model, options, result.attack, tallies[a], common);
        if (onRow) onRow(result);
        rows.push_back(std::move(result));
    }
    if (options.keep) keepEvaluation(model, rows);
    return rows;
}

}  // namespace signet::examine
