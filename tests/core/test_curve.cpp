// Curves of training plots: moving average, thinning, percentiles, resumed runs, CSV.
#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/metrics/curve.h"
#include "core/metrics/curve_csv.h"
#include "tests/support/error_of.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using test::kInfinity;
using test::kNaN;
using test::relativelyNear;

namespace {

/// Values at steps 1, 2, 3 ...; 16 images and 0.25 s a step.
std::vector<CurvePoint> pointsOf(const std::vector<double>& values, std::uint64_t firstStep = 1) {
    std::vector<CurvePoint> points;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint64_t step = firstStep + i;
        points.push_back({step, 16 * step, 0.25 * static_cast<double>(step), values[i]});
    }
    return points;
}

Curve curveOf(const std::vector<double>& values, double smoothing = 0) {
    Curve curve;
    curve.setSmoothing(smoothing);
    curve.append(pointsOf(values));
    return curve;
}

std::vector<double> smoothedValues(const Curve& curve) {
    std::vector<double> values;
    for (std::size_t i = 0; i < curve.smoothedSize(); ++i) values.push_back(curve.smoothed(i));
    return values;
}

/// A pseudo-random walk with outliers, zeros, negative values and runs of NaN.
std::vector<double> roughValues(std::size_t n) {
    std::vector<double> values(n);
    std::uint64_t state = 88172645463325252ull;  // xorshift64
    double level = 3;
    for (std::size_t i = 0; i < n; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const double uniform = static_cast<double>(state >> 11) / 9007199254740992.0;
        level += uniform - 0.5;
        values[i] = state % 997 == 0  ? 1000 * uniform
                    : state % 31 == 0 ? -level
                    : state % 37 == 0 ? 0
                                      : level;
        if (i > n / 2 && i < n / 2 + n / 20) values[i] = kNaN;
    }
    return values;
}

std::vector<double> evenEdges(double lower, double upper, std::size_t columns) {
    std::vector<double> edges(columns + 1);
    for (std::size_t c = 0; c <= columns; ++c)
        edges[c] = lower + (upper - lower) * static_cast<double>(c) / static_cast<double>(columns);
    return edges;
}

std::vector<double> logEdges(double lower, double upper, std::size_t columns) {
    std::vector<double> edges = evenEdges(std::log(lower), std::log(upper), columns);
    for (double& edge : edges) edge = std::exp(edge);
    return edges;
}

}  // namespace

class TestCurve : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void average_data();
    void average();
    void constantSeriesIsUntouched();
    void smoothingInSlices();
    void smoothingOutOfRange();
    void pyramidFindsEveryExtremum();
    void thinKeepsEveryExtremum_data();
    void thinKeepsEveryExtremum();
    void thinOfFewPointsKeepsAll();
    void thinShowsGaps();
    void nonPositivePoints();
    void percentiles();
    void percentilesOfManyValues();
    void percentilesOfHostileValues();
    void axesNeverFall();
    void searchFromAnyGuess();
    void repeatedStepsSupersede();
    void truncationContinuesTheAverage();
    void truncationBehindGaps();
    void snapshotStays();
    void indexAtStep();
    void csvHoldsEveryPoint();
    void failedCsvLeavesNothing();
};

void TestCurve::average_data() {
    QTest::addColumn<double>("smoothing");
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<QList<double>>("expected");
    // (0.5·1 + 2) / 1.5 = 5/3; (0.25·1 + 0.5·2 + 4) / 1.75 = 3
    QTest::newRow("half") << 0.5 << QList<double>{1, 2, 4} << QList<double>{1, 5.0 / 3, 3};
    QTest::newRow("none") << 0.0 << QList<double>{0.1, -7e300, 3} << QList<double>{0.1, -7e300, 3};
    // (0.9·10 + 0) / 1.9
    QTest::newRow("strong") << 0.9 << QList<double>{10, 0} << QList<double>{10, 9 / 1.9};
    QTest::newRow("NaN is passed through")
        << 0.5 << QList<double>{1, kNaN, 3} << QList<double>{1, kNaN, 7.0 / 3};
    QTest::newRow("infinities are passed through") << 0.5 << QList<double>{kInfinity, 1, -kInfinity, 3}
                                                   << QList<double>{kInfinity, 1, -kInfinity, 7.0 / 3};
    QTest::newRow("the largest numbers do not overflow")
        << 0.5 << QList<double>{1.7e308, -1.7e308} << QList<double>{1.7e308, -1.7e308 / 3};
    QTest::newRow("empty") << 0.5 << QList<double>{} << QList<double>{};
}

void TestCurve::average() {
    QFETCH(double, smoothing);
    QFETCH(QList<double>, values);
    QFETCH(QList<double>, expected);
    const Curve curve = curveOf({values.begin(), values.end()}, smoothing);
    QCOMPARE(curve.smoothedSize(), static_cast<std::size_t>(expected.size()));
    for (int i = 0; i < expected.size(); ++i) {
        const double got = curve.smoothed(static_cast<std::size_t>(i));
        QVERIFY2(relativelyNear(got, expected[i], 1e-14),
                 qPrintable(QString("%1: %2").arg(i).arg(got, 0, 'g', 17)));
    }
}

void TestCurve::constantSeriesIsUntouched() {
    for (const double value : {0.1, -3.3e-7, 1e300}) {
        const Curve curve = curveOf(std::vector<double>(5000, value), 0.99);
        for (std::size_t i = 0; i < curve.size(); ++i) QVERIFY(curve.smoothed(i) == value);
    }
}

void TestCurve::smoothingInSlices() {
    const std::vector<double> values = roughValues(5000);
    Curve sliced = curveOf(values);
    sliced.setSmoothing(0.8);
    QCOMPARE(sliced.smoothedSize(), std::size_t(0));
    QVERIFY(!sliced.smoothSome(1700));
    QCOMPARE(sliced.smoothedSize(), std::size_t(1700));
    sliced.append(pointsOf({7, 8}, 5001));  // while the average is behind
    QCOMPARE(sliced.smoothedSize(), std::size_t(1700));
    QVERIFY(!sliced.smoothSome(3000));
    QVERIFY(sliced.smoothSome(3000));

    Curve whole = curveOf(values, 0.8);
    whole.append(pointsOf({7, 8}, 5001));
    QVERIFY(std::ranges::equal(smoothedValues(sliced), smoothedValues(whole),
                               [](double a, double b) { return relativelyNear(a, b, 0); }));
}

void TestCurve::smoothingOutOfRange() {
    Curve curve = curveOf({1, 2}, 0.5);
    for (const double smoothing : {-0.01, 0.995, 1.0, kNaN})
        QVERIFY_EXCEPTION_THROWN(curve.setSmoothing(smoothing), Error);
    QCOMPARE(curve.smoothing(), 0.5);
    QCOMPARE(curve.smoothedSize(), std::size_t(2));
}

void TestCurve::pyramidFindsEveryExtremum() {
    const std::vector<double> values = roughValues(9001);
    Curve curve = curveOf(values, 0.6);
    curve.truncateAfter(8777);  // indices to 8776
    for (std::size_t first = 0; first < 8777; first += 331) {
        for (const std::size_t length : {0, 1, 15, 16, 17, 255, 256, 300, 4096, 8000}) {
            const std::size_t last = std::min<std::size_t>(8777, first + length);
            double lowest = kInfinity, highest = -kInfinity, positive = kInfinity;
            for (std::size_t i = first; i < last; ++i) {
                if (!std::isfinite(values[i])) continue;
                lowest = std::min(lowest, values[i]);
                highest = std::max(highest, values[i]);
                if (values[i] > 0) positive = std::min(positive, values[i]);
            }
            const Extrema found = curve.extrema(CurveLine::Raw, first, last);
            QCOMPARE(found.empty(), lowest == kInfinity);
            if (!found.empty()) {
                QVERIFY(curve.raw(found.lowest) == lowest);
                QVERIFY(curve.raw(found.highest) == highest);
                QVERIFY(found.lowest >= first && found.lowest < last);
            }
            QCOMPARE(found.lowestPositive == Extrema::kNone, positive == kInfinity);
            if (found.lowestPositive != Extrema::kNone) QVERIFY(curve.raw(found.lowestPositive) == positive);
        }
    }
}

void TestCurve::thinKeepsEveryExtremum_data() {
    QTest::addColumn<int>("axis");
    QTest::addColumn<QList<double>>("edges");
    const auto row = [](const char* name, CurveAxis axis, const std::vector<double>& edges) {
        QTest::newRow(name) << static_cast<int>(axis) << QList<double>(edges.begin(), edges.end());
    };
    row("step", CurveAxis::Step, evenEdges(0, 20000, 131));
    row("step, zoomed", CurveAxis::Step, evenEdges(9123.5, 12001, 77));
    row("images, log", CurveAxis::Images, logEdges(16, 320000, 200));
    row("time", CurveAxis::Seconds, evenEdges(0.25, 5000, 500));
    row("wider than the data", CurveAxis::Step, evenEdges(-50000, 80000, 97));
    row("nothing visible", CurveAxis::Step, evenEdges(-20, -10, 10));
}

void TestCurve::thinKeepsEveryExtremum() {
    QFETCH(int, axis);
    QFETCH(QList<double>, edges);
    const auto along = static_cast<CurveAxis>(axis);
    const Curve curve = curveOf(roughValues(20000), 0.5);
    const auto columns = static_cast<std::size_t>(edges.size()) - 1;
    for (const CurveLine line : {CurveLine::Raw, CurveLine::Smoothed}) {
        const auto valueAt = [&](std::size_t i) {
            return line == CurveLine::Raw ? curve.raw(i) : curve.smoothed(i);
        };
        const std::vector<std::uint32_t> drawn =
            curve.thin(line, along, std::vector(edges.begin(), edges.end()));
        QVERIFY(drawn.size() <= 2 * columns + 3);
        QVERIFY(std::ranges::adjacent_find(drawn, std::greater_equal<>()) == drawn.end());
        std::vector<double> lowest(columns, kInfinity), highest(columns, -kInfinity);
        const auto columnOf = [&](std::size_t i) {
            const double x = curve.points().x(along, i);
            if (x < edges.front() || x > edges.back()) return -1;
            const auto above = std::upper_bound(edges.begin(), edges.end(), x) - edges.begin();
            return static_cast<int>(std::min<std::ptrdiff_t>(above, edges.size() - 1)) - 1;
        };
        for (const std::uint32_t i : drawn) {
            const int column = columnOf(i);
            if (column < 0 || !std::isfinite(valueAt(i))) continue;
            lowest[static_cast<std::size_t>(column)] =
                std::min(lowest[static_cast<std::size_t>(column)], valueAt(i));
            highest[static_cast<std::size_t>(column)] =
                std::max(highest[static_cast<std::size_t>(column)], valueAt(i));
        }
        for (std::size_t i = 0; i < curve.size(); ++i) {
            const int column = columnOf(i);
            if (column < 0 || !std::isfinite(valueAt(i))) continue;
            QVERIFY(valueAt(i) >= lowest[static_cast<std::size_t>(column)]);
            QVERIFY(valueAt(i) <= highest[static_cast<std::size_t>(column)]);
        }
    }
}

void TestCurve::thinOfFewPointsKeepsAll() {
    const Curve curve = curveOf({5, 4, kNaN, 2, 1, 0});
    using Indices = std::vector<std::uint32_t>;
    QCOMPARE(curve.thin(CurveLine::Raw, CurveAxis::Step, evenEdges(1, 6, 3)), (Indices{0, 1, 2, 3, 4, 5}));
    // steps 2 to 4 are inside; their neighbours lead the line out of the picture
    QCOMPARE(curve.thin(CurveLine::Raw, CurveAxis::Step, evenEdges(1.5, 4.5, 3)), (Indices{0, 1, 2, 3, 4}));
    QCOMPARE(curve.thin(CurveLine::Raw, CurveAxis::Step, evenEdges(2.2, 2.8, 3)), (Indices{1, 2}));
    QCOMPARE(Curve().thin(CurveLine::Raw, CurveAxis::Step, evenEdges(0, 1, 3)), Indices{});
}

void TestCurve::thinShowsGaps() {
    std::vector<double> values(1000, 1.0);
    for (std::size_t i = 400; i < 600; ++i) values[i] = kNaN;
    const Curve curve = curveOf(values);
    const auto drawn = curve.thin(CurveLine::Raw, CurveAxis::Step, evenEdges(1, 1001, 10));
    // columns 4 and 5 hold nothing but NaN: one point each
    QCOMPARE(std::ranges::count_if(drawn, [&](std::uint32_t i) { return std::isnan(curve.raw(i)); }), 2);
    QCOMPARE(curve.countNonFinite(0, 1000), std::size_t(200));
    QCOMPARE(curve.countNonFinite(0, 500), std::size_t(100));
}

void TestCurve::nonPositivePoints() {
    const Curve curve = curveOf({1, 0, -1, 2, kNaN, -3, 4, -kInfinity});
    QCOMPARE(curve.countNonPositive(0, 8), std::size_t(3));
    QCOMPARE(curve.countNonPositive(2, 5), std::size_t(1));
    using Indices = std::vector<std::uint32_t>;
    // one column: steps 1 to 3 hold two of them, 3 to 9 one
    QCOMPARE(curve.thinNonPositive(CurveAxis::Step, std::vector<double>{1, 4, 9}), (Indices{1, 5}));
    QCOMPARE(curve.thinNonPositive(CurveAxis::Step, evenEdges(1, 9, 8)), (Indices{1, 2, 5}));
    QCOMPARE(curve.thinNonPositive(CurveAxis::Step, std::vector<double>{4, 5}), Indices{});
}

void TestCurve::percentiles() {
    std::vector<double> values(1000);
    std::iota(values.begin(), values.end(), 1.0);
    std::ranges::reverse(values);
    values.push_back(kNaN);
    const Curve curve = curveOf(values);
    auto range = curve.points().percentileRange(0, values.size(), 1, 99);
    QVERIFY(range);
    QVERIFY2(relativelyNear(range->lowest, 10, 1e-6) && relativelyNear(range->highest, 990, 1e-6),
             qPrintable(QString::number(range->highest)));
    range = curve.points().percentileRange(0, values.size(), 0, 100);
    QVERIFY(range->lowest <= 1 && range->highest >= 1000);
    range = curve.points().percentileRange(990, 1000, 50, 50);  // values 10 to 1
    QVERIFY(relativelyNear(range->lowest, 5, 1e-6) && relativelyNear(range->highest, 5, 1e-6));
    QVERIFY(!curve.points().percentileRange(1000, 1001, 1, 99));  // only the NaN
    QVERIFY(!curve.points().percentileRange(5, 5, 1, 99));
}

void TestCurve::percentilesOfManyValues() {
    std::vector<double> values(3 * CurvePoints::kMaxRanked);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>((i * 7919) % 100003);
    const auto range = curveOf(values).points().percentileRange(0, values.size(), 1, 99);
    QVERIFY(range);
    QVERIFY(std::abs(range->lowest - 1000) < 100 && std::abs(range->highest - 99003) < 100);
}

void TestCurve::percentilesOfHostileValues() {
    const std::vector<double> values = roughValues(30000);
    std::vector<double> sorted;
    std::ranges::copy_if(values, std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
    std::ranges::sort(sorted);
    const auto rank = [&](double percentile) {
        return sorted[static_cast<std::size_t>(
                          std::ceil(percentile / 100 * static_cast<double>(sorted.size()))) -
                      1];
    };
    const auto range = curveOf(values).points().percentileRange(0, values.size(), 1, 99);
    QVERIFY(range);
    QVERIFY(rank(1) < 0);
    QVERIFY(range->lowest <= rank(1) && relativelyNear(range->lowest, rank(1), 1e-6));
    QVERIFY(range->highest >= rank(99) && relativelyNear(range->highest, rank(99), 1e-6));
}

void TestCurve::axesNeverFall() {
    Curve curve;
    curve.append(std::vector<CurvePoint>{{1, 100, 5.0, 1}, {2, 50, kNaN, 2}, {3, 200, 4.0, 3}});
    QCOMPARE(curve.points().x(CurveAxis::Images, 1), 100.0);
    QCOMPARE(curve.points().x(CurveAxis::Seconds, 1), 5.0);
    QCOMPARE(curve.points().x(CurveAxis::Seconds, 2), 5.0);
    QCOMPARE(curve.points().point(2).images, std::uint64_t(200));
}

void TestCurve::searchFromAnyGuess() {
    Curve curve;
    for (std::uint64_t i = 0; i < 200; ++i)
        curve.append(std::vector<CurvePoint>{{3 * i + i % 2, i / 7, 0, 1}});
    for (const CurveAxis axis : {CurveAxis::Step, CurveAxis::Images}) {
        for (double x = -1.5; x < 620; x += 1.5) {
            for (const std::size_t from : {0, 50, 199, 200}) {
                std::size_t expected = from;
                while (expected < 200 && curve.points().x(axis, expected) < x) ++expected;
                QCOMPARE(curve.points().firstFrom(axis, x, from), expected);
                for (const std::size_t guess : {0, 1, 49, 60, 120, 198, 199, 200, 5000})
                    QCOMPARE(curve.points().firstNear(axis, x, from, guess), expected);
            }
        }
    }
}

void TestCurve::repeatedStepsSupersede() {
    Curve curve = curveOf({1, 2, 3, 4, 5, 6}, 0.5);                 // steps 1 to 6
    QCOMPARE(curve.append(pointsOf({30, 40}, 3)), std::size_t(4));  // resumed from step 2
    QCOMPARE(curve.size(), std::size_t(4));
    QCOMPARE(curve.raw(2), 30.0);
    QCOMPARE(curve.raw(3), 40.0);
    const Curve fresh = curveOf({1, 2, 30, 40}, 0.5);
    for (std::size_t i = 0; i < 4; ++i) QVERIFY(relativelyNear(curve.smoothed(i), fresh.smoothed(i)));
    QCOMPARE(curve.extrema(CurveLine::Raw, 0, 4).highest, 3u);
    QCOMPARE(curve.append(pointsOf({41}, 4)), std::size_t(1));  // the same step again
    QCOMPARE(curve.raw(3), 41.0);
}

void TestCurve::truncationContinuesTheAverage() {
    const std::vector<double> values = roughValues(7000);
    for (const std::size_t kept : {0, 1, 2048, 3000, 3600, 6999, 9000}) {  // 3600 is amid NaN
        Curve curve = curveOf(values, 0.95);
        curve.truncateAfter(kept);
        QCOMPARE(curve.size(), std::min<std::size_t>(kept, 7000));
        curve.append(pointsOf(values, 1 + curve.size()));
        std::vector<double> joined(
            values.begin(), values.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(kept, 7000)));
        joined.insert(joined.end(), values.begin(), values.end());
        const Curve fresh = curveOf(joined, 0.95);
        QCOMPARE(curve.size(), fresh.size());
        for (std::size_t i = 0; i < fresh.size(); ++i)
            QVERIFY(relativelyNear(curve.smoothed(i), fresh.smoothed(i), 1e-10));
        QCOMPARE(curve.countNonFinite(0, curve.size()), fresh.countNonFinite(0, fresh.size()));
        QCOMPARE(curve.countNonPositive(0, curve.size()), fresh.countNonPositive(0, fresh.size()));
    }
}

void TestCurve::truncationBehindGaps() {
    Curve curve = curveOf({1, kNaN, 3, 9}, 0.5);
    curve.truncateAfter(3);
    curve.append(pointsOf({4}, 4));
    QVERIFY(relativelyNear(curve.smoothed(3), (0.25 * 1 + 0.5 * 3 + 4) / 1.75));
    curve.truncateAfter(2);  // the last point left is the NaN
    curve.append(pointsOf({3}, 3));
    QVERIFY(relativelyNear(curve.smoothed(2), (0.5 * 1 + 3) / 1.5));
}

void TestCurve::snapshotStays() {
    Curve curve = curveOf(roughValues(3000));
    const auto snapshot = curve.points().snapshot();
    const double last = snapshot->value(2999);
    curve.truncateAfter(2500);
    curve.append(pointsOf(std::vector<double>(5000, -1.0), 2501));
    QCOMPARE(snapshot->size(), std::size_t(3000));
    QVERIFY(snapshot->value(2999) == last);
    QCOMPARE(curve.raw(2999), -1.0);
}

void TestCurve::indexAtStep() {
    Curve curve;
    curve.append(std::vector<CurvePoint>{{10, 0, 0, 1}, {20, 0, 0, 2}, {30, 0, 0, 3}});
    QVERIFY(!curve.indexAtStep(9));
    QCOMPARE(curve.indexAtStep(10), std::optional<std::size_t>(0));
    QCOMPARE(curve.indexAtStep(29), std::optional<std::size_t>(1));
    QCOMPARE(curve.indexAtStep(1000), std::optional<std::size_t>(2));
}

void TestCurve::csvHoldsEveryPoint() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("curves.csv").toStdString();
    const Curve a = curveOf({0.1, kNaN, -kInfinity, 2e-300}, 0.5);
    const Curve b = curveOf(roughValues(60000));
    const std::vector<CurveSnapshot> curves{{"loss, \"total\"", a.points().snapshot(), 0.5},
                                            {"b", b.points().snapshot(), 0}};
    writeCurvesCsv(path, curves, IfExists::Refuse);
    const QStringList lines = QString::fromStdString(readTextFile(path)).split('\n');
    QCOMPARE(lines.size(), 1 + 4 + 60000 + 1);
    QCOMPARE(lines[0], "curve,step,images,seconds,value,smoothed");
    QCOMPARE(lines[1], "\"loss, \"\"total\"\"\",1,16,0.25,0.1,0.1");
    QCOMPARE(lines[2], "\"loss, \"\"total\"\"\",2,32,0.5,nan,nan");
    QCOMPARE(lines[3], "\"loss, \"\"total\"\"\",3,48,0.75,-inf,-inf");
    for (std::size_t i = 0; i < b.size(); ++i) {
        const QStringList fields = lines[static_cast<int>(5 + i)].split(',');
        QCOMPARE(fields.size(), 6);
        if (!std::isnan(b.raw(i))) QVERIFY(fields[4].toDouble() == b.raw(i));
    }
    QVERIFY_EXCEPTION_THROWN(writeCurvesCsv(path, curves, IfExists::Refuse), Error);
    writeCurvesCsv(path, {}, IfExists::Replace);
    QCOMPARE(readTextFile(path), std::string("curve,step,images,seconds,value,smoothed\n"));
}

void TestCurve::failedCsvLeavesNothing() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("curves.csv").toStdString();
    const Curve curve = curveOf({1, 2, 3});
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(test::errorOf([&] {
                writeCurvesCsv(path, std::vector<CurveSnapshot>{{"a", curve.points().snapshot(), 0}},
                               IfExists::Refuse, stop.get_token());
            }).startsWith("cancelled"));
    QVERIFY(std::filesystem::is_empty(folder.path().toStdString()));
    QVERIFY_EXCEPTION_THROWN(writeCurvesCsv(path / "no" / "x.csv", {}, IfExists::Refuse), Error);
}

SIGNET_TEST(TestCurve)
#include "test_curve.moc"
