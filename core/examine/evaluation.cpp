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

/// What one attack has gathered so far.
struct Tally {
    std::vector<float> signedScores, unsignedScores;
    std::vector<double> bitAccuracy;  ///< one an image: images, not bits, are the independent unit
    std::vector<std::int64_t> matched;
    bool ownCheck = false;        ///< codes have a check of their own
    std::int64_t wrongCodes = 0;  ///< named by a reading whose code passed its check
    int geometriesTried = 1;      ///< the most geometries that were tried on an image

    /// A keyed signature whose code is not readable counts as half of the bits right.
    void addCode(const Reading& reading, const std::vector<std::uint8_t>& code) {
        if (reading.bitLogits.empty() && !reading.keyed) return;
        std::int64_t right = 0;
        for (std::size_t b = 0; b < reading.bitLogits.size(); ++b)
            right += (reading.bitLogits[b] > 0) == (code[b] != 0);
        const auto bits = static_cast<std::int64_t>(code.size());
        if (reading.bitLogits.empty()) right = bits / 2;
        ownCheck = ownCheck || reading.keyed;
        wrongCodes += reading.codeChecked && right < bits;
        matched.push_back(right);
        bitAccuracy.push_back(static_cast<double>(right) / static_cast<double>(bits));
    }
};

constexpr metrics::Interval kAny{-INFINITY, INFINITY};
constexpr metrics::Interval kShare{0, 1};

std::int64_t countFrom(const std::vector<float>& scores, double limit) {
    return std::count_if(scores.begin(), scores.end(),
                         [&](float s) { return static_cast<double>(s) >= limit; });
}

TprAtFpr tprAtFpr(const models::Calibration& calibration, const std::vector<float>& signedScores,
                  double fpr) {
    const auto& maxima = calibration.isAsTheyAre() ? calibration.unsignedScores : calibration.unsignedMaxima;
    TprAtFpr t;
    t.fpr = fpr;
    t.calibrationOriginals = calibration.negativeCount();
    if (!metrics::supportsFpr(t.calibrationOriginals, fpr)) {
        t.reason = fmt::format("a false positive rate of {:g} cannot be set with {} originals", fpr,
                               t.calibrationOriginals);
    } else if (maxima.empty()) {
        t.reason = "the calibration does not record the highest score of each original: calibrate again";
    } else {
        const auto allowed = static_cast<std::size_t>(std::floor(fpr * static_cast<double>(maxima.size())));
        t.threshold = static_cast<double>(std::nextafter(maxima[maxima.size() - 1 - allowed], INFINITY));
        t.found = {countFrom(signedScores, t.threshold), static_cast<std::int64_t>(signedScores.size())};
    }
    return t;
}

/// What signing did to each image, whatever attack comes after.
struct QualityTally {
    std::vector<double> psnr, ssim, p99, p999, shareOver1;

    void add(const Trial& trial) {
        psnr.push_back(trial.psnrDb);
        ssim.push_back(metrics::ssimSampled(trial.plain, trial.marked));
        const auto seen = metrics::visibleDifference(trial.plain, trial.marked);
        p99.push_back(seen.p99);
        p999.push_back(seen.p999);
        shareOver1.push_back(seen.shareOver1);
    }
    SigningQuality means() const {
        const auto mean = [](const std::vector<double>& values, const metrics::Interval& possible) {
            return metrics::meanAndCi95(values, possible);
        };
        return {mean(psnr, kAny),          mean(ssim, kShare),       mean(p99, {0, INFINITY}),
                mean(p999, {0, INFINITY}), mean(shareOver1, kShare), metrics::kPixelsPerDegree};
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

/// common: what all rows of an evaluation have in common.
EvaluationRow rowOf(const LoadedModel& model, const EvaluationOptions& options, const std::string& attack,
                    Tally tally, EvaluationRow common) {
    EvaluationRow row = std::move(common);
    const auto n = static_cast<std::int64_t>(tally.signedScores.size());
    std::vector<double> scores(tally.signedScores.begin(), tally.signedScores.end());
    scores.insert(scores.end(), tally.unsignedScores.begin(), tally.unsignedScores.end());
    std::vector<int> labels(tally.signedScores.size(), 1);
    labels.resize(scores.size(), 0);
    const auto roc = metrics::computeRoc(scores, labels);
    row.attack = attack;
    row.threshold = model.threshold();
    row.balancedThreshold = model.calibration ? model.calibration->balancedThreshold : 0;
    row.presenceAccuracy = {countFrom(tally.signedScores, row.balancedThreshold) + n -
                                countFrom(tally.unsignedScores, row.balancedThreshold),
                            2 * n};
    row.truePositives = {countFrom(tally.signedScores, row.threshold), n};
    row.falsePositives = {countFrom(tally.unsignedScores, row.threshold), n};
    row.auc = roc.auc;
    row.aucCi95 = roc.aucCi95;
    if (model.calibration) row.tprAtFpr = tprAtFpr(*model.calibration, tally.signedScores, options.fpr);
    if (!tally.matched.empty()) {
        const int bits = model.detector().bits();
        row.bitAccuracy = metrics::meanAndCi95(tally.bitAccuracy, kShare);
        row.exactCodeRate = {std::count(tally.matched.begin(), tally.matched.end(), bits), n};
        if (tally.ownCheck) row.wrongCodeRate = {tally.wrongCodes, n};
        if (const auto needed = metrics::matchThreshold(bits, options.fpr, tally.geometriesTried)) {
            const auto found = std::count_if(tally.matched.begin(), tally.matched.end(),
                                             [&](auto m) { return m >= *needed; });
            row.codeTprAtFpr = {{found, n}, static_cast<int>(*needed), tally.geometriesTried};
        }
    }
    row.signedScores = std::move(tally.signedScores);
    row.unsignedScores = std::move(tally.unsignedScores);
    return row;
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
    saveEvaluation(model.manifest, rows);
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
    QualityTally quality;
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
                tallies[a].geometriesTried =
                    std::max({tallies[a].geometriesTried, marked.geometriesTried, plain.geometriesTried});
                tallies[a].addCode(marked, trial.code);
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::BadOption) throw;
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
    if (quality.psnr.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("no image in {} can be evaluated", options.images.string()));
    EvaluationRow common;
    common.model = model.manifest.name;
    common.modelSha256 = model.manifest.weightsSha256;
    common.imagesSha256 = photos.sha256;
    if (trained) common.inTraining = static_cast<int>(inTraining);
    common.quality = quality.means();
    std::vector<EvaluationRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        rows.push_back(rowOf(model, options, attacks::toSpec(attacks[a]), std::move(tallies[a]), common));
        if (onRow) onRow(rows.back());
    }
    if (options.keep) keepEvaluation(model, rows);
    return rows;
}

}  // namespace signet::examine
