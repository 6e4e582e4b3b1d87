#pragma once

#include <utility>
#include <vector>

#include "ui/plot/curve_graphs.h"

class QCPAxis;

namespace signet::ui {

/// Which part of the curves a plot shows: axes, scales, and for each axis whether its range follows the data
/// or is the person's own. Inside ui/plot only. GUI thread; the plot outlives this.
class CurveView {
public:
    explicit CurveView(QCustomPlot* plot);

    void setAxis(metrics::CurveAxis axis);
    void setLogX(bool on);
    void setLogY(bool on);
    void setPercentileRange(bool on);
    metrics::CurveAxis axis() const { return m_axis; }
    bool logX() const { return m_logX; }
    bool logY() const { return m_logY; }
    bool percentileRange() const { return m_percentileRange; }

    /// Both axes follow the data from now on.
    void fit() { m_followX = m_followY = true; }
    bool isFollowing() const { return m_followX && m_followY; }

    /// Moves by these shares of the visible ranges; zooms about their middle (factor below 1: nearer). Both
    /// count as the person's own view.
    void pan(double shareX, double shareY);
    void zoom(double factor);

    /// Sets the ranges that follow the data.
    void updateRanges(const std::vector<CurveGraphs*>& curves);

    /// How to draw what is visible in this many columns.
    CurveDrawing drawing(int columns) const;

    /// What the visible part of the curves holds beside ordinary points.
    struct UnusualPoints {
        std::size_t onFloor = 0;     ///< at or below 0 on a logarithmic y axis
        std::size_t onLeftEdge = 0;  ///< at or below 0 on a logarithmic x axis
        std::size_t notFinite = 0;
    };
    UnusualPoints unusualPoints(const std::vector<CurveGraphs*>& curves) const;

private:
    void applyScales();
    /// Indices [first, last) of the points that are visible, those on the left edge among them.
    std::pair<std::size_t, std::size_t> visiblePoints(const metrics::CurvePoints& points) const;
    void updateRangeX(const std::vector<CurveGraphs*>& curves);
    void updateRangeY(const std::vector<CurveGraphs*>& curves);
    void setRange(QCPAxis* axis, double lowest, double highest, double padding);

    QCustomPlot* m_plot;
    metrics::CurveAxis m_axis = metrics::CurveAxis::Step;
    bool m_logX = false;
    bool m_logY = false;
    bool m_percentileRange = false;
    bool m_followX = true;
    bool m_followY = true;
    bool m_ownChange = false;  // a range changes by this object, not by the person
};

}  // namespace signet::ui
