#pragma once

#include <vector>

#include "core/metrics/roc.h"

namespace signet::metrics {

struct RatePoint {
    double fpr = 0;
    double tpr = 0;
    bool operator==(const RatePoint&) const = default;
};

/// A pointwise confidence band around a ROC curve: the true rates of any one threshold lie between the edges
/// with the level's probability. It is no band for all thresholds together, which would be wider.
struct RocBand {
    double level = 0.95;
    std::vector<RatePoint> upper;  ///< both rates rise along an edge; from FPR 0 to (1, 1)
    std::vector<RatePoint> lower;  ///< from (0, 0) to FPR 1
};

/// Signed and unsigned images are independent, so at each threshold the Clopper-Pearson intervals of the two
/// rates (Clopper & Pearson 1934), each of level sqrt(level), make a rectangle that covers the true point
/// with at least level: a joint confidence rectangle, as in Campbell 1994 (Statistics in Medicine 13:499),
/// there of Kolmogorov-Smirnov width, and Macskassy & Provost 2005 (ICML workshop ROCML). The edges run along
/// the rectangles' upper left and lower right corners, which rise with the threshold's counts. Where a large
/// set has more than about 1,000 thresholds, some are left out and the edges go round what they would have
/// added, so that the band only gets wider, by less than 0.004. Throws BadOption unless 0 < level < 1.
RocBand rocBand(const Roc& roc, double level = 0.95);

/// At most about 1,000 of the points, the first and the last among them, for drawing and exports: no step
/// between two of them is larger than 1/300 in both rates together unless the curve itself jumps, and low
/// false positive rates are kept apart for a logarithmic axis. All points where there are few.
std::vector<RocPoint> thinned(const std::vector<RocPoint>& points);

/// points with pieces that slope cut into short ones, because they are bent on a logarithmic axis; rates
/// below floor become floor. floor > 0.
std::vector<RatePoint> bentForLogarithm(const std::vector<RatePoint>& points, double floor);

/// The rates of a curve's points.
std::vector<RatePoint> ratesOf(const std::vector<RocPoint>& points);

}  // namespace signet::metrics
