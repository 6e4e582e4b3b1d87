#include "core/metrics/roc_band.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

constexpr std::size_t kFewPoints = 1000;
constexpr double kStep = 1.0 / 300;  ///< of TPR and FPR together: at most 600 such steps
constexpr double kFprFactor = 1.04;  ///< of the FPR between two points: under 360 steps over six decades
constexpr int kPieces = 64;          ///< of a sloping piece on a logarithmic axis

/// Indices of the points that thinning keeps.
std::vector<std::size_t> keptPoints(const std::vector<RocPoint>& points) {
    std::vector<std::size_t> kept;
    if (points.size() <= kFewPoints) {
        for (std::size_t i = 0; i < points.size(); ++i) kept.push_back(i);
        return kept;
    }
    kept.push_back(0);
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        const RocPoint& last = points[kept.back()];
        const RocPoint& next = points[i + 1];
        const bool farAfter = next.tpr + next.fpr - last.tpr - last.fpr > kStep;
        const bool fprGrows =
            next.falsePositives > points[i].falsePositives &&
            static_cast<double>(next.falsePositives) > kFprFactor * static_cast<double>(last.falsePositives);
        if (farAfter || fprGrows) kept.push_back(i);
    }
    kept.push_back(points.size() - 1);
    return kept;
}

void add(std::vector<RatePoint>& edge, RatePoint point) {
    if (!edge.empty()) {  // rounding of the quantiles must not bend an edge back
        point.fpr = std::max(point.fpr, edge.back().fpr);
        point.tpr = std::max(point.tpr, edge.back().tpr);
        if (point == edge.back()) return;
    }
    edge.push_back(point);
}

}  // namespace

RocBand rocBand(const Roc& roc, double level) {
    if (!(level > 0 && level < 1)) throw Error(ErrorCode::BadOption, "a level lies between 0 and 1");
    const double alpha = 1 - std::sqrt(level);
    RocBand band;
    band.level = level;
    Interval tpr, fpr;  // of the point before
    std::size_t before = 0;
    add(band.lower, {0, 0});
    for (const std::size_t i : keptPoints(roc.points)) {
        const RocPoint& point = roc.points[i];
        const Interval nextTpr = clopperPearson(point.truePositives, roc.positives, alpha);
        const Interval nextFpr = clopperPearson(point.falsePositives, roc.negatives, alpha);
        if (i > before + 1) {  // the corners left out lie inside of these
            add(band.upper, {fpr.lower, nextTpr.upper});
            add(band.lower, {nextFpr.upper, tpr.lower});
        }
        tpr = nextTpr;
        fpr = nextFpr;
        add(band.upper, {fpr.lower, tpr.upper});
        add(band.lower, {fpr.upper, tpr.lower});
        before = i;
    }
    add(band.upper, {1, 1});
    return band;
}

std::vector<RocPoint> thinned(const std::vector<RocPoint>& points) {
    std::vector<RocPoint> out;
    for (const std::size_t i : keptPoints(points)) out.push_back(points[i]);
    return out;
}

std::vector<RatePoint> bentForLogarithm(const std::vector<RatePoint>& points, double floor) {
    std::vector<RatePoint> out;
    out.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i > 0 && points[i].fpr > points[i - 1].fpr && points[i].tpr > points[i - 1].tpr) {
            for (int k = 1; k < kPieces; ++k) {
                const double t = std::pow(static_cast<double>(k) / kPieces, 3);  // finer where it is steep
                out.push_back({std::max(floor, std::lerp(points[i - 1].fpr, points[i].fpr, t)),
                               std::lerp(points[i - 1].tpr, points[i].tpr, t)});
            }
        }
        out.push_back({std::max(floor, points[i].fpr), points[i].tpr});
    }
    return out;
}

std::vector<RatePoint> ratesOf(const std::vector<RocPoint>& points) {
    std::vector<RatePoint> out;
    out.reserve(points.size());
    for (const RocPoint& point : points) out.push_back({point.fpr, point.tpr});
    return out;
}

}  // namespace signet::metrics
