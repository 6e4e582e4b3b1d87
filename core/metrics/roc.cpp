#include "core/metrics/roc.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Mid-ranks (1-based, ties get the mean of their ranks) of values.
std::vector<double> midRanks(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first + 1;
        while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
        const double rank = 0.5 * static_cast<double>(first + 1 + end);  // mean of first + 1 .. end
        for (std::size_t i = first; i < end; ++i) ranks[order[i]] = rank;
        first = end;
    }
    return ranks;
}

double sampleVariance(std::span<const double> values) {
    if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const double count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return squares / (count - 1);
}

Interval aucInterval(const Roc& roc) {
    if (std::isnan(roc.aucVariance)) return {0, 1};
    if (roc.aucVariance > 0 && roc.auc > 0 && roc.auc < 1) {
        const double logit = std::log(roc.auc / (1 - roc.auc));
        const double half = normalQuantile(0.975) * std::sqrt(roc.aucVariance) / (roc.auc * (1 - roc.auc));
        return {1 / (1 + std::exp(half - logit)), 1 / (1 + std::exp(-half - logit))};
    }
    const std::int64_t pairs = std::min(roc.positives, roc.negatives);
    const double concordant = roc.auc * static_cast<double>(pairs);
    return {clopperPearson(static_cast<std::int64_t>(std::floor(concordant)), pairs).lower,
            clopperPearson(static_cast<std::int64_t>(std::ceil(concordant)), pairs).upper};
}

/// AUC and DeLong's variance from mid-ranks (Sun and Xu 2014): the placement value of a positive is its rank
/// among all less its rank among the positives, over the number of negatives; likewise for a negative.
void setAuc(Roc& roc, std::span<const double> scores, std::span<const int> labels) {
    std::vector<double> positive, negative;
    for (std::size_t i = 0; i < scores.size(); ++i) (labels[i] ? positive : negative).push_back(scores[i]);
    const auto ranks = midRanks(scores);
    const auto positiveRanks = midRanks(positive);
    const auto negativeRanks = midRanks(negative);
    const double m = static_cast<double>(positive.size());
    const double n = static_cast<double>(negative.size());
    std::vector<double> v10, v01;
    v10.reserve(positive.size());
    v01.reserve(negative.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (labels[i]) {
            v10.push_back((ranks[i] - positiveRanks[v10.size()]) / n);
        } else {
            v01.push_back(1 - (ranks[i] - negativeRanks[v01.size()]) / m);
        }
    }
    double rankSum = 0;  // a multiple of 1/2: exact
    for (std::size_t i = 0; i < scores.size(); ++i) rankSum += labels[i] ? ranks[i] : 0;
    roc.auc = (rankSum - m * (m + 1) / 2) / (m * n);
    roc.aucVariance = sampleVariance(v10) / m + sampleVariance(v01) / n;
    roc.aucCi95 = aucInterval(roc);
}

void setPoints(Roc& roc, std::span<const double> scores, std::span<const int> labels) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    const double m = static_cast<double>(roc.positives);
    const double n = static_cast<double>(roc.negatives);
    roc.points.push_back({kInfinity, 0, 0, 0, 0});
    RocPoint point;
    for (std::size_t i = 0; i < order.size(); ++i) {
        ++(labels[order[i]] ? point.truePositives : point.falsePositives);
        const bool lastOfTies = i + 1 == order.size() || scores[order[i + 1]] != scores[order[i]];
        if (!lastOfTies) continue;
        point.threshold = scores[order[i]];
        point.tpr = static_cast<double>(point.truePositives) / m;
        point.fpr = static_cast<double>(point.falsePositives) / n;
        const double precision = static_cast<double>(point.truePositives) / static_cast<double>(i + 1);
        roc.averagePrecision += (point.tpr - roc.points.back().tpr) * precision;
        roc.points.push_back(point);
    }
}

void setEer(Roc& roc) {
    double smallest = kInfinity;
    for (const RocPoint& point : roc.points) {
        const double fnr =
            static_cast<double>(roc.positives - point.truePositives) / static_cast<double>(roc.positives);
        const double gap = std::abs(point.fpr - fnr);
        if (gap < smallest) {
            smallest = gap;
            roc.eer = (point.fpr + fnr) / 2;
            roc.eerThreshold = point.threshold;
        }
    }
}

}  // namespace

Roc computeRoc(std::span<const double> scores, std::span<const int> labels) {
    if (scores.size() != labels.size()) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} scores but {} labels", scores.size(), labels.size()));
    }
    Roc roc;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (std::isnan(scores[i])) {
            throw Error(ErrorCode::BadOption, fmt::format("score number {} is not a number", i + 1));
        }
        if (labels[i] != 0 && labels[i] != 1) {
            throw Error(ErrorCode::BadOption,
                        fmt::format("label number {} is {}; labels are 0 or 1", i + 1, labels[i]));
        }
        ++(labels[i] ? roc.positives : roc.negatives);
    }
    if (roc.positives == 0 || roc.negatives == 0) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("a ROC curve needs both classes; there are {} positives and {} negatives",
                                roc.positives, roc.negatives));
    }
    setAuc(roc, scores, labels);
    setPoints(roc, scores, labels);
    setEer(roc);
    return roc;
}

bool supportsFpr(std::int64_t negatives, double fpr) {
    return fpr * static_cast<double>(negatives) >= 1 - 1e-9;
}

TprAtFpr tprAtFpr(const Roc& roc, double maxFpr) {
    TprAtFpr out;
    for (const RocPoint& point : roc.points) {  // both rates only grow
        if (point.fpr > maxFpr) break;
        if (point.tpr > out.point.tpr || &point == &roc.points.front()) out.point = point;
    }
    out.tprCi95 = clopperPearson(out.point.truePositives, roc.positives);
    out.fprCi95 = clopperPearson(out.point.falsePositives, roc.negatives);
    return out;
}

Accuracy accuracyAt(const Roc& roc, double threshold) {
    // The last point whose threshold is still >= the one asked for counts exactly the scores >= it.
    RocPoint at = roc.points.front();
    for (const RocPoint& point : roc.points) {
        if (point.threshold < threshold) break;
        at = point;
    }
    Accuracy out;
    out.threshold = threshold;
    out.truePositives = at.truePositives;
    out.trueNegatives = roc.negatives - at.falsePositives;
    const std::int64_t right = out.truePositives + out.trueNegatives;
    const std::int64_t all = roc.positives + roc.negatives;
    out.value = static_cast<double>(right) / static_cast<double>(all);
    out.ci95 = clopperPearson(right, all);
    return out;
}

}  // namespace signet::metrics
