#include "curve_fixture.h"

#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

namespace signet::test {

std::vector<ui::CurvePlot::Point> pointsOf(const std::vector<double>& values, std::uint64_t firstStep) {
    std::vector<ui::CurvePlot::Point> points;
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

bool same(ui::CurvePlot::Range a, ui::CurvePlot::Range b) {
    return a.lower == b.lower && a.upper == b.upper;
}

int colouredPixels(const QImage& image, const QPoint& at, int radius) {
    int count = 0;
    for (int y = at.y() - radius; y <= at.y() + radius; ++y)
        for (int x = at.x() - radius; x <= at.x() + radius; ++x)
            if (image.rect().contains(x, y) && image.pixelColor(x, y).hsvSaturation() > 40) ++count;
    return count;
}

CurveFixture::CurveFixture() {
    panel.resize(800, 500);
    panel.setMetrics({"loss", "bit accuracy"});
    panel.show();
    if (!QTest::qWaitForWindowExposed(&panel)) qFatal("no window");
    plot = panel.plot();
    canvas = plot->findChild<QWidget*>("curveCanvas");
}

int CurveFixture::add(const QString& name, const std::vector<double>& values, int slot) {
    const int id = plot->addCurve(name, ui::seriesColour(slot));
    plot->append(id, pointsOf(values));
    plot->redrawNow();
    return id;
}

QPoint CurveFixture::onCanvas(double x, double y) const {
    return canvas->mapFrom(plot, plot->pixelAt(x, y).toPoint());
}

QPoint CurveFixture::middle() const {
    const auto x = plot->xRange();
    const auto y = plot->yRange();
    return onCanvas((x.lower + x.upper) / 2, (y.lower + y.upper) / 2);
}

void CurveFixture::wheel(const QPoint& at, int angle) const {
    QWheelEvent event(at, canvas->mapToGlobal(at), QPoint(), QPoint(0, angle), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(canvas, &event);
}

void CurveFixture::hover(const QPoint& at) const {
    QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(canvas, &move);
}

void CurveFixture::leave() const {
    QEvent event(QEvent::Leave);
    QCoreApplication::sendEvent(canvas, &event);
}

void CurveFixture::drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers) const {
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

QImage CurveFixture::picture() const {
    plot->redrawNow();
    return canvas->grab().toImage();
}

}  // namespace signet::test
