#pragma once

#include <cstddef>

#include "core/metrics/roc.h"

namespace signet::metrics {

/// What a threshold gives on a set of scores, each rate with its two-sided 95 % Clopper-Pearson interval.
struct OperatingPoint {
    double threshold = 0;
    RocPoint point;  ///< counts and rates; its own threshold is the lowest score counted
    Interval tprCi95;
    Interval fprCi95;
    double fprUpper95 = 1;  ///< one-sided 95 % upper limit of the FPR: what "0 of n" still allows
    Accuracy accuracy;
};
OperatingPoint operatingPointAt(const Roc& roc, double threshold);

/// The place in roc.points of the decision "score >= threshold". O(log n).
std::size_t pointIndexAt(const Roc& roc, double threshold);

/// A threshold that gives exactly the counts of roc.points[index]: of the numbers between its score and the
/// next lower one, that with the fewest decimals near their middle, so that neither class has all of the room
/// and the number can be written down. Beyond the ends it lies a little outside the scores. Throws BadOption
/// for an index that is not there.
double thresholdOf(const Roc& roc, std::size_t index);

/// The place of the largest TPR among points with FPR <= maxFpr, as tprAtFpr chooses it.
std::size_t largestTprIndex(const Roc& roc, double maxFpr);

/// The place where TPR - FPR is largest (Youden 1950), the first such: both classes count the same, whatever
/// their numbers.
std::size_t balancedIndex(const Roc& roc);

}  // namespace signet::metrics
