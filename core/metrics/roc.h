#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/metrics/intervals.h"

namespace signet::metrics {

/// The decision "score >= threshold is positive" at one threshold.
struct RocPoint {
    double threshold = 0;
    std::int64_t truePositives = 0;
    std::int64_t falsePositives = 0;
    double tpr = 0;
    double fpr = 0;
};

/// A ROC curve and what is read off it. Label 1 is positive (signed), label 0 negative.
struct Roc {
    /// One point a distinct score, ties collapsed, by falling threshold; the first is (0, 0) at threshold
    /// +infinity, the last (1, 1).
    std::vector<RocPoint> points;
    std::int64_t positives = 0;
    std::int64_t negatives = 0;
    double auc = 0;  ///< Mann-Whitney by mid-ranks, ties count 1/2
    /// DeLong's variance of auc (sample variances of the placement values); NaN with fewer than two of a
    /// class.
    double aucVariance = 0;
    /// 95 % interval of auc: DeLong on the logit scale, so that it stays inside (0,1). Where the variance is
    /// 0 (separated classes) Clopper-Pearson on min(positives, negatives) independent pairs, which is
    /// conservative; where it is NaN [0,1].
    Interval aucCi95;
    double averagePrecision = 0;  ///< sum of (R_i - R_{i-1}) P_i over distinct scores, not interpolated
    double eer = 0;  ///< (FPR + FNR) / 2 at the point that minimises |FPR - FNR| (the first such)
    double eerThreshold = 0;
};

/// Throws BadOption when the lengths differ, a score is NaN, a label is neither 0 nor 1, or a class is
/// missing. O(n log n).
Roc computeRoc(std::span<const double> scores, std::span<const int> labels);

/// Whether a threshold for this false positive rate can be set on so many independent negatives: the smallest
/// rate above 0 that they can show is 1/negatives. Below it, "TPR at this FPR" has no value.
bool supportsFpr(std::int64_t negatives, double fpr);

/// The point with the largest TPR among those with FPR <= maxFpr, with Clopper-Pearson intervals of both
/// achieved rates. Where the negatives do not support maxFpr this is the TPR at no false positive at all.
struct TprAtFpr {
    RocPoint point;
    Interval tprCi95;
    Interval fprCi95;
};
TprAtFpr tprAtFpr(const Roc& roc, double maxFpr);

/// Decisions at a fixed threshold (score >= threshold is positive).
struct Accuracy {
    double threshold = 0;
    std::int64_t truePositives = 0;
    std::int64_t trueNegatives = 0;
    double value = 0;  ///< (tp + tn) / n
    Interval ci95;     ///< Clopper-Pearson
};
Accuracy accuracyAt(const Roc& roc, double threshold);

}  // namespace signet::metrics
