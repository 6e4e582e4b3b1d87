// Frechet and kernel distances of sets of vectors: values computed apart (scipy 1.13, float64), and what must
// hold of any.
#include <torch/torch.h>

#include <cmath>

#include "core/base/error.h"
#include "core/metrics/feature_distance.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using torch::Tensor;

namespace {

/// X[i,j] = sin(.7 (i+1) + 1.3 (j+1)) cos(.11 (i+1) (j+1) / d); the other set has .9, 1.1, .13 and .05 added.
Tensor toySet(bool second, int n, int d) {
    const auto i = torch::arange(1, n + 1, torch::kFloat64).unsqueeze(1);
    const auto j = torch::arange(1, d + 1, torch::kFloat64).unsqueeze(0);
    return second ? torch::sin(.9 * i + 1.1 * j) * torch::cos(.13 * i * j / d) + .05
                  : torch::sin(.7 * i + 1.3 * j) * torch::cos(.11 * i * j / d);
}

class TestFeatureDistance : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void frechet_data() {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<int>("length");
        QTest::addColumn<double>("expected");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("of full rank") << 200 << 300 << 16 << 0.5511846633 << 1e-8;
        QTest::newRow("hardly of full rank") << 200 << 300 << 64 << 7.095093 << 2e-5;
        QTest::newRow("fewer vectors than numbers") << 40 << 50 << 64 << 27.101003 << 2e-5;
    }
    void frechet() {
        QFETCH(const int, first);
        QFETCH(const int, second);
        QFETCH(const int, length);
        QFETCH(const double, expected);
        QFETCH(const double, tolerance);
        const auto a = toySet(false, first, length), b = toySet(true, second, length);
        QVERIFY(std::abs(frechetDistance(a, b) - expected) < tolerance);
        QVERIFY(std::abs(frechetDistance(b, a) - expected) < tolerance);
        QVERIFY(std::abs(frechetDistance(a, a)) < 1e-6);
        // A shift of the mean alone is its squared length.
        QVERIFY(std::abs(frechetDistance(a, a + 0.5) - 0.25 * length) < 1e-6);
    }

    void kernel() {
        const auto a = toySet(false, 100, 16), b = toySet(true, 100, 16);
        const auto distance = kernelDistance(a, b, 1);
        QVERIFY(std::abs(distance.mean + 0.008053044002) < 1e-9);
        QCOMPARE(distance.subsets, 1);
        QVERIFY(!distance.subsetDeviation);
    }

    void kernelOverSubsets() {
        torch::manual_seed(1);
        const auto a = torch::randn({1500, 8}), b = torch::randn({1200, 8}) + 0.5;
        const auto distance = kernelDistance(a, b, 1);
        QCOMPARE(distance.subsets, 100);
        QCOMPARE(distance.subsetSize, std::int64_t{1000});
        QVERIFY(distance.subsetDeviation && *distance.subsetDeviation > 0);
        const auto none = kernelDistance(a, torch::randn({1500, 8}), 1);
        QVERIFY(std::abs(none.mean) < distance.mean / 10);
    }

    void unfitSetsAreRefused() {
        const auto a = toySet(false, 10, 4);
        for (const auto& b : {toySet(true, 10, 5), toySet(true, 1, 4), toySet(true, 0, 4)}) {
            QVERIFY_EXCEPTION_THROWN(frechetDistance(a, b), Error);
            QVERIFY_EXCEPTION_THROWN(kernelDistance(a, b, 1), Error);
        }
    }
};

}  // namespace

SIGNET_TEST(TestFeatureDistance)
#include "test_feature_distance.moc"
