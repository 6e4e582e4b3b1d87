#include <cmath>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/image/decode.h"
#include "core/metrics/likelihood_ratio.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using test::kInfinity;
using test::near;

namespace {

/// Classes that overlap from 2 to 4, with a tie at 4.
const std::vector<float> kSigned{2, 4, 5, 6};
const std::vector<float> kUnsigned{0, 1, 3, 4};

/// The expected cost of accepting H1 from log10 LR t on, in units of never accepting it, with one misleading
/// ratio added on each side (Vergeer et al. 2016).
double cost(double t, const std::vector<double>& h1, const std::vector<double>& h2) {
    const auto accepted = [&](const std::vector<double>& list) {
        return static_cast<double>(std::count_if(list.begin(), list.end(), [&](double x) { return x >= t; }));
    };
    const auto n1 = static_cast<double>(h1.size());
    const auto n2 = static_cast<double>(h2.size());
    return (n1 - accepted(h1) + 1) / (n1 + 1) + std::pow(10, t) * (accepted(h2) + 1) / (n2 + 1);
}

/// Whether the cost is at most 1 everywhere from 0 to bound and more right above it.
bool isFirstLoss(double bound, const std::vector<double>& h1, const std::vector<double>& h2) {
    for (double t = 1e-4; t < bound - 1e-9; t += 1e-4)
        if (cost(t, h1, h2) > 1 + 1e-9) return false;
    return cost(bound + 1e-9, h1, h2) > 1;
}

}  // namespace

/// Scores to likelihood ratios against values worked by hand.
class TestLikelihoodRatio : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Pools 0..1 (no signed), 2..4 (two of four of each), 5..6 (no unsigned).
    void pooledByHand() {
        const auto fit = fitLikelihoodRatio(kSigned, kUnsigned, 4);
        QCOMPARE(fit.steps.size(), std::size_t{3});
        QCOMPARE(fit.steps[0].lowest, 0.0);
        QCOMPARE(fit.steps[0].highest, 1.0);
        QCOMPARE(fit.steps[0].log10Pooled, -kInfinity);
        QCOMPARE(fit.steps[1].lowest, 2.0);
        QCOMPARE(fit.steps[1].highest, 4.0);
        QVERIFY(near(fit.steps[1].signedShare, 0.5) && near(fit.steps[1].unsignedShare, 0.5));
        QVERIFY(near(fit.steps[1].log10Pooled, 0));
        QCOMPARE(fit.steps[2].log10Pooled, kInfinity);
        QVERIFY(near(fit.cllrMin, 0.5));  // half of each list costs one bit, half nothing
    }

    /// One misleading photograph more on each side of 4: (1 - 3/5) / (1/5) = 2.
    void boundsByHand() {
        const auto fit = fitLikelihoodRatio(kSigned, kUnsigned, 4);
        QVERIFY(near(fit.log10Upper, std::log10(2.0)));
        QVERIFY(near(fit.log10Lower, -std::log10(2.0)));
        QVERIFY(near(fit.cllr, (1 + std::log2(1.5)) / 2));
        const auto at = [&](double score) { return *likelihoodRatioAt(fit, score); };
        QVERIFY(near(at(100).log10, std::log10(2.0)) && at(100).bounded);
        QVERIFY(near(at(5.5).log10, std::log10(2.0)));
        QVERIFY(near(at(3.2).log10, 0) && !at(3.2).bounded);
        QVERIFY(near(at(4.5).log10, 0));  // between two steps: the one nearer to 1
        QVERIFY(near(at(1.5).log10, 0));
        QVERIFY(near(at(-7).log10, -std::log10(2.0)) && at(-7).bounded);
    }

    void separatedClassesAreBoundedByTheSampleSize() {
        std::vector<float> marked, plain;
        for (int i = 0; i < 750; ++i) {
            marked.push_back(static_cast<float>(20 + 0.01 * i));
            plain.push_back(static_cast<float>(-20 + 0.01 * i));
        }
        const auto fit = fitLikelihoodRatio(marked, plain, 750);
        QVERIFY(near(fit.log10Upper, std::log10(750.0)));
        QVERIFY(near(fit.log10Lower, -std::log10(750.0)));
        QVERIFY(near(fit.cllr, std::log2(1 + 1.0 / 750)));
        QCOMPARE(fit.cllrMin, 0.0);
        QVERIFY(!likelihoodRatioAt(fit, 0));  // no photograph of either kind was like this
        QVERIFY(likelihoodRatioAt(fit, 20) && likelihoodRatioAt(fit, -12.6));
    }

    /// Six versions of two photographs are a sample of two, not of six.
    void photographsAreCountedNotVersions() {
        const std::vector<float> marked{10, 11, 12, 13, 14, 15};
        const std::vector<float> plain{0, 1, 2, 3, 4, 5};
        QVERIFY(near(fitLikelihoodRatio(marked, plain, 2).log10Upper, std::log10(2.0)));
        QVERIFY(near(fitLikelihoodRatio(marked, plain, 6).log10Upper, std::log10(6.0)));
    }

    void boundsAreWhereTheCostFirstExceedsThePriors() {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            StepRandom random(seed, 1, 1);
            std::vector<double> h1, h2;
            for (int i = 0; i < 60; ++i) h1.push_back(0.8 + random.normal());
            for (int i = 0; i < 40; ++i) h2.push_back(-0.8 + random.normal());
            const auto bounds = empiricalBounds(h1, h2, 60, 40);
            QVERIFY(bounds.log10Upper > 0.3 && bounds.log10Lower < -0.3);
            QVERIFY(isFirstLoss(bounds.log10Upper, h1, h2));
            for (double& x : h1) x = -x;
            for (double& x : h2) x = -x;
            QVERIFY(isFirstLoss(-bounds.log10Lower, h2, h1));
        }
    }

    /// Whatever the scores: ratios rise with the score and the shares add up.
    void monotone() {
        StepRandom random(7, 2, 3);
        std::vector<float> marked, plain;
        for (int i = 0; i < 3000; ++i) {
            marked.push_back(static_cast<float>(std::round(10 * (1 + random.normal())) / 10));
            plain.push_back(static_cast<float>(std::round(10 * random.normal()) / 10));
        }
        const auto fit = fitLikelihoodRatio(marked, plain, 1000);
        double signedSum = 0, unsignedSum = 0;
        for (std::size_t i = 0; i < fit.steps.size(); ++i) {
            signedSum += fit.steps[i].signedShare;
            unsignedSum += fit.steps[i].unsignedShare;
            if (i == 0) continue;
            QVERIFY(fit.steps[i].log10Pooled > fit.steps[i - 1].log10Pooled);
            QVERIFY(fit.steps[i].lowest > fit.steps[i - 1].highest);
        }
        QVERIFY(near(signedSum, 1, 1e-9) && near(unsignedSum, 1, 1e-9));
        QVERIFY(fit.cllrMin < fit.cllr && fit.cllr < 1);
        double last = -kInfinity;
        for (double score = -5; score < 6; score += 0.037) {
            const double ratio = likelihoodRatioAt(fit, score)->log10;
            QVERIFY(ratio >= last);
            last = ratio;
        }
    }

    void cllrByHand() {
        const std::vector<double> none{0, 0};
        QVERIFY(near(cllr(none, none), 1));  // no information costs one bit
        const std::vector<double> h1{std::log10(3.0)}, h2{std::log10(1.0 / 7), 0};
        QVERIFY(near(cllr(h1, h2), 0.5 * (std::log2(4.0 / 3) + (std::log2(8.0 / 7) + 1) / 2)));
        const std::vector<double> right{kInfinity}, wrong{-kInfinity};
        QCOMPARE(cllr(right, wrong), 0.0);
        QCOMPARE(cllr(wrong, right), kInfinity);
    }

    void tippettByHand() {
        const std::vector<double> h1{0, 1, 1, 2}, h2{-1, 0};
        const auto points = tippett(h1, h2);
        QCOMPARE(points.size(), std::size_t{4});
        const double expected[4][3] = {{-1, 1, 1}, {0, 1, 0.5}, {1, 0.75, 0}, {2, 0.25, 0}};
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(near(points[i].log10Lr, expected[i][0]) && near(points[i].shareH1, expected[i][1]) &&
                    near(points[i].shareH2, expected[i][2]));
        }
    }

    void tippettPlot() {
        const auto png = tippettPlotPng(fitLikelihoodRatio(kSigned, kUnsigned, 4), "model \xc3\xa9");
        const auto decoded = image::decode(png);
        QCOMPARE(decoded.image.width, 840);
        QCOMPARE(decoded.image.height, 540);
        const QByteArray keep = qgetenv("SIGNET_TEST_OUTPUT");
        if (keep.isEmpty()) return;
        QFile file(keep + "/tippett.png");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(png.data()), static_cast<qint64>(png.size()));
    }

    void refused_data() {
        QTest::addColumn<std::vector<float>>("marked");
        QTest::addColumn<std::vector<float>>("plain");
        QTest::addColumn<int>("photographs");
        QTest::newRow("no signed") << std::vector<float>{} << kUnsigned << 1;
        QTest::newRow("no unsigned") << kSigned << std::vector<float>{} << 1;
        QTest::newRow("no photographs") << kSigned << kUnsigned << 0;
        QTest::newRow("fewer scores than photographs") << kSigned << kUnsigned << 5;
        QTest::newRow("not a number") << std::vector<float>{1, NAN} << kUnsigned << 2;
    }
    void refused() {
        QFETCH(std::vector<float>, marked);
        QFETCH(std::vector<float>, plain);
        QFETCH(int, photographs);
        QVERIFY_EXCEPTION_THROWN(fitLikelihoodRatio(marked, plain, photographs), Error);
    }
};

SIGNET_TEST(TestLikelihoodRatio)
#include "test_likelihood_ratio.moc"
