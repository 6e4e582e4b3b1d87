// The live training plot under the mouse and the keyboard.
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <cmath>

#include "curve_fixture.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;
using ui::CurvePlot;

class TestCurveInput : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void legendHidesCurve();
    void zoomedViewStays();
    void axisAloneZooms();
    void dragPans();
    void rectangleZooms();
    void keyboard();
    void readoutUnderTheMouse();
    void tabOrder();
};

void TestCurveInput::legendHidesCurve() {
    CurveFixture f;
    const int a = f.add("a", {1, 2, 3});
    const int b = f.add("b", {100, 200, 300}, 1);
    QSignalSpy toggled(f.plot, &CurvePlot::curveToggled);
    const QImage shown = f.picture();
    // the entries stand in a row above the axes, a's first
    int y = 0;
    while (y < 60 && colouredPixels(shown, QPoint(16, y), 2) == 0) ++y;
    QVERIFY(y < 60);
    QTest::mouseClick(f.canvas, Qt::LeftButton, {}, QPoint(16, y + 2));
    QCOMPARE(toggled.count(), 1);
    QCOMPARE(toggled.at(0).at(0).toInt(), a);
    QVERIFY(!f.plot->isCurveVisible(a));
    f.plot->redrawNow();
    QVERIFY(f.plot->yRange().lower > 50);  // follows what is visible
    QVERIFY(f.plot->accessibleDescription().contains("a: 3 points, hidden"));
    QTest::keyClick(f.plot, Qt::Key_2);
    QVERIFY(!f.plot->isCurveVisible(b));
    QTest::keyClick(f.plot, Qt::Key_1);
    QTest::keyClick(f.plot, Qt::Key_5);  // there is no fifth
    QVERIFY(f.plot->isCurveVisible(a));
    f.plot->redrawNow();
    QVERIFY(f.plot->yRange().upper < 10);
}

void TestCurveInput::zoomedViewStays() {
    CurveFixture f;
    const int id = f.add("a", wave(1000));
    auto* fit = f.find<QAction>("curveFitAction");
    QVERIFY(!fit->isEnabled());
    f.plot->append(id, pointsOf(wave(1000), 1001));
    f.plot->redrawNow();
    QVERIFY(f.plot->xRange().upper > 2000);  // follows
    f.wheel(f.middle(), 120);
    QVERIFY(!f.plot->isFollowing());
    const auto x = f.plot->xRange();
    const auto y = f.plot->yRange();
    QVERIFY(x.upper < 2000);
    f.plot->append(id, pointsOf(std::vector<double>(1000, 500.0), 2001));
    f.plot->redrawNow();
    QVERIFY(same(f.plot->xRange(), x));
    QVERIFY(same(f.plot->yRange(), y));
    QVERIFY(fit->isEnabled());
    QTest::mouseDClick(f.canvas, Qt::LeftButton, {}, f.middle());
    f.plot->redrawNow();
    QVERIFY(f.plot->isFollowing());
    QVERIFY(!fit->isEnabled());
    QVERIFY(f.plot->xRange().upper > 3000 && f.plot->yRange().upper > 500);
    f.wheel(f.middle(), 120);
    f.plot->setXAxis(CurvePlot::Axis::Images);  // steps zoomed to mean nothing in images
    f.plot->redrawNow();
    QVERIFY(f.plot->xRange().lower < 16 && f.plot->xRange().upper > 48000);
}

void TestCurveInput::axisAloneZooms() {
    CurveFixture f;
    std::vector<double> values(1000, 1.0);
    values[999] = 9;
    f.add("a", values);
    const auto y = f.plot->yRange();
    const auto x = f.plot->xRange();
    const QPoint onXAxis(f.onCanvas(300, 1).x(), f.onCanvas(300, y.lower).y() + 8);
    f.wheel(onXAxis, 360);
    QVERIFY(f.plot->xRange().upper < 999);
    f.plot->redrawNow();
    QVERIFY(f.plot->yRange().upper < 9);  // still follows what is visible
    f.plot->fit();
    f.plot->redrawNow();
    QVERIFY(same(f.plot->yRange(), y));
    const QPoint onYAxis(f.onCanvas(x.lower, 1).x() - 8, f.onCanvas(x.lower, 5).y());
    f.wheel(onYAxis, 240);
    QVERIFY(same(f.plot->xRange(), x));
    QVERIFY(f.plot->yRange().upper - f.plot->yRange().lower < y.upper - y.lower);
}

void TestCurveInput::dragPans() {
    CurveFixture f;
    f.add("a", wave(1000));
    const auto x = f.plot->xRange();
    const double perPixel = (x.upper - x.lower) / (f.onCanvas(x.upper, 1).x() - f.onCanvas(x.lower, 1).x());
    f.drag(f.middle(), f.middle() - QPoint(80, 0));
    QVERIFY(!f.plot->isFollowing());
    QVERIFY(std::abs(f.plot->xRange().lower - x.lower - 80 * perPixel) < 2 * perPixel);
}

void TestCurveInput::rectangleZooms() {
    CurveFixture f;
    f.add("a", wave(1000));
    f.drag(f.onCanvas(200, 2.5), f.onCanvas(600, 1.5), Qt::ShiftModifier);
    const auto x = f.plot->xRange();
    const auto y = f.plot->yRange();
    QVERIFY2(std::abs(x.lower - 200) < 4 && std::abs(x.upper - 600) < 4,
             qPrintable(QString::number(x.lower)));
    QVERIFY(std::abs(y.lower - 1.5) < 0.02 && std::abs(y.upper - 2.5) < 0.02);
    f.drag(f.middle(), f.middle() + QPoint(50, 0));  // without the key it pans again
    QVERIFY(std::abs((f.plot->xRange().upper - f.plot->xRange().lower) - (x.upper - x.lower)) < 1e-9);
    QVERIFY(f.plot->xRange().lower < x.lower);
}

void TestCurveInput::keyboard() {
    CurveFixture f;
    f.add("a", wave(100));
    f.add("b", wave(100), 1);
    const auto x = f.plot->xRange();
    QTest::keyClick(f.plot, Qt::Key_Right);
    QVERIFY(std::abs(f.plot->xRange().lower - (x.lower + 0.1 * (x.upper - x.lower))) < 1e-9);
    QVERIFY(!f.plot->isFollowing());
    QTest::keyClick(f.plot, Qt::Key_Plus);
    QVERIFY(f.plot->xRange().upper - f.plot->xRange().lower < 0.9 * (x.upper - x.lower));
    QTest::keyClick(f.plot, Qt::Key_0);
    f.plot->redrawNow();
    QVERIFY(same(f.plot->xRange(), x));
    QTest::keyClick(f.plot, Qt::Key_Left, Qt::ControlModifier);
    QTest::keyClick(f.plot, Qt::Key_Left, Qt::ControlModifier);
    QVERIFY2(f.plot->readout().startsWith("a · step 99 · "), qPrintable(f.plot->readout()));
    QTest::keyClick(f.plot, Qt::Key_Down, Qt::ControlModifier);
    QVERIFY(f.plot->readout().startsWith("b · step 99 · "));
    QCOMPARE(f.find<QLabel>("curveReadout")->text(), f.plot->readout());
    // the plot keeps its keys from a window's shortcuts
    QKeyEvent claim(QEvent::ShortcutOverride, Qt::Key_0, Qt::NoModifier);
    claim.ignore();
    QCoreApplication::sendEvent(f.plot, &claim);
    QVERIFY(claim.isAccepted());
    QVERIFY(f.plot->focusPolicy() & Qt::TabFocus);
}

void TestCurveInput::readoutUnderTheMouse() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    f.add("low", std::vector<double>(100, 1.0));
    f.add("high", std::vector<double>(100, 9.0), 1);
    f.hover(f.onCanvas(40, 8.9));
    QCOMPARE(f.plot->readout(), QString("high · step 40 · 9"));
    f.plot->setXAxis(CurvePlot::Axis::Seconds);
    f.plot->redrawNow();
    f.hover(f.onCanvas(120, 1));
    QCOMPARE(f.plot->readout(), QString("low · step 60 · 0:02:00 · 1"));
    f.hover(f.onCanvas(120, 5));  // nothing near
    QCOMPARE(f.plot->readout(), QString());
    f.hover(f.onCanvas(120, 1));
    f.leave();
    QCOMPARE(f.plot->readout(), QString());
}

void TestCurveInput::tabOrder() {
    CurveFixture f;
    f.panel.activateWindow();
    QTRY_VERIFY(f.panel.isActiveWindow());
    QStringList order;
    for (int i = 0; i < 8; ++i) {
        order << QApplication::focusWidget()->objectName();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    QCOMPARE(order,
             QStringList({"curveMetric", "curveSmoothing", "curveAxis", "curveLogXButton", "curveLogYButton",
                          "curvePercentileButton", "curveExportButton", "curvePlot"}));
}

SIGNET_TEST(TestCurveInput)
#include "test_curve_input.moc"
