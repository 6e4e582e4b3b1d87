#pragma once

#include <QWidget>
#include <span>

#include "core/metrics/curve_points.h"

class QCustomPlot;

namespace signet::ui {

/// What the benchmark compares CurvePlot with: QCustomPlot given every point of the same raw and smoothed
/// lines, with its own adaptive sampling. GUI thread.
class PlainPlot : public QWidget {
    Q_OBJECT
public:
    explicit PlainPlot(double smoothing, QWidget* parent = nullptr);

    void addCurve(std::span<const metrics::CurvePoint> points);
    void redrawNow();

private:
    QCustomPlot* m_plot;
    double m_smoothing;
};

}  // namespace signet::ui
