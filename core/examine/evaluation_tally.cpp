#include "core/examine/evaluation_tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/metrics/binomial.h"
#include "core/metrics/operating_point.h"
#include "core/metrics/quality.h"
#include "core/metrics/roc.h"

namespace signet::examine {
namespace {

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

}  // namespace

std::optional<CodeAnswer> codeAnswer(const LoadedModel& model, const Reading& reading,
                                     const std::vector<std::uint8_t>& code) {
    const bool readable = !reading.bitLogits.empty();
    if (!readable && !reading.keyed) return std::nullopt;
    const int bits = static_cast<int>(code.size());
    if (!readable) return CodeAnswer{bits / 2, false, false};
    CodeAnswer answer;
    for (std::size_t b = 0; b < code.size(); ++b)
        answer.matchedBits += (reading.bitLogits[b] > 0) == (code[b] != 0);
    answer.right = answer.matchedBits == bits;
    answer.wrong =
        !answer.right && (reading.keyed ? reading.codeChecked : reading.scoreLogit >= model.threshold());
    return answer;
}

void EvaluationTally::add(const LoadedModel& model, const std::string& family, const Reading& marked,
                          const Reading& plain, const std::vector<std::uint8_t>& code) {
    m_outcomes.push_back({family, static_cast<float>(marked.scoreLogit), static_cast<float>(plain.scoreLogit),
                          codeAnswer(model, marked, code)});
    m_geometriesTried = std::max({m_geometriesTried, marked.geometriesTried, plain.geometriesTried});
}

std::vector<FamilyRates> EvaluationTally::families(const LoadedModel& model) const {
    std::map<std::string, FamilyRates> rates;
    std::map<std::string, std::vector<float>> unsignedScores;
    for (const Outcome& outcome : m_outcomes) {
        FamilyRates& of = rates[outcome.family];
        of.family = outcome.family;
        const auto reported = [&](float score) { return static_cast<double>(score) >= model.threshold(); };
        of.truePositives.k += reported(outcome.signedScore);
        of.falsePositives.k += reported(outcome.unsignedScore);
        of.truePositives.n = ++of.falsePositives.n;
        unsignedScores[outcome.family].push_back(outcome.unsignedScore);
        if (!outcome.code) continue;
        if (!of.exactCodeRate) of.exactCodeRate = of.wrongCodeRate = metrics::Proportion{};
        of.exactCodeRate->k += outcome.code->right;
        of.wrongCodeRate->k += outcome.code->wrong;
        of.exactCodeRate->n = ++of.wrongCodeRate->n;
    }
    std::vector<FamilyRates> all;
    for (auto& [family, of] : rates) {
        if (model.scoresArePValues()) of.unsignedP = pValueShares(unsignedScores[family]);
        all.push_back(std::move(of));
    }
    return all;
}

EvaluationRow EvaluationTally::row(const LoadedModel& model, double fpr, EvaluationRow common) const {
    EvaluationRow row = std::move(common);
    const auto n = static_cast<std::int64_t>(m_outcomes.size());
    std::vector<double> scores, bitAccuracy;
    std::vector<int> labels;
    std::int64_t right = 0, wrong = 0;
    const int bits = model.detector().bits();
    const auto needed = metrics::matchThreshold(bits, fpr, m_geometriesTried);
    std::int64_t enough = 0;
    for (const Outcome& outcome : m_outcomes) {
        row.signedScores.push_back(outcome.signedScore);
        row.unsignedScores.push_back(outcome.unsignedScore);
        scores.insert(scores.end(), {outcome.signedScore, outcome.unsignedScore});
        labels.insert(labels.end(), {1, 0});
        if (!outcome.code) continue;
        bitAccuracy.push_back(static_cast<double>(outcome.code->matchedBits) / bits);
        right += outcome.code->right;
        wrong += outcome.code->wrong;
        enough += needed && outcome.code->matchedBits >= *needed;
    }
    const auto roc = metrics::computeRoc(scores, labels);
    row.threshold = model.threshold();
    row.balancedThreshold = model.balancedThreshold();
    row.presenceAccuracy = {countFrom(row.signedScores, row.balancedThreshold) + n -
                                countFrom(row.unsignedScores, row.balancedThreshold),
                            2 * n};
    row.truePositives = {countFrom(row.signedScores, row.threshold), n};
    row.falsePositives = {countFrom(row.unsignedScores, row.threshold), n};
    row.auc = roc.auc;
    row.aucCi95 = roc.aucCi95;
    if (model.calibration) row.tprAtFpr = tprAtFpr(*model.calibration, row.signedScores, fpr);
    if (!bitAccuracy.empty()) {
        row.bitAccuracy = metrics::meanAndCi95(bitAccuracy, {0, 1});
        row.exactCodeRate = {right, n};
        row.wrongCodeRate = {wrong, n};
        if (needed) row.codeTprAtFpr = {{enough, n}, static_cast<int>(*needed), m_geometriesTried};
    }
    if (model.scoresArePValues()) row.unsignedP = pValueShares(row.unsignedScores);
    row.families = families(model);
    return row;
}

}  // namespace signet::examine
