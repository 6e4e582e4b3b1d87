#include "core/examine/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/examine/loaded_models.h"
#include "core/examine/trial.h"
#include "core/image/find_images.h"
#include "core/metrics/binomial.h"
#include "core/metrics/quality.h"
#include "core/metrics/roc.h"

namespace signet::examine {
namespace {

Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json toJson(const metrics::Interval& interval) {
    return Json::array({finite(interval.lower), finite(interval.upper)});
}

Json proportion(std::int64_t k, std::int64_t n) {
    return {{"value", n > 0 ? Json(static_cast<double>(k) / static_cast<double>(n)) : Json(nullptr)},
            {"k", k},
            {"n", n},
            {"ci95", toJson(metrics::clopperPearson(k, n))}};
}

Json mean(const std::vector<double>& values) {
    const auto m = metrics::meanAndCi95(values);
    return {{"value", finite(m.mean)}, {"n", m.n}, {"ci95", toJson(m.ci95)}};
}

/// What one attack has gathered so far.
struct Tally {
    std::vector<float> signedScores, unsignedScores;
    std::vector<double> bitAccuracy;  ///< one an image: images, not bits, are the independent unit
    std::vector<std::int64_t> matched;
    int hypotheses = 1;  ///< the most geometries that were tried on an image
};

/// The smallest score that at most fpr of the calibration's unsigned scores exceed.
double quantileThreshold(const models::Calibration& calibration, double fpr) {
    const auto& scores = calibration.unsignedScores;
    const auto allowed = static_cast<std::size_t>(std::floor(fpr * static_cast<double>(scores.size())));
    return std::nextafter(scores[scores.size() - 1 - std::min(allowed, scores.size() - 1)], INFINITY);
}

Json row(const LoadedModel& model, const EvaluationOptions& options, const std::string& attack,
         const Tally& tally, const std::vector<double>& psnr, const std::vector<double>& ssim) {
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
    Json json = {{"attack", attack},
                 {"n", n},
                 {"psnr_db", mean(psnr)},
                 {"ssim", mean(ssim)},
                 {"balanced_threshold", balanced},
                 {"threshold", threshold},
                 {"presence_accuracy", proportion(right, 2 * n)},
                 {"true_positives", proportion(found, n)},
                 {"false_positives", proportion(wrong, n)},
                 {"auc", {{"value", roc.auc}, {"ci95", toJson(roc.aucCi95)}}}};
    if (model.calibration) {
        const double limit = quantileThreshold(*model.calibration, options.fpr);
        json["tpr_at_fpr"] = proportion(at(tally.signedScores, limit), n);
        json["tpr_at_fpr"]["fpr"] = options.fpr;
        json["tpr_at_fpr"]["threshold"] = limit;
        json["tpr_at_fpr"]["calibration_scores"] = model.calibration->unsignedScores.size();
    }
    if (!tally.matched.empty()) {
        const int bits = model.network->bits();
        json["bit_accuracy"] = mean(tally.bitAccuracy);
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
    auto files = image::findImages({options.images}, {}).files;
    if (options.limit > 0 && static_cast<int>(files.size()) > options.limit)
        files.resize(static_cast<std::size_t>(options.limit));

    // Image by image, all attacks of it: one image in memory at a time. Both halves pass the same attack with
    // the same seed.
    std::vector<Tally> tallies(attacks.size());
    std::vector<double> psnr, ssim;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            const Trial trial = makeTrial(model, files[i], options.side, options.embedding, options.seed + i,
                                          models.threads());
            psnr.push_back(trial.psnrDb);
            ssim.push_back(metrics::ssimSampled(trial.plain, trial.marked));
            for (std::size_t a = 0; a < attacks.size(); ++a) {
                const std::uint64_t seed = options.seed + i;
                const auto marked = model.network->detect(attacks::apply(trial.marked, attacks[a], seed));
                const auto plain = model.network->detect(attacks::apply(trial.plain, attacks[a], seed));
                tallies[a].signedScores.push_back(static_cast<float>(marked.presenceLogit));
                tallies[a].unsignedScores.push_back(static_cast<float>(plain.presenceLogit));
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
    if (psnr.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("no image in {} can be evaluated", options.images.string()));
    std::vector<EvaluationRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        EvaluationRow result{
            attacks::toSpec(attacks[a]), tallies[a].signedScores, tallies[a].unsignedScores, {}};
        result.record = row(model, options, result.attack, tallies[a], psnr, ssim);
        if (onRow) onRow(result);
        rows.push_back(std::move(result));
    }
    return rows;
}

}  // namespace signet::examine
