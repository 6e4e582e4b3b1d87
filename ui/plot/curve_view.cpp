#include "ui/plot/curve_view.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/plot/axis_tickers.h"

namespace signet::ui {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPaddingX = 0.01;
constexpr double kPaddingY = 0.05;

}  // namespace

CurveView::CurveView(QCustomPlot* plot) : m_plot(plot) {
    const auto changedTo = qOverload<const QCPRange&>(&QCPAxis::rangeChanged);
    QObject::connect(plot->xAxis, changedTo, plot, [this] { m_followX &= m_ownChange; });
    QObject::connect(plot->yAxis, changedTo, plot, [this] { m_followY &= m_ownChange; });
    applyScales();
}

void CurveView::applyScales() {
    m_ownChange = true;
    const bool time = m_axis == metrics::CurveAxis::Seconds;
    setAxisScale(m_plot->xAxis, time ? AxisKind::Time : AxisKind::Count, m_logX);
    setAxisScale(m_plot->yAxis, AxisKind::Value, m_logY);
    const QString seconds = m_logX ? QObject::tr("process time, s") : QObject::tr("process time, h:min:s");
    m_plot->xAxis->setLabel(time                                   ? seconds
                            : m_axis == metrics::CurveAxis::Images ? QObject::tr("images seen")
                                                                   : QObject::tr("step"));
    m_ownChange = false;
}

void CurveView::setAxis(metrics::CurveAxis axis) {
    if (axis == m_axis) return;
    m_axis = axis;
    m_followX = true;  // the old range means nothing on the new axis
    applyScales();
}

void CurveView::setLogX(bool on) {
    if (on && m_plot->xAxis->range().lower <= 0) m_followX = true;
    m_logX = on;
    applyScales();
}

void CurveView::setLogY(bool on) {
    if (on && m_plot->yAxis->range().lower <= 0) m_followY = true;
    m_logY = on;
    applyScales();
}

void CurveView::setPercentileRange(bool on) {
    m_percentileRange = on;
    m_followY = true;  // asked for a range of y
}

void CurveView::pan(double shareX, double shareY) {
    const auto move = [](QCPAxis* axis, double share) {
        const QCPRange range = axis->range();
        if (axis->scaleType() == QCPAxis::stLogarithmic) {
            const double factor = std::pow(range.upper / range.lower, share);
            axis->setRange(range.lower * factor, range.upper * factor);
        } else {
            axis->moveRange(share * range.size());
        }
    };
    if (shareX != 0) move(m_plot->xAxis, shareX);
    if (shareY != 0) move(m_plot->yAxis, shareY);
}

void CurveView::zoom(double factor) {
    m_plot->xAxis->scaleRange(factor);
    m_plot->yAxis->scaleRange(factor);
}

void CurveView::setRange(QCPAxis* axis, double lowest, double highest, double padding) {
    const bool log = axis->scaleType() == QCPAxis::stLogarithmic;
    if (!(lowest <= highest)) {  // nothing to show
        lowest = log ? 0.1 : 0;
        highest = 1;
    }
    if (lowest == highest) {
        const double half = log ? 0 : std::max(0.5, std::abs(lowest) / 20);
        lowest = log ? lowest / 2 : lowest - half;
        highest = log ? highest * 2 : highest + half;
    } else if (log) {
        const double factor = std::pow(highest / lowest, padding);
        lowest /= factor;
        highest *= factor;
    } else {
        const double margin = padding * (highest - lowest);
        lowest -= margin;
        highest += margin;
    }
    m_ownChange = true;
    axis->setRange(lowest, highest);
    m_ownChange = false;
}

void CurveView::updateRanges(const std::vector<CurveGraphs*>& curves) {
    if (m_followX) updateRangeX(curves);
    if (m_followY) updateRangeY(curves);
}

void CurveView::updateRangeX(const std::vector<CurveGraphs*>& curves) {
    double lowest = kInfinity;
    double highest = -kInfinity;
    for (const CurveGraphs* graphs : curves) {
        const metrics::CurvePoints& points = graphs->curve().points();
        const std::size_t first = m_logX ? points.firstAfter(m_axis, 0) : 0;
        if (first >= points.size()) continue;
        lowest = std::min(lowest, points.x(m_axis, first));
        highest = std::max(highest, points.x(m_axis, points.size() - 1));
    }
    setRange(m_plot->xAxis, lowest, highest, kPaddingX);
}

std::pair<std::size_t, std::size_t> CurveView::visiblePoints(const metrics::CurvePoints& points) const {
    const QCPRange range = m_plot->xAxis->range();
    const bool leftEdge = m_logX && leftEdgeShows(points, m_axis, range.lower);
    const std::size_t first = leftEdge ? 0 : points.firstFrom(m_axis, range.lower);
    return {first, points.firstAfter(m_axis, range.upper, first)};
}

void CurveView::updateRangeY(const std::vector<CurveGraphs*>& curves) {
    double lowest = kInfinity;
    double highest = -kInfinity;
    for (CurveGraphs* graphs : curves) {
        const metrics::Curve& curve = graphs->curve();
        const auto [first, last] = visiblePoints(curve.points());
        for (const metrics::CurveLine line : {metrics::CurveLine::Raw, metrics::CurveLine::Smoothed}) {
            const bool raw = line == metrics::CurveLine::Raw;
            if (!raw && (curve.smoothing() == 0 || m_percentileRange)) continue;
            const metrics::Extrema extrema = curve.extrema(line, first, last);
            if (extrema.empty() || (m_logY && extrema.lowestPositive == metrics::Extrema::kNone)) continue;
            const auto valueAt = [&](std::size_t i) { return raw ? curve.raw(i) : curve.smoothed(i); };
            double low = valueAt(m_logY ? extrema.lowestPositive : extrema.lowest);
            double high = valueAt(extrema.highest);
            if (m_percentileRange) {
                const auto range = graphs->percentiles(first, last);
                low = std::max(low, range->lowest);
                high = std::max(low, std::min(high, range->highest));
            }
            lowest = std::min(lowest, low);
            highest = std::max(highest, high);
        }
    }
    setRange(m_plot->yAxis, lowest, highest, kPaddingY);
}

CurveDrawing CurveView::drawing(int columns) const {
    const QCPRange range = m_plot->xAxis->range();
    CurveDrawing drawing{m_axis, m_logX, m_logY, {}, range.lower, m_plot->yAxis->range().lower, true};
    drawing.edges.resize(static_cast<std::size_t>(columns) + 1);
    for (int c = 0; c <= columns; ++c) {
        const double share = static_cast<double>(c) / columns;
        drawing.edges[static_cast<std::size_t>(c)] =
            m_logX ? range.lower * std::pow(range.upper / range.lower, share)
                   : range.lower + share * (range.upper - range.lower);
    }
    return drawing;
}

CurveView::UnusualPoints CurveView::unusualPoints(const std::vector<CurveGraphs*>& curves) const {
    UnusualPoints found;
    for (const CurveGraphs* graphs : curves) {
        const metrics::Curve& curve = graphs->curve();
        const auto [first, last] = visiblePoints(curve.points());
        if (m_logX && first == 0) found.onLeftEdge += curve.points().firstAfter(m_axis, 0);
        if (m_logY) found.onFloor += curve.countNonPositive(first, last);
        found.notFinite += curve.countNonFinite(first, last);
    }
    return found;
}

}  // namespace signet::ui
