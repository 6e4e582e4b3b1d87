#include "ui/plot/curve_graphs.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/plot/curve_layers.h"

namespace signet::ui {
namespace {

constexpr double kRawOpacity = 0.25;
constexpr double kDotOpacity = 0.5;
constexpr double kLabelOpacity = 0.6;
constexpr int kLegendWidth = 320;  ///< px of a name: what tells runs apart stands at its end
constexpr double kRawWidth = 1.1;  // QCustomPlot makes exactly 1 a hair line, whatever the scale of an export
constexpr double kSmoothedWidth = 1.6;
constexpr double kHandleWidth = 2;
constexpr std::size_t kFewPoints = 64;  // up to here each point gets a dot
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A different shape for each series, so that a best mark is not known by its colour alone.
QCPScatterStyle::ScatterShape markShape(int place) {
    constexpr QCPScatterStyle::ScatterShape kShapes[] = {
        QCPScatterStyle::ssCircle,           QCPScatterStyle::ssSquare,      QCPScatterStyle::ssDiamond,
        QCPScatterStyle::ssTriangle,         QCPScatterStyle::ssStar,        QCPScatterStyle::ssPlusCircle,
        QCPScatterStyle::ssTriangleInverted, QCPScatterStyle::ssCrossSquare,
    };
    return kShapes[static_cast<std::size_t>(place) % std::size(kShapes)];
}

QColor faded(QColor colour, double opacity) {
    colour.setAlphaF(static_cast<float>(opacity));
    return colour;
}

}  // namespace

bool leftEdgeShows(const metrics::CurvePoints& points, metrics::CurveAxis axis, double lower) {
    const std::size_t positive = points.firstAfter(axis, 0);
    return positive > 0 && (positive == points.size() || points.x(axis, positive) >= lower);
}

CurveGraphs::CurveGraphs(QCustomPlot* plot, QString name, const SeriesColour& colour, int place)
    : m_plot(plot), m_name(std::move(name)), m_colour(colour), m_place(place) {
    const auto add = [plot](const char* layer) {
        QCPGraph* graph = plot->addGraph();
        graph->setLayer(QLatin1String(layer));
        graph->setAdaptiveSampling(false);  // thinned already, with every extremum
        graph->setSelectable(QCP::stNone);
        return graph;
    };
    m_raw = add(kRawLayer);
    m_smoothed = add(kSmoothedLayer);
    m_dots = add(kRawLayer);
    m_floor = add(kMarkLayer);
    m_bestMark = add(kMarkLayer);
    m_handle = add(kMarkLayer);
    for (QCPGraph* graph : {m_raw, m_smoothed, m_dots, m_floor, m_bestMark}) graph->removeFromLegend();
    for (QCPGraph* graph : {m_dots, m_floor, m_bestMark}) graph->setLineStyle(QCPGraph::lsNone);
    m_dots->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 4));
    m_floor->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, 7));
    m_bestLabel = new QCPItemText(plot);
    m_bestLabel->setLayer(QLatin1String(kLabelLayer));
    m_bestLabel->setVisible(false);
    m_handle->setName(m_plot->fontMetrics().elidedText(m_name, Qt::ElideMiddle, kLegendWidth));
}

CurveGraphs::~CurveGraphs() {
    for (QCPGraph* graph : {m_raw, m_smoothed, m_dots, m_floor, m_bestMark, m_handle})
        m_plot->removeGraph(graph);
    m_plot->removeItem(m_bestLabel);
}

void CurveGraphs::forgetView() {
    m_percentiles = {};
    m_drawnRaw.clear();
    m_drawnSmoothed.clear();
}

void CurveGraphs::setVisible(bool visible) {
    m_visible = visible;
    for (QCPGraph* graph : {m_raw, m_smoothed, m_dots, m_floor, m_bestMark}) graph->setVisible(visible);
    if (!visible) m_bestLabel->setVisible(false);
}

std::optional<std::size_t> CurveGraphs::bestIndex() const {
    if (!m_best) return std::nullopt;
    const auto index = m_curve.indexAtStep(*m_best);
    if (!index || !std::isfinite(m_curve.raw(*index))) return std::nullopt;
    return index;
}

void CurveGraphs::restyle(bool dark, const QColor& text) {
    const QColor& colour = m_colour.on(dark);
    const bool smooths = m_curve.smoothing() > 0;
    m_raw->setPen(QPen(faded(colour, smooths ? kRawOpacity : 1), kRawWidth));
    m_smoothed->setPen(QPen(colour, kSmoothedWidth));
    m_dots->setPen(QPen(faded(colour, smooths ? kDotOpacity : 1)));
    m_floor->setPen(QPen(colour, 1.2));
    // an outline in the text colour stands out from a band of the curve's own colour
    m_bestMark->setScatterStyle(QCPScatterStyle(markShape(m_place), QPen(text, 1.2), colour, 10));
    m_handle->setPen(QPen(colour, kHandleWidth));
    m_handle->setScatterStyle(QCPScatterStyle(markShape(m_place), QPen(text, 1), colour, 7));
    m_bestLabel->setColor(text);
    m_bestLabel->setBrush(faded(dark ? Qt::black : Qt::white, kLabelOpacity));
    QFont small = m_plot->font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    m_bestLabel->setFont(small);
    QCPPlottableLegendItem* item = m_plot->legend->itemWithPlottable(m_handle);
    if (!item) return;
    small.setStrikeOut(!m_visible);
    item->setFont(small);
    item->setTextColor(m_visible ? text : faded(text, 0.55));
}

double CurveGraphs::xOf(std::size_t index) const {
    const double x = m_curve.points().x(m_drawing.axis, index);
    return m_drawing.logX && x <= 0 ? m_drawing.xFloor : x;
}

double CurveGraphs::yOf(double value) const {
    if (!std::isfinite(value)) return kNaN;
    return m_drawing.logY && value <= 0 ? m_drawing.yFloor : value;
}

CurveGraphs::VerticalTravel CurveGraphs::draw(const CurveDrawing& drawing) {
    m_drawing = drawing;
    if (!m_visible) return {};
    if (drawing.logX && leftEdgeShows(m_curve.points(), drawing.axis, drawing.edges.front()))
        m_drawing.edges.front() = -1;  // into the first column with them
    m_drawnRaw = m_curve.thin(metrics::CurveLine::Raw, m_drawing.axis, m_drawing.edges);
    m_drawnSmoothed.clear();
    if (m_curve.smoothing() > 0)
        m_drawnSmoothed = m_curve.thin(metrics::CurveLine::Smoothed, m_drawing.axis, m_drawing.edges);
    const VerticalTravel travel{drawLine(m_raw, metrics::CurveLine::Raw, m_drawnRaw),
                                drawLine(m_smoothed, metrics::CurveLine::Smoothed, m_drawnSmoothed)};
    drawDots();
    QVector<double> xs;
    if (m_drawing.logY)
        for (const std::uint32_t index : m_curve.thinNonPositive(m_drawing.axis, m_drawing.edges))
            xs << xOf(index);
    m_floor->setData(xs, QVector<double>(xs.size(), m_drawing.yFloor), true);
    drawBest();
    return travel;
}

double CurveGraphs::drawLine(QCPGraph* graph, metrics::CurveLine line,
                             const std::vector<std::uint32_t>& indices) {
    const bool raw = line == metrics::CurveLine::Raw;
    QVector<QCPGraphData> data;
    data.reserve(static_cast<int>(indices.size()));
    double travel = 0;  // px
    double before = kNaN;
    for (const std::uint32_t i : indices) {
        const double y = yOf(raw ? m_curve.raw(i) : m_curve.smoothed(i));
        data << QCPGraphData(xOf(i), y);
        const double pixel = m_plot->yAxis->coordToPixel(y);
        if (std::isfinite(pixel - before)) travel += std::abs(pixel - before);
        before = pixel;
    }
    graph->data()->set(data, true);
    return travel;
}

void CurveGraphs::setFine(bool raw, bool smoothed) {
    const auto set = [](QCPGraph* graph, bool fine, double width) {
        QPen pen = graph->pen();
        pen.setWidthF(fine ? width : 0);
        graph->setPen(pen);
        graph->setAntialiased(fine);
    };
    set(m_raw, raw, kRawWidth);
    set(m_smoothed, smoothed, kSmoothedWidth);
}

void CurveGraphs::drawDots() {
    const bool few = m_drawnRaw.size() <= kFewPoints;
    QVector<double> xs;
    QVector<double> ys;
    const auto isGap = [this](std::size_t at) {
        return at >= m_drawnRaw.size() || !std::isfinite(m_curve.raw(m_drawnRaw[at]));
    };
    for (std::size_t at = 0; at < m_drawnRaw.size(); ++at) {
        if (isGap(at) || !(few || (isGap(at - 1) && isGap(at + 1)))) continue;  // at - 1 wraps to a gap
        xs << xOf(m_drawnRaw[at]);
        ys << yOf(m_curve.raw(m_drawnRaw[at]));
    }
    m_dots->setData(xs, ys, true);
}

void CurveGraphs::drawBest() {
    const auto best = bestIndex();
    m_bestLabel->setVisible(best && m_drawing.bestLabels);
    if (!best) {
        m_bestMark->data()->clear();
        return;
    }
    const double x = xOf(*best);
    const double y = yOf(m_curve.raw(*best));
    m_bestMark->setData(QVector<double>{x}, QVector<double>{y}, true);
    m_bestLabel->setText(QObject::tr("best %1").arg(m_curve.raw(*best), 0, 'g', 4));
    // beside the mark, on the side with more room
    const QRect axes = m_plot->axisRect()->rect();
    const QPointF at(m_plot->xAxis->coordToPixel(x), m_plot->yAxis->coordToPixel(y));
    const bool left = at.x() > axes.center().x();
    m_bestLabel->setPositionAlignment(Qt::AlignVCenter | (left ? Qt::AlignRight : Qt::AlignLeft));
    m_bestLabel->setPadding(QMargins(left ? 2 : 8, 0, left ? 8 : 2, 0));
    m_bestLabel->position->setCoords(x, y);
}

std::optional<metrics::ValueRange> CurveGraphs::percentiles(std::size_t first, std::size_t last) {
    const std::size_t known = m_percentiles.last - m_percentiles.first;
    if (!m_percentiles.range || first != m_percentiles.first || last < m_percentiles.last ||
        last - m_percentiles.last > known / 100) {
        m_percentiles = {first, last, m_curve.points().percentileRange(first, last, 1, 99)};
    }
    return m_percentiles.range;
}

CurveGraphs::Hit CurveGraphs::hit(std::size_t index, double value) const {
    return {index, QPointF(xOf(index), yOf(value)), 0};
}

std::optional<CurveGraphs::Hit> CurveGraphs::nearest(const QPointF& pixel) const {
    std::optional<Hit> best;
    const auto look = [&](std::size_t index, double value) {
        if (!std::isfinite(value)) return;
        Hit found = hit(index, value);
        found.distance = std::hypot(m_plot->xAxis->coordToPixel(found.at.x()) - pixel.x(),
                                    m_plot->yAxis->coordToPixel(found.at.y()) - pixel.y());
        if (!best || found.distance < best->distance) best = found;
    };
    if (!m_visible) return best;
    for (const std::uint32_t index : m_drawnRaw) look(index, m_curve.raw(index));
    for (const std::uint32_t index : m_drawnSmoothed) look(index, m_curve.smoothed(index));
    return best;
}

std::optional<CurveGraphs::Hit> CurveGraphs::neighbour(std::size_t index, int forward) const {
    if (m_drawnRaw.empty()) return std::nullopt;
    const auto at = std::lower_bound(m_drawnRaw.begin(), m_drawnRaw.end(), index) - m_drawnRaw.begin();
    const auto last = static_cast<std::ptrdiff_t>(m_drawnRaw.size()) - 1;
    const auto to = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + forward, 0, last));
    return hit(m_drawnRaw[to], m_curve.raw(m_drawnRaw[to]));
}

}  // namespace signet::ui
