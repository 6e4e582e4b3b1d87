#pragma once

#include <QString>
#include <vector>

#include "ui/plot/curve_graphs.h"

class QCPItemTracer;

namespace signet::ui {

/// The point being read off: a ring around it and its numbers. Chosen by the mouse (the drawn point nearest
/// to it) or point by point with the keyboard. Inside ui/plot only. GUI thread; the plot outlives this.
class CurveReadout {
public:
    explicit CurveReadout(QCustomPlot* plot);

    /// The curves that can be read; call it when they change.
    void setCurves(std::vector<CurveGraphs*> curves);

    void moveTo(const QPointF& pixel);
    /// To the drawn point forward points further on the same curve; the newest point at first.
    void step(int forward);
    /// To the curve forward places further, at the step nearest to the one read.
    void switchCurve(int forward);
    void clear();

    /// After the curve was drawn anew: the ring follows its point.
    void refresh(bool dark);

    /// "run 7 · step 4200 · 0.0123 · smoothed 0.0119"; empty: nothing is read.
    QString text() const;

private:
    void show(CurveGraphs* graphs, const std::optional<CurveGraphs::Hit>& hit);

    QCustomPlot* m_plot;
    QCPItemTracer* m_ring;
    std::vector<CurveGraphs*> m_curves;
    CurveGraphs* m_read = nullptr;
    std::size_t m_index = 0;
    bool m_dark = false;
};

}  // namespace signet::ui
