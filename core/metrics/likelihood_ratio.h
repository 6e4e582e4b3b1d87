#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signet::metrics {

/// A run of scores that pool-adjacent-violators gives one likelihood ratio.
struct LikelihoodRatioStep {
    double lowest = 0;  ///< scores of the set in this step, both ends included
    double highest = 0;
    double signedShare = 0;  ///< of all signed scores
    double unsignedShare = 0;
    double log10Pooled = 0;  ///< log10 (signedShare / unsignedShare); -inf and +inf where a share is 0
    double log10Lr = 0;      ///< the same within the bounds
};

/// How a presence score becomes a likelihood ratio, P(score | H1: signed) / P(score | H2: unsigned), fitted
/// to scores of n photographs, signed and unsigned. Monotone in the score by isotonic regression (pool
/// adjacent violators, PAV; Zadrozny & Elkan 2002, Brümmer & du Preez 2006), then bounded as in Vergeer, van
/// Es, de Jongh, Alberink & Stoel 2016 (empirical lower and upper bounds, ELUB): one more misleading
/// photograph on each side is supposed, and no ratio goes beyond the threshold from which deciding by the
/// system would cost more than deciding by the prior alone. Separated classes give 1/n..n. Where the set
/// holds several versions (codecs) of a photograph, n is the number of photographs: a version weighs
/// 1/versions.
struct LikelihoodRatioFit {
    int photographs = 0;                     ///< n, of each kind
    std::vector<LikelihoodRatioStep> steps;  ///< ascending scores, rising ratio
    double log10Lower = 0;                   ///< bounds, <= 0 <= ...
    double log10Upper = 0;
    double cllr = 0;     ///< of the bounded ratios, on the set they were fitted to (optimistic)
    double cllrMin = 0;  ///< of the unbounded ones: what telling apart alone costs
    /// The bounded ratios of the set's scores, ascending, for the Tippett plot.
    std::vector<double> log10Signed;
    std::vector<double> log10Unsigned;
};

/// Throws BadOption unless photographs > 0, neither list is empty, no score is NaN, and each list has at
/// least photographs scores. O(n log n).
LikelihoodRatioFit fitLikelihoodRatio(std::span<const float> signedScores,
                                      std::span<const float> unsignedScores, int photographs);

struct LikelihoodRatio {
    double log10 = 0;
    bool bounded = false;  ///< the set would give more; the bound is stated instead
};

/// The ratio for a score: that of its step; between two steps the one nearer to 1, and 1 where they lie on
/// both sides of it. Nothing for a score between separated classes, where the set has no photograph of either
/// kind. Throws BadOption for NaN.
std::optional<LikelihoodRatio> likelihoodRatioAt(const LikelihoodRatioFit& fit, double score);

/// Cost of log likelihood ratios (Brümmer & du Preez 2006), bits: 0 is perfect, 1 is no information.
/// 1/2 [mean over H1 of log2(1 + 1/LR) + mean over H2 of log2(1 + LR)]. Infinite ratios are allowed. Throws
/// BadOption for an empty list.
double cllr(std::span<const double> log10UnderH1, std::span<const double> log10UnderH2);

/// Log10 bounds of ELUB for ratios whose sample sizes are n1 and n2 photographs (see LikelihoodRatioFit).
struct LikelihoodRatioBounds {
    double log10Lower = 0;
    double log10Upper = 0;
};
LikelihoodRatioBounds empiricalBounds(std::span<const double> log10UnderH1,
                                      std::span<const double> log10UnderH2, double n1, double n2);

/// A Tippett plot's curves: shares of the ratios under H1 and under H2 that are at least this large, one
/// point a distinct value, ascending.
struct TippettPoint {
    double log10Lr = 0;
    double shareH1 = 0;
    double shareH2 = 0;
};
std::vector<TippettPoint> tippett(std::span<const double> log10UnderH1, std::span<const double> log10UnderH2);

/// The plot as PNG, 2 pixels a point; title in ASCII.
std::vector<std::uint8_t> tippettPlotPng(const LikelihoodRatioFit& fit, const std::string& title);

}  // namespace signet::metrics
