#include "core/metrics/likelihood_ratio.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

struct Pool {
    double lowest = 0;
    double highest = 0;
    double signedWeight = 0;
    double unsignedWeight = 0;
};

/// Whether a's ratio signed/unsigned is at least b's: the neighbours then violate the order.
bool violates(const Pool& a, const Pool& b) {
    return a.signedWeight * b.unsignedWeight >= b.signedWeight * a.unsignedWeight;
}

std::vector<double> ascending(std::span<const float> scores) {
    std::vector<double> sorted(scores.begin(), scores.end());
    if (std::any_of(sorted.begin(), sorted.end(), [](double s) { return std::isnan(s); }))
        throw Error(ErrorCode::BadOption, "a calibration score is not a number");
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

std::vector<Pool> poolAdjacentViolators(const std::vector<double>& signedScores,
                                        const std::vector<double>& unsignedScores) {
    const double signedUnit = 1.0 / static_cast<double>(signedScores.size());
    const double unsignedUnit = 1.0 / static_cast<double>(unsignedScores.size());
    std::vector<Pool> pools;
    std::size_t s = 0;
    std::size_t u = 0;
    while (s < signedScores.size() || u < unsignedScores.size()) {
        const double at = s == signedScores.size()     ? unsignedScores[u]
                          : u == unsignedScores.size() ? signedScores[s]
                                                       : std::min(signedScores[s], unsignedScores[u]);
        Pool next{at, at, 0, 0};
        for (; s < signedScores.size() && signedScores[s] == at; ++s) next.signedWeight += signedUnit;
        for (; u < unsignedScores.size() && unsignedScores[u] == at; ++u) next.unsignedWeight += unsignedUnit;
        while (!pools.empty() && violates(pools.back(), next)) {
            next.lowest = pools.back().lowest;
            next.signedWeight += pools.back().signedWeight;
            next.unsignedWeight += pools.back().unsignedWeight;
            pools.pop_back();
        }
        pools.push_back(next);
    }
    return pools;
}

/// log2(1 + 10^x), also for infinite x.
double costBits(double log10Odds) {
    const double x = log10Odds * std::numbers::ln10;
    if (x > 700) return x / std::numbers::ln2;
    return std::log1p(std::exp(x)) / std::numbers::ln2;
}

double shareAtLeast(const std::vector<double>& sorted, double value) {
    const auto below = std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin();
    return 1 - static_cast<double>(below) / static_cast<double>(sorted.size());
}

/// The largest log10 ratio up to which accepting H1 from a threshold on costs no more than never accepting
/// it. At threshold t the system's cost is FN + t FP in units of the prior's (Vergeer et al. 2016), with one
/// misleading photograph added to both rates.
double upperBound(std::vector<double> underH1, std::vector<double> underH2, double n1, double n2) {
    std::sort(underH1.begin(), underH1.end());
    std::sort(underH2.begin(), underH2.end());
    std::vector<double> values(underH1);
    values.insert(values.end(), underH2.begin(), underH2.end());
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    double reached = 0;
    for (const double value : values) {
        if (value <= 0) continue;
        const double missed = ((1 - shareAtLeast(underH1, value)) * n1 + 1) / (n1 + 1);
        const double misled = (shareAtLeast(underH2, value) * n2 + 1) / (n2 + 1);
        const double limit = std::log10((1 - missed) / misled);
        if (limit < value) return std::max(reached, limit);
        reached = value;
    }
    return reached;
}

std::vector<double> negated(std::span<const double> values) {
    std::vector<double> out(values.begin(), values.end());
    for (double& value : out) value = -value;
    return out;
}

std::vector<double> ratiosOf(const std::vector<double>& scores, const std::vector<LikelihoodRatioStep>& steps,
                             double LikelihoodRatioStep::*ratio) {
    std::vector<double> out;
    out.reserve(scores.size());
    auto step = steps.begin();
    for (const double score : scores) {
        while (step->highest < score) ++step;
        out.push_back((*step).*ratio);
    }
    return out;
}

}  // namespace

LikelihoodRatioFit fitLikelihoodRatio(std::span<const float> signedScores,
                                      std::span<const float> unsignedScores, int photographs) {
    if (photographs <= 0 || signedScores.size() < static_cast<std::size_t>(photographs) ||
        unsignedScores.size() < static_cast<std::size_t>(photographs))
        throw Error(ErrorCode::BadOption, "a calibration needs at least one score of each photograph");
    const std::vector<double> marked = ascending(signedScores);
    const std::vector<double> plain = ascending(unsignedScores);

    LikelihoodRatioFit fit;
    fit.photographs = photographs;
    for (const Pool& pool : poolAdjacentViolators(marked, plain)) {
        fit.steps.push_back({pool.lowest, pool.highest, pool.signedWeight, pool.unsignedWeight,
                             std::log10(pool.signedWeight) - std::log10(pool.unsignedWeight), 0});
    }
    const auto freeSigned = ratiosOf(marked, fit.steps, &LikelihoodRatioStep::log10Pooled);
    const auto freeUnsigned = ratiosOf(plain, fit.steps, &LikelihoodRatioStep::log10Pooled);
    fit.cllrMin = cllr(freeSigned, freeUnsigned);
    const auto bounds = empiricalBounds(freeSigned, freeUnsigned, photographs, photographs);
    fit.log10Lower = bounds.log10Lower;
    fit.log10Upper = bounds.log10Upper;
    for (LikelihoodRatioStep& step : fit.steps)
        step.log10Lr = std::clamp(step.log10Pooled, fit.log10Lower, fit.log10Upper);
    fit.log10Signed = ratiosOf(marked, fit.steps, &LikelihoodRatioStep::log10Lr);
    fit.log10Unsigned = ratiosOf(plain, fit.steps, &LikelihoodRatioStep::log10Lr);
    fit.cllr = cllr(fit.log10Signed, fit.log10Unsigned);
    return fit;
}

std::optional<LikelihoodRatio> likelihoodRatioAt(const LikelihoodRatioFit& fit, double score) {
    if (std::isnan(score)) throw Error(ErrorCode::BadOption, "the score is not a number");
    const auto above = std::find_if(fit.steps.begin(), fit.steps.end(),
                                    [&](const LikelihoodRatioStep& s) { return score <= s.highest; });
    const auto valueOf = [](const LikelihoodRatioStep& step) {
        return LikelihoodRatio{step.log10Lr, step.log10Lr != step.log10Pooled};
    };
    if (above == fit.steps.end()) return valueOf(fit.steps.back());
    if (score >= above->lowest || above == fit.steps.begin()) return valueOf(*above);
    const LikelihoodRatioStep& below = *(above - 1);
    if (std::isinf(below.log10Pooled) && std::isinf(above->log10Pooled)) return std::nullopt;
    if (below.log10Lr >= 0) return valueOf(below);
    if (above->log10Lr <= 0) return valueOf(*above);
    return LikelihoodRatio{};
}

double cllr(std::span<const double> log10UnderH1, std::span<const double> log10UnderH2) {
    if (log10UnderH1.empty() || log10UnderH2.empty())
        throw Error(ErrorCode::BadOption, "Cllr needs ratios under both propositions");
    double first = 0;
    double second = 0;
    for (const double ratio : log10UnderH1) first += costBits(-ratio);
    for (const double ratio : log10UnderH2) second += costBits(ratio);
    return (first / static_cast<double>(log10UnderH1.size()) +
            second / static_cast<double>(log10UnderH2.size())) /
           2;
}

LikelihoodRatioBounds empiricalBounds(std::span<const double> log10UnderH1,
                                      std::span<const double> log10UnderH2, double n1, double n2) {
    if (log10UnderH1.empty() || log10UnderH2.empty())
        throw Error(ErrorCode::BadOption, "bounds need ratios under both propositions");
    const double upper = upperBound({log10UnderH1.begin(), log10UnderH1.end()},
                                    {log10UnderH2.begin(), log10UnderH2.end()}, n1, n2);
    const double lower = -upperBound(negated(log10UnderH2), negated(log10UnderH1), n2, n1);
    return {lower + 0.0, upper};
}

std::vector<TippettPoint> tippett(std::span<const double> log10UnderH1,
                                  std::span<const double> log10UnderH2) {
    std::vector<double> first(log10UnderH1.begin(), log10UnderH1.end());
    std::vector<double> second(log10UnderH2.begin(), log10UnderH2.end());
    if (first.empty() || second.empty())
        throw Error(ErrorCode::BadOption, "a Tippett plot needs ratios under both propositions");
    std::sort(first.begin(), first.end());
    std::sort(second.begin(), second.end());
    std::vector<double> values(first);
    values.insert(values.end(), second.begin(), second.end());
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::vector<TippettPoint> points;
    points.reserve(values.size());
    for (const double value : values)
        points.push_back({value, shareAtLeast(first, value), shareAtLeast(second, value)});
    return points;
}

}  // namespace signet::metrics
