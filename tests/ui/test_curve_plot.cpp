// The live training plot and its panel, driven as a person drives them.
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QProcess>
#include <QSignalSpy>
#include <QSlider>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "ui/plot/curve_plot.h"
#include "ui/style/file_dialogs.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"
#include "ui/training/curve_panel.h"
#include "ui/training/heartbeat.h"

using namespace signet;
using ui::CurvePanel;
using ui::CurvePlot;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Values at steps 1, 2, 3 ...; 16 images and 2 s a step.
std::vector<CurvePlot::Point> pointsOf(const std::vector<double>& values, std::uint64_t firstStep = 1) {
    std::vector<CurvePlot::Point> points;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint64_t step = firstStep + i;
        points.push_back({step, 16 * step, 2.0 * static_cast<double>(step), values[i]});
    }
    return points;
}

std::vector<double> wave(std::size_t n) {
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = 2 + std::sin(static_cast<double>(i) / 9);
    return values;
}

/// A panel of 800 x 500 px on the screen.
struct Fixture {
    Fixture() {
        panel.resize(800, 500);
        panel.setMetrics({"loss", "bit accuracy"});
        panel.show();
        if (!QTest::qWaitForWindowExposed(&panel)) qFatal("no window");
        plot = panel.plot();
        canvas = plot->findChild<QWidget*>("curveCanvas");
    }
    int add(const QString& name, const std::vector<double>& values, int slot = 0) {
        const int id = plot->addCurve(name, ui::seriesColour(slot));
        plot->append(id, pointsOf(values));
        plot->redrawNow();
        return id;
    }
    QPoint onCanvas(double x, double y) const { return canvas->mapFrom(plot, plot->pixelAt(x, y).toPoint()); }
    QPoint middle() const {
        const auto x = plot->xRange();
        const auto y = plot->yRange();
        return onCanvas((x.lower + x.upper) / 2, (y.lower + y.upper) / 2);
    }
    void wheel(const QPoint& at, int angle) const {
        QWheelEvent event(at, canvas->mapToGlobal(at), QPoint(), QPoint(0, angle), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(canvas, &event);
    }
    void hover(const QPoint& at) const {
        QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                         Qt::NoModifier);
        QCoreApplication::sendEvent(canvas, &move);
    }
    void leave() const {
        QEvent event(QEvent::Leave);
        QCoreApplication::sendEvent(canvas, &event);
    }
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {}) const {
        const auto send = [&](QEvent::Type type, const QPoint& at, Qt::MouseButton button,
                              Qt::MouseButtons down) {
            QMouseEvent event(type, at, canvas->mapToGlobal(at), button, down, modifiers);
            QCoreApplication::sendEvent(canvas, &event);
        };
        send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
        send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, Qt::LeftButton);
        send(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
        send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
    }
    QImage picture() const {
        plot->redrawNow();
        return canvas->grab().toImage();
    }
    template <class Widget>
    Widget* find(const char* name) const {
        return panel.findChild<Widget*>(QLatin1String(name));
    }

    CurvePanel panel;
    CurvePlot* plot = nullptr;
    QWidget* canvas = nullptr;
};

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

bool same(CurvePlot::Range a, CurvePlot::Range b) {
    return a.lower == b.lower && a.upper == b.upper;
}

/// Pixels within radius of at that are no shade of grey.
int colouredPixels(const QImage& image, const QPoint& at, int radius) {
    int count = 0;
    for (int y = at.y() - radius; y <= at.y() + radius; ++y)
        for (int x = at.x() - radius; x <= at.x() + radius; ++x)
            if (image.rect().contains(x, y) && image.pixelColor(x, y).hsvSaturation() > 40) ++count;
    return count;
}

QByteArray contents(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        return "failed: " + process.readAllStandardError();
    return process.readAllStandardOutput();
}

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
    void legendHidesCurve();
    void zoomedViewStays();
    void axisAloneZooms();
    void dragPans();
    void rectangleZooms();
    void keyboard();
    void readoutUnderTheMouse();
    void resumedRunSupersedes();
    void removingCurves();
    void csvExport();
    void pngExport();
    void pdfExport();
    void failedExport();
    void metrics();
    void settings();
    void tabOrder();
    void themeIsFollowed();
    void redrawsAreCoalesced();
    void heartbeatSeesABlock();
};

void TestCurvePlot::smoothing() {
    Fixture f;
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
    Fixture f;
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
    Fixture f;
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
    Fixture f;
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
    Fixture f;
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
    Fixture f;
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
    Fixture f;
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
    Fixture f;
    f.add("a", {-1, -2, 0});
    f.plot->setLogY(true);
    f.plot->redrawNow();
    QCOMPARE(f.plot->notes(), QString("3 ≤ 0 on the floor"));
    QVERIFY(f.plot->yRange().lower > 0 && f.plot->yRange().upper > f.plot->yRange().lower);
}

void TestCurvePlot::spikeIsNeverLost() {
    Fixture f;
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
    Fixture f;
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
    Fixture f;
    f.add("a", {5});
    QVERIFY(f.plot->xRange().lower < 1 && f.plot->xRange().upper > 1);
    QVERIFY(colouredPixels(f.picture(), f.onCanvas(1, 5), 3) > 5);
    std::vector<double> values(5000, kNaN);
    values[2500] = 7;
    f.add("b", values, 1);
    QVERIFY(colouredPixels(f.picture(), f.onCanvas(2501, 7), 3) > 5);
}

void TestCurvePlot::bestIsMarked() {
    Fixture f;
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
    Fixture f;
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

void TestCurvePlot::legendHidesCurve() {
    Fixture f;
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

void TestCurvePlot::zoomedViewStays() {
    Fixture f;
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

void TestCurvePlot::axisAloneZooms() {
    Fixture f;
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

void TestCurvePlot::dragPans() {
    Fixture f;
    f.add("a", wave(1000));
    const auto x = f.plot->xRange();
    const double perPixel = (x.upper - x.lower) / (f.onCanvas(x.upper, 1).x() - f.onCanvas(x.lower, 1).x());
    f.drag(f.middle(), f.middle() - QPoint(80, 0));
    QVERIFY(!f.plot->isFollowing());
    QVERIFY(std::abs(f.plot->xRange().lower - x.lower - 80 * perPixel) < 2 * perPixel);
}

void TestCurvePlot::rectangleZooms() {
    Fixture f;
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

void TestCurvePlot::keyboard() {
    Fixture f;
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

void TestCurvePlot::readoutUnderTheMouse() {
    Fixture f;
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

void TestCurvePlot::resumedRunSupersedes() {
    Fixture f;
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

void TestCurvePlot::removingCurves() {
    Fixture f;
    const int a = f.add("a", {1, 2, 3});
    const int b = f.add("b", {10, 20, 30}, 1);
    f.hover(f.onCanvas(3, 30));
    f.plot->removeCurve(b);
    f.hover(f.onCanvas(3, 30));  // before it is drawn anew
    QCOMPARE(f.plot->readout(), QString());
    f.plot->redrawNow();
    QCOMPARE(f.plot->readout(), QString());
    QVERIFY(f.plot->yRange().upper < 10);
    f.plot->append(b, pointsOf({5}, 9));  // late points of a removed curve are ignored
    QCOMPARE(f.plot->pointCount(b), std::size_t(0));
    f.plot->clear();
    f.plot->redrawNow();
    QCOMPARE(f.plot->curveCount(), 0);
    QVERIFY(f.plot->addCurve("c", ui::seriesColour(0)) > b);
    QVERIFY(a != b);
}

void TestCurvePlot::csvExport() {
    Fixture f;
    f.plot->setSmoothing(0.5);
    const std::vector<double> values = wave(20000);
    f.add("a, first", values);
    f.plot->setCurveVisible(f.add("b", {1, kNaN, 3}, 1), false);
    const QTemporaryDir folder;
    const QString name = folder.filePath("loss.csv");
    QSignalSpy exported(&f.panel, &CurvePanel::exported);
    ui::FileDialogs::setNextFileNames({name});
    f.find<QAction>("curveExport-csv")->trigger();
    QTRY_COMPARE(exported.count(), 1);
    const QStringList lines = QString::fromUtf8(contents(name)).split('\n');
    QCOMPARE(lines.size(), 1 + 20000 + 3 + 1);  // every point, hidden curves too
    QCOMPARE(lines[0], QString("curve,step,images,seconds,value,smoothed"));
    for (int i = 0; i < 20000; ++i) {
        const QStringList fields = lines[1 + i].mid(11).split(',');
        QVERIFY(lines[1 + i].startsWith("\"a, first\","));
        QCOMPARE(fields[0].toInt(), i + 1);
        QVERIFY(fields[3].toDouble() == values[static_cast<std::size_t>(i)]);
    }
    QCOMPARE(lines[20002], QString("b,2,32,4,nan,nan"));
    QVERIFY(lines[20003].startsWith("b,3,48,6,3,2.333333333333333"));
}

void TestCurvePlot::pngExport() {
    Fixture f;
    f.plot->setSmoothing(0);
    f.add("a", wave(1000));
    QPalette dark;
    dark.setColor(QPalette::Base, Qt::black);
    dark.setColor(QPalette::Text, Qt::white);
    f.plot->setPalette(dark);
    const auto before = f.plot->xRange();
    const QTemporaryDir folder;
    const QString name = folder.filePath("loss.png");
    QSignalSpy exported(&f.panel, &CurvePanel::exported);
    ui::FileDialogs::setNextFileNames({name});
    f.find<QAction>("curveExport-png")->trigger();
    QTRY_COMPARE(exported.count(), 1);
    const QImage image(name);
    QCOMPARE(image.size(), QSize(2160, 1350));
    QCOMPARE(image.pixelColor(3, 3), QColor(Qt::white));  // on paper it is white in every theme
    int line = 0;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            line += image.pixelColor(x, y) == ui::seriesColour(0).onLight;
    QVERIFY2(line > 200, qPrintable(QString::number(line)));
    QVERIFY(same(f.plot->xRange(), before));
    QCOMPARE(f.picture().pixelColor(3, 3), QColor(Qt::black));  // the window is as before
}

void TestCurvePlot::pdfExport() {
    Fixture f;
    f.add("run 7", wave(5000));
    const QTemporaryDir folder;
    const QString name = folder.filePath("loss.pdf");
    QSignalSpy exported(&f.panel, &CurvePanel::exported);
    ui::FileDialogs::setNextFileNames({name});
    f.find<QAction>("curveExport-pdf")->trigger();
    QTRY_COMPARE(exported.count(), 1);
    QVERIFY(contents(name).startsWith("%PDF-"));
    const QString toText = QStandardPaths::findExecutable("pdftotext");
    const QString toImages = QStandardPaths::findExecutable("pdfimages");
    if (toText.isEmpty() || toImages.isEmpty()) QSKIP("poppler-utils is not installed");
    const QString text = outputOf(toText, {name, "-"});
    for (const char* word : {"run 7", "loss", "step", "2000"})
        QVERIFY2(text.contains(word), qPrintable(text));
    const QString images = outputOf(toImages, {"-list", name});
    QCOMPARE(images.split('\n', Qt::SkipEmptyParts).size(), 2);  // the heading of the list alone
}

void TestCurvePlot::failedExport() {
    Fixture f;
    f.add("a", {1, 2, 3});
    const QTemporaryDir folder;
    for (const char* format : {"csv", "png", "pdf"}) {
        QSignalSpy failed(&f.panel, &CurvePanel::exportFailed);
        ui::FileDialogs::setNextFileNames({folder.filePath("missing/loss.") + format});
        f.find<QAction>((QByteArray("curveExport-") + format).constData())->trigger();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(f.find<ui::NoticeBar>("curveNotice")->text().contains("missing"));
    }
}

void TestCurvePlot::metrics() {
    Fixture f;
    QSignalSpy changed(&f.panel, &CurvePanel::metricChanged);
    QCOMPARE(f.panel.metric(), QString("loss"));
    QTest::keyClick(f.find<QComboBox>("curveMetric"), Qt::Key_Down);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toString(), QString("bit accuracy"));
    f.panel.setMetrics({"psnr", "bit accuracy"});  // a further metric appears: the one shown stays
    QCOMPARE(changed.count(), 1);
    QCOMPARE(f.panel.metric(), QString("bit accuracy"));
    QCOMPARE(f.plot->accessibleName(), QString("Curves of bit accuracy"));
    f.panel.setMetrics({"psnr"});
    QCOMPARE(changed.count(), 2);
    QCOMPARE(f.panel.metric(), QString("psnr"));
    f.panel.setMetrics({});
    QCOMPARE(f.panel.metric(), QString());
}

void TestCurvePlot::settings() {
    Fixture f;
    QSignalSpy changed(&f.panel, &CurvePanel::settingsChanged);
    const CurvePanel::Settings wanted{0.25, CurvePlot::Axis::Images, true, true, true};
    f.panel.setSettings(wanted);
    QVERIFY(f.panel.settings() == wanted);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(f.plot->smoothing(), 0.25);
    QVERIFY(f.plot->xAxis() == CurvePlot::Axis::Images);
    QVERIFY(f.plot->isLogX() && f.plot->isLogY() && f.plot->isPercentileRange());
    f.find<QToolButton>("curveLogXButton")->click();
    QCOMPARE(changed.count(), 1);
    QVERIFY(!f.plot->isLogX());
    for (auto* control : f.panel.findChildren<QWidget*>())
        if (control->focusPolicy() & Qt::TabFocus && control->isVisible() &&
            control->parentWidget() == &f.panel)
            QVERIFY2(!control->accessibleName().isEmpty(), qPrintable(control->objectName()));
}

void TestCurvePlot::tabOrder() {
    Fixture f;
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

void TestCurvePlot::themeIsFollowed() {
    ui::ThemeController theme;
    theme.setMode(ui::ThemeMode::Light);
    Fixture f;
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

void TestCurvePlot::redrawsAreCoalesced() {
    Fixture f;
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

void TestCurvePlot::heartbeatSeesABlock() {
    ui::Heartbeat heartbeat;
    heartbeat.start();
    QTRY_VERIFY(heartbeat.beats() > 3);
    QElapsedTimer busy;
    busy.start();
    while (busy.nsecsElapsed() < 300'000'000) continue;
    QTRY_VERIFY(heartbeat.longestBlock() >= 0.3);
    QVERIFY(heartbeat.longestBusy() > 0);
    QVERIFY(heartbeat.longestBusy() <= heartbeat.longestBlock() + 0.01);
    heartbeat.start();
    QCOMPARE(heartbeat.longestBlock(), 0.0);
}

QTEST_MAIN(TestCurvePlot)
#include "test_curve_plot.moc"
