// What the live training plot draws: axes, ranges, smoothing, marks, gaps.
#include <QAction>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QSlider>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "curve_fixture.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"
#include "ui/style/theme.h"

using namespace signet;
using namespace signet::test;
using ui::CurvePlot;

namespace {

class EventCounter : public QObject {
public:
    EventCounter(QObject* watched, QEvent::Type type, int* count) : m_type(type), m_count(count) {
        watched->installEventFilter(this);
    }
    bool eventFilter(QObject*, QEvent* event) override {
        *m_count += event->type() == m_type;
        return false;
    }

private:
    QEvent::Type m_type;
    int* m_count;
};

}  // namespace

class TestCurvePlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void smoothing();
    void longCurvesAreSmoothedInSlices();
    void rawIsFaintUnderSmoothed();
    void horizontalAxes();
    void logFloor();
    void floorMarks();
    void logXKeepsPointsAtZero();
    void nothingPositiveOnLogAxis();
    void spikeIsNeverLost();
    void gapsAreCounted();
    void lonePointIsVisible();
    void bestIsMarked();
    void percentileRange();
    void resumedRunSupersedes();
    void clearing();
    void redrawsAreCoalesced();
    void themeIsFollowed();
};

void TestCurvePlot::smoothing() {
    CurveFixture f;
    f.find<QSlider>("curveSmoothing")->setValue(50);
    QCOMPARE(f.find<QLabel>("smoothingValue")->text(), "0.50");
    f.add("run a", {1, 2, 4});
    QTest::keyClick(f.plot, Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(f.plot->readout(), QString("run a · step 3 · 4 · smoothed 3"));  // (0.25 + 1 + 4) / 1.75
    f.find<QSlider>("curveSmoothing")->setValue(0);
    f.plot->redrawNow();
    QTest::keyClick(f.plot, Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(f.plot->readout(), QString("run a · step 3 · 4"));
    f.find<QSlider>("curveSmoothing")->setValue(100);
    QCOMPARE(f.plot->smoothing(), 0.99);
    QVERIFY_EXCEPTION_THROWN(f.plot->setSmoothing(1.0), Error);
}

void TestCurvePlot::longCurvesAreSmoothedInSlices() {
    CurveFixture f;
    f.add("a", wave(300000));
    f.add("b", wave(300000), 1);
    f.plot->setSmoothing(0.9);
    QVERIFY(f.plot->isSmoothing());
    f.plot->setSmoothing(0.5);  // amid the work: the last one wins
    QTRY_VERIFY(!f.plot->isSmoothing());
    f.plot->redrawNow();
    QTest::keyClick(f.plot, Qt::Key_Right, Qt::ControlModifier);
    const double last = wave(300000).back();
    double mean = 0;
    double weight = 0;
    for (const double value : wave(300000)) {
        weight = 0.5 * weight + 1;
        mean += (value - mean) / weight;
    }
    QVERIFY(std::abs(mean - last) > 1e-4);
    QVERIFY2(f.plot->readout().endsWith(QString::number(mean, 'g', 6)), qPrintable(f.plot->readout()));
}

void TestCurvePlot::rawIsFaintUnderSmoothed() {
    CurveFixture f;
    f.add("a", {0, 10, 0, 10, 0, 10, 0, 10});
    const auto saturation = [&] {  // half-way up the second raw segment, far from dots
        const QPoint at = f.onCanvas(1.5, 5);
        const QImage image = f.picture();
        int strongest = 0;
        for (int x = at.x() - 3; x <= at.x() + 3; ++x)
            strongest = std::max(strongest, image.pixelColor(x, at.y()).hsvSaturation());
        return strongest;
    };
    f.plot->setSmoothing(0);
    const int raw = saturation();
    f.plot->setSmoothing(0.99);
    const int faint = saturation();
    QVERIFY2(faint > 20 && faint < raw / 2, qPrintable(QString("%1 of %2").arg(faint).arg(raw)));
}

void TestCurvePlot::horizontalAxes() {
    CurveFixture f;
    f.add("a", wave(100));
    const auto check = [&](const char* text, double first, double last) {
        auto* axis = f.find<QComboBox>("curveAxis");
        axis->setCurrentIndex(axis->findText(text));
        f.plot->redrawNow();
        const double margin = 0.011 * (last - first);
        const auto range = f.plot->xRange();
        return range.lower <= first && range.lower >= first - margin && range.upper >= last &&
               range.upper <= last + margin;
    };
    QVERIFY(check("Images", 16, 1600));
    QVERIFY(check("Time", 2, 200));
    QVERIFY(check("Step", 1, 100));
    f.find<QAction>("curveLogXAction")->setChecked(true);
    f.plot->redrawNow();
    QVERIFY(f.plot->xRange().lower > 0.9);
    // a true logarithm: 1 to 10 is as wide as 10 to 100
    const double decade = f.plot->pixelAt(10, 1).x() - f.plot->pixelAt(1, 1).x();
    QVERIFY(std::abs(f.plot->pixelAt(100, 1).x() - f.plot->pixelAt(10, 1).x() - decade) < 0.01);
    QVERIFY(decade > 100);
}

void TestCurvePlot::logFloor() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    f.add("a", {100, 0, 10, -3, 1});
    QCOMPARE(f.plot->notes(), QString());
    f.find<QAction>("curveLogYAction")->setChecked(true);
    f.plot->redrawNow();
    QCOMPARE(f.plot->notes(), QString("2 ≤ 0 on the floor"));
    const auto range = f.plot->yRange();
    QVERIFY(range.lower > 0.5 && range.lower < 1);
    const double decade = f.plot->pixelAt(1, 10).y() - f.plot->pixelAt(1, 100).y();
    QVERIFY(std::abs(f.plot->pixelAt(1, 1).y() - f.plot->pixelAt(1, 10).y() - decade) < 0.01);
    f.find<QAction>("curveLogYAction")->setChecked(false);
    f.plot->redrawNow();
    QCOMPARE(f.plot->notes(), QString());
    QVERIFY(f.plot->yRange().lower < -3);
}

void TestCurvePlot::floorMarks() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    f.plot->setLogY(true);
    std::vector<double> values(200, 10.0);
    for (std::size_t i = 90; i < 110; ++i) values[i] = -1;
    values[20] = 1;
    f.add("a", values);
    const QImage image = f.picture();
    const double floor = f.plot->yRange().lower;
    // the line lies on the floor, its marks rise above it
    QVERIFY(colouredPixels(image, f.onCanvas(100, floor) - QPoint(0, 4), 1) > 0);
    QCOMPARE(colouredPixels(image, f.onCanvas(150, floor) - QPoint(0, 4), 1), 0);
}

void TestCurvePlot::logXKeepsPointsAtZero() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    const int id = f.plot->addCurve("a", ui::seriesColour(0));
    std::vector<CurvePlot::Point> points = pointsOf(std::vector<double>(1000, 1.0));
    for (std::size_t i = 0; i < 3; ++i) points[i].images = 0;
    points[1].value = 9;
    f.plot->append(id, points);
    f.plot->setXAxis(CurvePlot::Axis::Images);
    f.plot->setLogX(true);
    f.plot->redrawNow();
    QCOMPARE(f.plot->notes(), QString("3 at ≤ 0 on the left edge"));
    const double edge = f.plot->xRange().lower;
    QVERIFY(edge > 60 && edge <= 64);
    QVERIFY(colouredPixels(f.picture(), f.onCanvas(edge, 8.9) + QPoint(1, 0), 1) > 0);
    QTest::keyClick(f.plot, Qt::Key_Right);  // away from the edge they are out of sight
    f.plot->redrawNow();
    QCOMPARE(f.plot->notes(), QString());
}

void TestCurvePlot::nothingPositiveOnLogAxis() {
    CurveFixture f;
    f.add("a", {-1, -2, 0});
    f.plot->setLogY(true);
    f.plot->redrawNow();
    QCOMPARE(f.plot->notes(), QString("3 ≤ 0 on the floor"));
    QVERIFY(f.plot->yRange().lower > 0 && f.plot->yRange().upper > f.plot->yRange().lower);
}

void TestCurvePlot::spikeIsNeverLost() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    std::vector<double> values(200000, 1.0);
    values[123456] = 100;
    values[60001] = -50;
    f.add("a", values);
    QVERIFY(f.plot->yRange().upper >= 100 && f.plot->yRange().lower <= -50);
    const QImage image = f.picture();
    QVERIFY(colouredPixels(image, f.onCanvas(123457, 98), 2) > 0);
    QVERIFY(colouredPixels(image, f.onCanvas(60002, -48), 2) > 0);
    QCOMPARE(colouredPixels(image, f.onCanvas(90000, 50), 2), 0);
}

void TestCurvePlot::gapsAreCounted() {
    CurveFixture f;
    f.plot->setSmoothing(0.5);
    std::vector<double> values(100, 1.0);
    for (std::size_t i = 40; i < 60; ++i) values[i] = i % 2 ? kNaN : std::numeric_limits<double>::infinity();
    f.add("a", values);
    QCOMPARE(f.plot->notes(), QString("20 not finite"));
    const QImage image = f.picture();
    QVERIFY(colouredPixels(image, f.onCanvas(30, 1), 1) > 0);
    QCOMPARE(colouredPixels(image, f.onCanvas(50, 1), 1), 0);
    QVERIFY(std::isfinite(f.plot->yRange().upper));
}

void TestCurvePlot::lonePointIsVisible() {
    CurveFixture f;
    f.add("a", {5});
    QVERIFY(f.plot->xRange().lower < 1 && f.plot->xRange().upper > 1);
    QVERIFY(colouredPixels(f.picture(), f.onCanvas(1, 5), 3) > 5);
    std::vector<double> values(5000, kNaN);
    values[2500] = 7;
    f.add("b", values, 1);
    QVERIFY(colouredPixels(f.picture(), f.onCanvas(2501, 7), 3) > 5);
}

void TestCurvePlot::bestIsMarked() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    std::vector<double> values(100, 3.0);
    values[49] = 1;
    const int id = f.add("a", values);
    const QPoint at = f.onCanvas(50, 1);
    const int before = colouredPixels(f.picture(), at, 8);
    f.plot->setBest(id, 50);
    QVERIFY(colouredPixels(f.picture(), at, 8) > before + 20);
    QVERIFY(f.plot->accessibleDescription().contains("best 1 at step 50"));
    f.hover(at);
    QCOMPARE(f.plot->readout(), QString("a · step 50 · 1 · best"));
    f.plot->setBest(id, 1000000);  // between logged steps: the last before it
    f.plot->redrawNow();
    QVERIFY(f.plot->accessibleDescription().contains("best 3 at step 100"));
    f.plot->setBest(id, std::nullopt);
    f.leave();
    QCOMPARE(colouredPixels(f.picture(), at, 8), before);
}

void TestCurvePlot::percentileRange() {
    CurveFixture f;
    std::vector<double> values = wave(1000);
    values[5] = 5000;
    values[500] = -5000;
    f.add("a", values);
    f.add("b", std::vector<double>(3, 7.0), 1);  // few points are no outliers
    QVERIFY(f.plot->yRange().upper > 5000);
    f.find<QAction>("curvePercentileAction")->setChecked(true);
    f.plot->redrawNow();
    QVERIFY(f.plot->yRange().upper >= 7 && f.plot->yRange().upper < 8);
    QVERIFY(f.plot->yRange().lower < 1.01 && f.plot->yRange().lower > 0);
    f.find<QAction>("curvePercentileAction")->setChecked(false);
    f.plot->redrawNow();
    QVERIFY(f.plot->yRange().lower < -5000);
}

void TestCurvePlot::resumedRunSupersedes() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    const int id = f.add("a", wave(1000));
    f.hover(f.onCanvas(900, wave(1000)[899]));
    QVERIFY(!f.plot->readout().isEmpty());
    f.plot->append(id, pointsOf({40, 50}, 501));
    QCOMPARE(f.plot->pointCount(id), std::size_t(502));
    f.plot->redrawNow();
    QCOMPARE(f.plot->readout(), QString());
    QVERIFY(f.plot->xRange().upper < 520 && f.plot->yRange().upper > 50);
    f.plot->truncateAfter(id, 100);
    f.plot->redrawNow();
    QCOMPARE(f.plot->pointCount(id), std::size_t(100));
    QVERIFY(f.plot->xRange().upper < 110 && f.plot->yRange().upper < 10);
}

void TestCurvePlot::clearing() {
    CurveFixture f;
    f.add("a", {1, 2, 3});
    const int b = f.add("b", {10, 20, 30}, 1);
    f.hover(f.onCanvas(3, 30));
    f.plot->clear();
    f.hover(f.onCanvas(3, 30));  // before it is drawn anew
    QCOMPARE(f.plot->readout(), QString());
    f.plot->redrawNow();
    QCOMPARE(f.plot->readout(), QString());
    QCOMPARE(f.plot->curveCount(), 0);
    f.plot->append(b, pointsOf({5}, 9));  // late points of a curve that went are ignored
    QCOMPARE(f.plot->pointCount(b), std::size_t(0));
    QVERIFY(f.plot->addCurve("c", ui::seriesColour(0)) > b);
}

void TestCurvePlot::redrawsAreCoalesced() {
    CurveFixture f;
    const int id = f.add("a", wave(1000));
    int drawn = 0;  // the canvas is painted after each redraw only: nothing else happens to it here
    const EventCounter counter(f.canvas, QEvent::Paint, &drawn);
    QElapsedTimer clock;
    clock.start();
    for (std::uint64_t step = 1001; step < 3000; ++step) {
        f.plot->append(id, pointsOf({1}, step));
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY(f.plot->xRange().upper > 2999);
    QVERIFY(drawn >= 1);
    QVERIFY2(drawn <= clock.elapsed() / 100 + 2,
             qPrintable(QString("%1 in %2 ms").arg(drawn).arg(clock.elapsed())));
    f.panel.hide();
    QCoreApplication::processEvents();
    const auto range = f.plot->xRange();
    f.plot->append(id, pointsOf({1}, 9000));
    QTest::qWait(0);
    QVERIFY(same(f.plot->xRange(), range));  // hidden: nothing is drawn, nothing is lost
    f.panel.show();
    QTRY_VERIFY(f.plot->xRange().upper > 9000);
}

void TestCurvePlot::themeIsFollowed() {
    ui::ThemeController theme;
    theme.setMode(ui::ThemeMode::Light);
    CurveFixture f;
    f.plot->setSmoothing(0);
    f.add("a", wave(50), 6);  // black, near-white on dark
    QVERIFY(f.picture().pixelColor(2, 2).lightness() > 240);
    theme.setMode(ui::ThemeMode::Dark);
    QCoreApplication::processEvents();
    const QImage image = f.picture();
    QVERIFY(image.pixelColor(2, 2).lightness() < 40);
    int bright = 0;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 60; y < image.height() - 60; ++y) bright += image.pixelColor(x, y).lightness() > 200;
    QVERIFY(bright > 200);
    theme.setMode(ui::ThemeMode::Light);
}

SIGNET_TEST(TestCurvePlot)
#include "test_curve_plot.moc"
