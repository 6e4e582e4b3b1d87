#include "ui/plot/plain_plot.h"

#include <qcustomplot.h>

#include <QVBoxLayout>

#include "core/metrics/ema.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/series_colours.h"

namespace signet::ui {

PlainPlot::PlainPlot(double smoothing, QWidget* parent)
    : QWidget(parent), m_plot(new QCustomPlot(this)), m_smoothing(smoothing) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    stylePlot(m_plot, palette(), font());
}

void PlainPlot::addCurve(std::span<const metrics::CurvePoint> points) {
    QColor colour = seriesColour(m_plot->graphCount() / 2).onLight;
    QVector<QCPGraphData> raw;
    QVector<QCPGraphData> smoothed;
    metrics::Ema ema(m_smoothing);
    for (const metrics::CurvePoint& point : points) {
        raw << QCPGraphData(static_cast<double>(point.step), point.value);
        smoothed << QCPGraphData(static_cast<double>(point.step), ema.next(point.value));
    }
    QCPGraph* strong = m_plot->addGraph();
    strong->setPen(QPen(colour, 0));
    strong->setAntialiased(false);
    strong->data()->set(smoothed, true);
    QCPGraph* faint = m_plot->addGraph();
    colour.setAlphaF(0.25F);
    faint->setPen(QPen(colour, 0));
    faint->setAntialiased(false);
    faint->data()->set(raw, true);
    m_plot->rescaleAxes();
}

void PlainPlot::redrawNow() {
    m_plot->replot(QCustomPlot::rpQueuedRefresh);
}

}  // namespace signet::ui
