#pragma once

#include <QImage>
#include <vector>

#include "ui/plot/curve_plot.h"
#include "ui/training/curve_panel.h"

namespace signet::test {

/// Values at steps 1, 2, 3 ...; 16 images and 2 s a step.
std::vector<ui::CurvePlot::Point> pointsOf(const std::vector<double>& values, std::uint64_t firstStep = 1);

/// n values of a sine about 2.
std::vector<double> wave(std::size_t n);

bool same(ui::CurvePlot::Range a, ui::CurvePlot::Range b);

/// Pixels within radius of at that are no shade of grey.
int colouredPixels(const QImage& image, const QPoint& at, int radius);

/// A panel of 800 x 500 px on the screen, and the hands that work on its plot.
struct CurveFixture {
    CurveFixture();
    /// A curve in the slot's colour, drawn.
    int add(const QString& name, const std::vector<double>& values, int slot = 0);
    QPoint onCanvas(double x, double y) const;
    QPoint middle() const;
    void wheel(const QPoint& at, int angle) const;
    void hover(const QPoint& at) const;
    void leave() const;
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {}) const;
    QImage picture() const;
    template <class Widget>
    Widget* find(const char* name) const {
        return panel.findChild<Widget*>(QLatin1String(name));
    }

    ui::CurvePanel panel;
    ui::CurvePlot* plot = nullptr;
    QWidget* canvas = nullptr;
};

}  // namespace signet::test
