#include "ui/plot/roc_plot.h"

#include <qcustomplot.h>

#include "core/base/file_io.h"
#include "ui/plot/axis_tickers.h"
#include "ui/plot/curve_export.h"
#include "ui/plot/curve_layers.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/roc_plot_impl.h"
#include "ui/plot/series_colours.h"

namespace signet::ui {
namespace {

constexpr double kMargin = 0.02;  ///< beyond 0 and 1, so that a mark on the edge is seen whole
constexpr int kLegendWidth = 150;
constexpr QSize kPaper(560, 480);  // px, 96 an inch
constexpr int kPngScale = 3;

bool isDarkBase(const QPalette& palette) {
    return palette.color(QPalette::Base).lightness() < 128;
}

QCPCurve* addLine(QCustomPlot* plot, std::vector<metrics::RatePoint> points, bool logFpr, double floor,
                  const char* layer) {
    if (logFpr) points = metrics::bentForLogarithm(points, floor);
    QVector<double> x, y;
    for (const metrics::RatePoint& point : points) {
        x << point.fpr;
        y << point.tpr;
    }
    auto* curve = new QCPCurve(plot->xAxis, plot->yAxis);
    curve->setData(x, y);
    curve->setLayer(QLatin1String(layer));
    curve->removeFromLegend();
    curve->setSelectable(QCP::stNone);
    return curve;
}

}  // namespace

RocPlot::RocPlot(QWidget* parent)
    : PlotWidget(QStringLiteral("rocCanvas"), parent), m_impl(std::make_unique<Impl>()) {
    QCustomPlot* plot = canvas();
    plot->setMouseTracking(true);
    plot->setInteractions(QCP::iRangeZoom);
    plot->setNoAntialiasingOnDrag(false);
    m_impl->plot = plot;
    m_impl->message = makeCentredText(plot, QLatin1String(kMarkLayer));
    setAccessibleName(tr("ROC curves"));
    connect(plot, &QCustomPlot::legendClick, this, [this](QCPLegend*, QCPAbstractLegendItem* item) {
        auto* clicked = qobject_cast<QCPPlottableLegendItem*>(item);
        if (!clicked) return;
        const auto found = m_impl->legend.find(clicked->plottable());
        if (found != m_impl->legend.end()) Q_EMIT seriesToggled(found->second);
    });
    connect(plot, &QCustomPlot::mouseWheel, this, [this] { m_impl->zoomed = true; });
    rebuild();
}

RocPlot::~RocPlot() = default;

void RocPlot::setSeries(std::vector<Series> series) {
    m_impl->series = std::move(series);
    rebuild();
}

void RocPlot::setCurrent(quint64 id) {
    if (id == m_impl->current) return;
    m_impl->current = id;
    rebuild();
}

void RocPlot::setOperatingPoint(const std::optional<metrics::OperatingPoint>& point) {
    m_impl->point = point;
    drawOperatingPoint(palette());
    m_impl->plot->layer(QLatin1String(kCursorLayer))->replot();
    describe();
}

void RocPlot::setLogFpr(bool on) {
    m_impl->logFpr = on;
    m_impl->zoomed = false;
    rebuild();
}

bool RocPlot::isLogFpr() const {
    return m_impl->logFpr;
}

void RocPlot::setBandsVisible(bool on) {
    m_impl->bands = on;
    rebuild();
}

bool RocPlot::areBandsVisible() const {
    return m_impl->bands;
}

void RocPlot::showAll() {
    m_impl->zoomed = false;
    showRange();
    m_impl->plot->replot(QCustomPlot::rpQueuedReplot);
}

QPointF RocPlot::pixelAt(metrics::RatePoint rates) const {
    const QPointF inside(m_impl->plot->xAxis->coordToPixel(m_impl->onAxis(rates.fpr)),
                         m_impl->plot->yAxis->coordToPixel(rates.tpr));
    return m_impl->plot->mapTo(this, inside);
}

void RocPlot::showRange() {
    if (m_impl->zoomed) return;
    if (m_impl->logFpr)
        m_impl->plot->xAxis->setRange(m_impl->floor() * 0.9, 1.1);
    else
        m_impl->plot->xAxis->setRange(-kMargin, 1 + kMargin);
    m_impl->plot->yAxis->setRange(-kMargin, 1 + kMargin);
}

void RocPlot::rebuild() {
    build(palette());
    wrapLegend(m_impl->plot, width());
    m_impl->plot->replot(QCustomPlot::rpQueuedReplot);
    describe();
}

void RocPlot::build(const QPalette& palette) {
    QCustomPlot* plot = m_impl->plot;
    m_impl->legend.clear();
    plot->clearPlottables();
    stylePlot(plot, palette, font());
    setAxisScale(plot->xAxis, AxisKind::Value, m_impl->logFpr);
    setAxisScale(plot->yAxis, AxisKind::Value, false);
    plot->xAxis->setLabel(m_impl->logFpr ? tr("False positive rate (left edge: none)")
                                         : tr("False positive rate"));
    plot->yAxis->setLabel(tr("True positive rate"));
    const bool dark = isDarkBase(palette);
    const double floor = m_impl->floor();
    const QColor text = palette.color(QPalette::Text);
    QColor faint = text;
    faint.setAlpha(90);
    QCPCurve* chance = addLine(plot, {{0, 0}, {1, 1}}, m_impl->logFpr, floor, kRawLayer);
    chance->setPen(QPen(faint, 1, Qt::DotLine));
    for (const Series& one : m_impl->series) {
        if (!one.visible || !m_impl->bands) continue;
        std::vector<metrics::RatePoint> edge = one.band->upper;
        QColor colour = seriesColour(one.slot).on(dark);
        auto* upper = addLine(plot, edge, m_impl->logFpr, floor, kRawLayer);
        auto* lower = addLine(plot, one.band->lower, m_impl->logFpr, floor, kRawLayer);
        // one closed outline: along the upper edge, back along the lower one
        QVector<double> x, y;
        for (const auto& point : *upper->data()) {
            x << point.key;
            y << point.value;
        }
        for (auto it = lower->data()->constEnd(); it != lower->data()->constBegin();) {
            --it;
            x << it->key;
            y << it->value;
        }
        lower->setVisible(false);
        upper->setData(x, y);
        colour.setAlpha(110);
        upper->setPen(QPen(colour, 0.6));
        colour.setAlpha(38);
        upper->setBrush(colour);
    }
    for (const Series& one : m_impl->series) {
        const bool isCurrent = one.id == m_impl->current;
        QColor colour = one.visible ? seriesColour(one.slot).on(dark) : faint;
        QCPCurve* line = addLine(plot,
                                 one.visible ? metrics::ratesOf(metrics::thinned(one.roc->points))
                                             : std::vector<metrics::RatePoint>(),
                                 m_impl->logFpr, floor, kSmoothedLayer);
        line->setPen(QPen(colour, isCurrent ? 2.4 : 1.6, seriesPenStyle(one.slot)));
        line->setName(fontMetrics().elidedText(one.name, Qt::ElideMiddle, kLegendWidth));
        line->addToLegend();
        m_impl->legend[line] = one.id;
    }
    const bool anything =
        std::any_of(m_impl->series.begin(), m_impl->series.end(), [](const Series& s) { return s.visible; });
    m_impl->message->setVisible(!anything && !m_impl->series.empty());
    m_impl->message->setText(tr("All curves are hidden. Click one in the legend to show it."));
    m_impl->message->setColor(text);
    showRange();
    drawOperatingPoint(palette);
}

void RocPlot::drawOperatingPoint(const QPalette& palette) {
    QCustomPlot* plot = m_impl->plot;
    for (int i = plot->itemCount() - 1; i >= 0; --i)
        if (plot->item(i) != m_impl->message) plot->removeItem(plot->item(i));
    const Series* current = m_impl->find(m_impl->current);
    if (!current || !current->visible || !m_impl->point) return;
    const metrics::OperatingPoint& at = *m_impl->point;
    const QColor text = palette.color(QPalette::Text);
    const double x = m_impl->onAxis(at.point.fpr);
    const auto bar = [&](double x1, double y1, double x2, double y2) {
        auto* line = new QCPItemLine(plot);
        line->setLayer(QLatin1String(kCursorLayer));
        line->start->setCoords(x1, y1);
        line->end->setCoords(x2, y2);
        line->setPen(QPen(text, 1.4));
        line->setHead(QCPLineEnding(QCPLineEnding::esBar, 7));
        line->setTail(QCPLineEnding(QCPLineEnding::esBar, 7));
    };
    bar(m_impl->onAxis(at.fprCi95.lower), at.point.tpr, m_impl->onAxis(at.fprCi95.upper), at.point.tpr);
    bar(x, at.tprCi95.lower, x, at.tprCi95.upper);
    auto* dot = new QCPItemEllipse(plot);
    dot->setLayer(QLatin1String(kCursorLayer));
    dot->setPen(QPen(text, 1.6));
    dot->setBrush(seriesColour(current->slot).on(isDarkBase(palette)));
    auto* centre = new QCPItemTracer(plot);  // the dot keeps its size in pixels about this place
    centre->setStyle(QCPItemTracer::tsNone);
    centre->setLayer(QLatin1String(kCursorLayer));
    centre->position->setCoords(x, at.point.tpr);
    for (QCPItemPosition* corner : {dot->topLeft, dot->bottomRight}) {
        corner->setType(QCPItemPosition::ptAbsolute);
        corner->setParentAnchor(centre->position);
    }
    dot->topLeft->setCoords(-5.5, -5.5);
    dot->bottomRight->setCoords(5.5, 5.5);
}

void RocPlot::describe() {
    QStringList parts;
    for (const Series& one : m_impl->series) {
        QString part = tr("%1: AUC %2").arg(one.name).arg(one.roc->auc, 0, 'f', 4);
        if (!one.visible) part += tr(", hidden");
        if (one.id == m_impl->current && m_impl->point)
            part += tr(", operating point at false positive rate %1, true positive rate %2")
                        .arg(m_impl->point->point.fpr, 0, 'g', 3)
                        .arg(m_impl->point->point.tpr, 0, 'g', 4);
        parts << part;
    }
    setAccessibleDescription(parts.join(QStringLiteral("; ")));
}

RocPlot::ExportJob RocPlot::prepareExport(Format format) {
    build(paperPalette());
    wrapLegend(m_impl->plot, kPaper.width());
    const QPicture drawing = recordPlot(m_impl->plot, kPaper);
    rebuild();
    const QString title = accessibleName();
    return [drawing, title, format](const std::filesystem::path& path) {
        const QByteArray bytes =
            format == Format::Png ? drawPng(drawing, kPaper, kPngScale) : drawPdf(drawing, kPaper, title);
        writeFileAtomically(path, std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
    };
}

}  // namespace signet::ui
