#include "core/metrics/operating_point.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

/// The number with the fewest decimals in (low, high] near their middle.
double shortestBetween(double low, double high) {
    const double middle = low / 2 + high / 2;
    double scale = 1;
    for (int decimals = 0; decimals <= 15; ++decimals, scale *= 10) {
        const double candidate = std::round(middle * scale) / scale;
        if (candidate > low && candidate <= high) return candidate == 0 ? 0 : candidate;
    }
    return middle > low ? middle : high;
}

/// How far outside the scores a threshold is put.
double margin(const Roc& roc) {
    const double range = roc.points[1].threshold - roc.points.back().threshold;
    const double size = std::max(std::abs(roc.points[1].threshold), std::abs(roc.points.back().threshold));
    if (!std::isfinite(range) || !std::isfinite(size)) return 1;
    return std::max({0.02 * range, 1e-9 * size, std::numeric_limits<double>::min()});
}

}  // namespace

std::size_t pointIndexAt(const Roc& roc, double threshold) {
    // thresholds fall: the last point whose own is still >= the one asked for counts exactly the scores >= it
    const auto after = std::partition_point(roc.points.begin(), roc.points.end(), [&](const RocPoint& point) {
        return point.threshold >= threshold;
    });
    return after == roc.points.begin() ? 0 : static_cast<std::size_t>(after - roc.points.begin()) - 1;
}

OperatingPoint operatingPointAt(const Roc& roc, double threshold) {
    OperatingPoint at;
    at.threshold = threshold;
    at.point = roc.points[pointIndexAt(roc, threshold)];
    at.tprCi95 = clopperPearson(at.point.truePositives, roc.positives);
    at.fprCi95 = clopperPearson(at.point.falsePositives, roc.negatives);
    at.fprUpper95 = clopperPearsonUpper(at.point.falsePositives, roc.negatives);
    at.accuracy = accuracyAt(roc, threshold);
    return at;
}

double thresholdOf(const Roc& roc, std::size_t index) {
    if (index >= roc.points.size()) throw Error(ErrorCode::BadOption, "the curve has no such point");
    if (roc.points.size() < 2) return 0;
    const double outside = margin(roc);
    const double high = index == 0 ? roc.points[1].threshold + 2 * outside : roc.points[index].threshold;
    const double low = index + 1 == roc.points.size() ? high - 2 * outside : roc.points[index + 1].threshold;
    return shortestBetween(low, high);
}

std::size_t largestTprIndex(const Roc& roc, double maxFpr) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < roc.points.size() && roc.points[i].fpr <= maxFpr; ++i)
        if (roc.points[i].truePositives > roc.points[best].truePositives) best = i;
    return best;
}

std::size_t balancedIndex(const Roc& roc) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < roc.points.size(); ++i) {
        const double gain = roc.points[i].tpr - roc.points[i].fpr;
        if (gain > roc.points[best].tpr - roc.points[best].fpr) best = i;
    }
    return best;
}

}  // namespace signet::metrics
