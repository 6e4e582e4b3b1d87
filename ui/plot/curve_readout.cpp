#include "ui/plot/curve_readout.h"

#include <qcustomplot.h>

#include <algorithm>

#include "ui/plot/axis_tickers.h"
#include "ui/plot/curve_layers.h"

namespace signet::ui {
namespace {

constexpr double kReachPx = 40;

QString number(double value) {
    return QString::number(value, 'g', 6).replace(QLatin1Char('-'), QChar(0x2212));
}

}  // namespace

CurveReadout::CurveReadout(QCustomPlot* plot) : m_plot(plot), m_ring(new QCPItemTracer(plot)) {
    m_ring->setLayer(QLatin1String(kCursorLayer));
    m_ring->setStyle(QCPItemTracer::tsCircle);
    m_ring->setSize(9);
    m_ring->setSelectable(false);
    m_ring->setVisible(false);
}

void CurveReadout::setCurves(std::vector<CurveGraphs*> curves) {
    m_curves = std::move(curves);
    if (std::find(m_curves.begin(), m_curves.end(), m_read) == m_curves.end()) clear();
}

void CurveReadout::clear() {
    m_read = nullptr;
    m_ring->setVisible(false);
}

void CurveReadout::show(CurveGraphs* graphs, const std::optional<CurveGraphs::Hit>& hit) {
    if (!hit) return clear();
    m_read = graphs;
    m_index = hit->index;
    m_ring->position->setCoords(hit->at);
    m_ring->setPen(QPen(graphs->colour(m_dark), 2));
    m_ring->setVisible(true);
}

void CurveReadout::moveTo(const QPointF& pixel) {
    CurveGraphs* nearestGraphs = nullptr;
    std::optional<CurveGraphs::Hit> nearest;
    for (CurveGraphs* graphs : m_curves) {
        const auto hit = graphs->nearest(pixel);
        if (!hit || hit->distance > kReachPx || (nearest && nearest->distance <= hit->distance)) continue;
        nearest = hit;
        nearestGraphs = graphs;
    }
    show(nearestGraphs, nearest);
}

void CurveReadout::step(int forward) {
    if (m_read) return show(m_read, m_read->neighbour(m_index, forward));
    for (CurveGraphs* graphs : m_curves)
        if (const auto hit = graphs->neighbour(graphs->curve().size(), 0)) return show(graphs, hit);
}

void CurveReadout::switchCurve(int forward) {
    if (!m_read) return step(0);
    const auto at = std::find(m_curves.begin(), m_curves.end(), m_read) - m_curves.begin();
    const auto count = static_cast<std::ptrdiff_t>(m_curves.size());
    CurveGraphs* next = m_curves[static_cast<std::size_t>(((at + forward) % count + count) % count)];
    const auto same = next->curve().indexAtStep(m_read->curve().points().point(m_index).step);
    if (const auto hit = next->neighbour(same.value_or(0), 0)) show(next, hit);
}

void CurveReadout::refresh(bool dark) {
    m_dark = dark;
    if (!m_read) return;
    if (m_index >= m_read->curve().size()) return clear();
    show(m_read, m_read->hitAt(m_index));
}

QString CurveReadout::text() const {
    if (!m_read || m_index >= m_read->curve().size()) return {};
    const metrics::Curve& curve = m_read->curve();
    const metrics::CurvePoint point = curve.points().point(m_index);
    QString text = QObject::tr("%1 · step %2").arg(m_read->name()).arg(point.step);
    if (m_read->axis() == metrics::CurveAxis::Images) text += QObject::tr(" · %1 images").arg(point.images);
    if (m_read->axis() == metrics::CurveAxis::Seconds)
        text += QStringLiteral(" · ") + timeLabel(curve.points().x(metrics::CurveAxis::Seconds, m_index));
    text += QStringLiteral(" · ") + number(point.value);
    if (curve.smoothing() > 0 && m_index < curve.smoothedSize())
        text += QObject::tr(" · smoothed %1").arg(number(curve.smoothed(m_index)));
    if (m_read->bestIndex() == m_index) text += QObject::tr(" · best");
    return text;
}

}  // namespace signet::ui
