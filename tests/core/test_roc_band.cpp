// Confidence bands and operating points of ROC curves.

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/metrics/operating_point.h"
#include "core/metrics/roc_band.h"
#include "core/metrics/roc_plot.h"
#include "tests/core/tied_scores.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using test::near;
using tests::kTiedLabels;
using tests::kTiedScores;

namespace {

const double kHalfAlpha = (1 - std::sqrt(0.95)) / 2;  // of each rate, each side

/// P(X >= k) of a binomial with n trials, summed term by term.
double tailFrom(int k, int n, double p) {
    double sum = 0;
    for (int i = k; i <= n; ++i)
        sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0)) *
               std::pow(p, i) * std::pow(1 - p, n - i);
    return sum;
}

/// Scores of n signed and n unsigned images: N(shift, 1) and N(0, 1).
Roc normalRoc(int n, double shift, std::uint64_t seed) {
    StepRandom random(1, 2, seed);
    std::vector<double> scores;
    std::vector<int> labels;
    for (int i = 0; i < 2 * n; ++i) {
        labels.push_back(i % 2);
        scores.push_back(random.normal() + (i % 2 ? shift : 0));
    }
    return computeRoc(scores, labels);
}

/// Largest (upper) or smallest (lower) TPR of an edge at this FPR.
double edgeAt(const std::vector<RatePoint>& edge, double fpr, bool upper) {
    double found = upper ? 0 : 1;
    const auto take = [&](double tpr) { found = upper ? std::max(found, tpr) : std::min(found, tpr); };
    for (std::size_t i = 1; i < edge.size(); ++i) {
        const RatePoint& a = edge[i - 1];
        const RatePoint& b = edge[i];
        if (fpr < a.fpr || fpr > b.fpr) continue;
        if (a.fpr == b.fpr) {
            take(a.tpr);
            take(b.tpr);
        } else {
            take(std::lerp(a.tpr, b.tpr, (fpr - a.fpr) / (b.fpr - a.fpr)));
        }
    }
    if (!upper && fpr > edge.back().fpr) return edge.back().tpr;
    return found;
}

bool holds(const RocBand& band, double fpr, double tpr) {
    constexpr double kRounding = 1e-9;
    return tpr <= edgeAt(band.upper, fpr, true) + kRounding &&
           tpr >= edgeAt(band.lower, fpr, false) - kRounding;
}

}  // namespace

class TestRocBand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cornersAreClopperPearson() {
        const RocBand band = rocBand(computeRoc(kTiedScores, kTiedLabels));
        const double one = std::pow(kHalfAlpha, 1.0 / 5);  // k = n = 5: p^5 = alpha / 2
        QCOMPARE(band.upper.front(), (RatePoint{0, band.upper.front().tpr}));
        QVERIFY(near(band.upper.front().tpr, 1 - one, 1e-9));
        QCOMPARE(band.lower.front(), (RatePoint{0, 0}));
        QVERIFY(near(band.lower[1].fpr, 1 - one, 1e-9));
        QCOMPARE(band.lower[1].tpr, 0.0);
        QCOMPARE(band.upper.back(), (RatePoint{1, 1}));
        QVERIFY(near(band.upper[band.upper.size() - 2].fpr, one, 1e-9));
        QCOMPARE(band.lower.back().fpr, 1.0);
        QVERIFY(near(band.lower.back().tpr, one, 1e-9));
        // score .65 and above: 3 of 5 signed, 1 of 5 unsigned
        const auto corner = std::find_if(band.upper.begin(), band.upper.end(), [](const RatePoint& point) {
            return near(1 - tailFrom(4, 5, point.tpr), kHalfAlpha, 1e-9);  // P(X <= 3)
        });
        QVERIFY(corner != band.upper.end());
        QVERIFY(near(tailFrom(1, 5, corner->fpr), kHalfAlpha, 1e-9));
    }

    void edgesRiseAndEncloseTheCurve() {
        const Roc roc = computeRoc(kTiedScores, kTiedLabels);
        for (const double level : {0.5, 0.95, 0.99}) {
            const RocBand band = rocBand(roc, level);
            for (const auto* edge : {&band.upper, &band.lower})
                for (std::size_t i = 1; i < edge->size(); ++i)
                    QVERIFY((*edge)[i].fpr >= (*edge)[i - 1].fpr && (*edge)[i].tpr >= (*edge)[i - 1].tpr);
            for (const RocPoint& point : roc.points) QVERIFY(holds(band, point.fpr, point.tpr));
        }
        QVERIFY(rocBand(roc, 0.99).upper.front().tpr > rocBand(roc, 0.5).upper.front().tpr);
    }

    void levelOutOfRangeIsRefused() {
        const Roc roc = computeRoc(kTiedScores, kTiedLabels);
        for (const double level : {0.0, 1.0, -1.0, std::nan("")})
            QVERIFY_EXCEPTION_THROWN(rocBand(roc, level), Error);
    }

    void trueRatesAreCovered() {
        constexpr int kSets = 400;
        const auto above = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
        int covered = 0;
        for (std::uint64_t seed = 0; seed < kSets; ++seed)
            covered += holds(rocBand(normalRoc(25, 1.2, seed)), above(0.6), above(0.6 - 1.2));
        // at least 95 %; the binomial spread of 400 sets is 1.1 %
        QVERIFY2(covered >= 0.95 * kSets - 3 * std::sqrt(0.95 * 0.05 * kSets),
                 qPrintable(QString::number(covered)));
    }

    void largeSetsAreThinnedOutwards() {
        const Roc roc = normalRoc(20'000, 2, 7);
        QVERIFY(roc.points.size() > 30'000);
        const auto kept = thinned(roc.points);
        QVERIFY2(kept.size() < 1100 && kept.size() > 400, qPrintable(QString::number(kept.size())));
        QCOMPARE(kept.front().tpr, 0.0);
        QCOMPARE(kept.back().fpr, 1.0);
        for (std::size_t i = 1; i < kept.size(); ++i)
            QVERIFY(kept[i].tpr + kept[i].fpr - kept[i - 1].tpr - kept[i - 1].fpr < 1.0 / 300 + 1e-4);
        const RocBand band = rocBand(roc);
        QVERIFY(band.upper.size() < 2200 && band.lower.size() < 2200);
        const double alpha = 2 * kHalfAlpha;
        for (std::size_t i = 0; i < roc.points.size(); i += 97) {  // rectangles of thresholds left out too
            const RocPoint& point = roc.points[i];
            const Interval tpr = clopperPearson(point.truePositives, roc.positives, alpha);
            const Interval fpr = clopperPearson(point.falsePositives, roc.negatives, alpha);
            QVERIFY(edgeAt(band.upper, fpr.lower, true) >= tpr.upper - 1e-9);
            QVERIFY(edgeAt(band.lower, fpr.upper, false) <= tpr.lower + 1e-9);
            const bool isTop =
                i + 1 < roc.points.size() && roc.points[i + 1].falsePositives > point.falsePositives;
            if (isTop) QVERIFY(edgeAt(band.upper, fpr.lower, true) <= tpr.upper + 0.006);
        }
    }

    void thresholdsGiveTheirPointBack_data() {
        QTest::addColumn<double>("scale");
        QTest::newRow("units") << 1.0;
        QTest::newRow("tiny") << 1e-12;
        QTest::newRow("large") << -1e9;  // turns the order round as well
    }
    void thresholdsGiveTheirPointBack() {
        QFETCH(double, scale);
        std::vector<double> scores;
        for (const double score : kTiedScores) scores.push_back(score * scale);
        const Roc roc = computeRoc(scores, kTiedLabels);
        for (std::size_t i = 0; i < roc.points.size(); ++i) {
            const double threshold = thresholdOf(roc, i);
            QVERIFY(std::isfinite(threshold));
            QCOMPARE(pointIndexAt(roc, threshold), i);
            QCOMPARE(accuracyAt(roc, threshold).truePositives, roc.points[i].truePositives);
        }
        QVERIFY_EXCEPTION_THROWN(thresholdOf(roc, roc.points.size()), Error);
    }

    void thresholdsAreShort() {
        const Roc roc =
            computeRoc(std::vector<double>{-3.21, -1.5, 4.07, 5.25}, std::vector<int>{0, 0, 1, 1});
        QCOMPARE(thresholdOf(roc, balancedIndex(roc)), 1.0);  // the middle is 1.285
        const Roc equal = computeRoc(std::vector<double>{2, 2}, std::vector<int>{0, 1});
        QVERIFY(thresholdOf(equal, 0) > 2);
        QVERIFY(thresholdOf(equal, 1) <= 2);
    }

    void operatingPoints() {
        const Roc roc = computeRoc(kTiedScores, kTiedLabels);
        const OperatingPoint at = operatingPointAt(roc, 0.5);
        QCOMPARE(at.point.truePositives, 3);
        QCOMPARE(at.point.falsePositives, 1);
        QCOMPARE(at.accuracy.value, 0.7);
        QCOMPARE(at.fprUpper95, clopperPearsonUpper(1, 5));
        QVERIFY(near(operatingPointAt(roc, 2).fprUpper95, 1 - std::pow(0.05, 0.2), 1e-9));  // 0 of 5
        QCOMPARE(roc.points[largestTprIndex(roc, 0)].truePositives, 1);
        QCOMPARE(roc.points[largestTprIndex(roc, 0.2)].truePositives, 3);
        QCOMPARE(roc.points[largestTprIndex(roc, 1)].truePositives, 5);
        // TPR - FPR: .65 gives .6 - .2; .35 gives 1 - .4
        QCOMPARE(roc.points[balancedIndex(roc)].threshold, 0.35);
    }

    void logarithmBendsWhatSlopes() {
        const auto bent = bentForLogarithm({{0, 0}, {0, 0.5}, {1, 1}}, 1e-3);
        QCOMPARE(bent.front(), (RatePoint{1e-3, 0}));
        QCOMPARE(bent[1], (RatePoint{1e-3, 0.5}));
        QCOMPARE(bent.back(), (RatePoint{1, 1}));
        QVERIFY(bent.size() > 50);
        for (const RatePoint& point : bent)
            if (point.fpr > 1e-3) QVERIFY(near(point.tpr, 0.5 + 0.5 * point.fpr, 1e-9));
    }

    void bandIsDrawn() {
        const Roc roc = computeRoc(kTiedScores, kTiedLabels);
        RocPlot plot;
        plot.curves = {{"", roc.points, std::nullopt}};
        const auto without = rocPlotPdf(plot);
        plot.curves.front().band = rocBand(roc);
        for (const bool logFpr : {false, true}) {
            plot.logFpr = logFpr;
            plot.minFpr = 0.1;
            const auto with = rocPlotPdf(plot);
            QVERIFY(with.size() > without.size());
            QVERIFY(rocPlotPng(plot).size() > 1000);
        }
    }
};

SIGNET_TEST(TestRocBand)
#include "test_roc_band.moc"
