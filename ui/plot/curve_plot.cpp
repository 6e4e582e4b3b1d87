#include "ui/plot/curve_plot.h"

#include <qcustomplot.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "ui/plot/curve_layers.h"
#include "ui/plot/curve_plot_impl.h"
#include "ui/plot/plot_style.h"

namespace signet::ui {
namespace {

constexpr int kRedrawIntervalMs = 100;
constexpr int kBreathMs = 10;                 // between the redraws of two plots
constexpr std::size_t kSmoothSlice = 200000;  // points between two looks at other events: under 10 ms
constexpr int kMinColumns = 16;
constexpr int kMaxColumns = 8192;
constexpr std::size_t kMaxBestLabels = 4;
// px all lines of a kind may go up and down and still be drawn finely: together under 15 ms on the screen.
// Where steep strokes stand side by side, width and antialiasing show little and cost ten times as much.
constexpr double kFineRaw = 10000;
constexpr double kFineSmoothed = 30000;

}  // namespace

CurvePlot::CurvePlot(QWidget* parent)
    : PlotWidget(QStringLiteral("curveCanvas"), parent), m_impl(std::make_unique<Impl>(canvas())) {
    QCustomPlot* plot = canvas();
    m_impl->message = makeCentredText(plot, QLatin1String(kMarkLayer));
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->setMouseTracking(true);

    m_impl->notes = new QLabel(this);
    m_impl->notes->setObjectName(QStringLiteral("curveNotes"));
    m_impl->notes->setProperty("role", "note");
    m_impl->readoutLabel = new QLabel(this);
    m_impl->readoutLabel->setObjectName(QStringLiteral("curveReadout"));
    for (QLabel* label : {m_impl->notes, m_impl->readoutLabel}) label->setTextFormat(Qt::PlainText);
    m_impl->readoutLabel->setMinimumWidth(1);  // a long one never widens the plot
    auto* status = new QHBoxLayout;
    status->setContentsMargins(8, 0, 8, 2);
    status->setSpacing(8);
    status->addWidget(m_impl->readoutLabel, 1);
    status->addWidget(m_impl->notes);
    column()->addLayout(status);

    m_impl->redrawTimer.setSingleShot(true);
    connect(&m_impl->redrawTimer, &QTimer::timeout, this, &CurvePlot::redraw);
    connect(&m_impl->smoothTimer, &QTimer::timeout, this, &CurvePlot::smoothSlice);
    connect(plot, &QCustomPlot::beforeReplot, this, [this] {
        const double width = m_impl->plot->width() * devicePixelRatioF();  // a little more than the axes
        prepareDraw(static_cast<int>(std::clamp<double>(width, kMinColumns, kMaxColumns)), 1);
    });
    connect(plot, &QCustomPlot::afterReplot, this, [this] {
        m_impl->sinceRedraw.start();
        updateTexts();
    });
    connect(plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        const bool rectangle = event->modifiers() & Qt::ShiftModifier;
        m_impl->plot->setSelectionRectMode(rectangle ? QCP::srmZoom : QCP::srmNone);
    });
    connect(plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (event->buttons() != Qt::NoButton) return;
        readOff([&] { m_impl->readout.moveTo(event->position()); });
    });
    connect(plot, &QCustomPlot::mouseDoubleClick, this, [this](QMouseEvent* event) {
        if (m_impl->plot->legend->selectTest(event->pos(), false) < 0) fit();
    });
    connect(plot, &QCustomPlot::legendClick, this, [this](QCPLegend*, QCPAbstractLegendItem* item) {
        auto* clicked = qobject_cast<QCPPlottableLegendItem*>(item);
        for (const auto& [id, graphs] : m_impl->curves) {
            if (!clicked || graphs->handle() != clicked->plottable()) continue;
            setCurveVisible(id, !graphs->isVisible());
            return;
        }
    });
    setAccessibleName(tr("Curves"));
    restyle();
}

CurvePlot::~CurvePlot() = default;

int CurvePlot::addCurve(const QString& name, const SeriesColour& colour) {
    const int id = m_impl->nextId++;
    int place = 0;
    while (m_impl->isPlaceTaken(place)) ++place;
    auto graphs = std::make_unique<CurveGraphs>(m_impl->plot, name, colour, place);
    graphs->curve().setSmoothing(m_impl->smoothing);
    m_impl->curves.emplace(id, std::move(graphs));
    restyle();
    return id;
}

void CurvePlot::clear() {
    m_impl->readout.clear();
    m_impl->curves.clear();
    m_impl->readout.setCurves({});
    fit();
    restyle();
}

int CurvePlot::curveCount() const {
    return static_cast<int>(m_impl->curves.size());
}

void CurvePlot::append(int id, std::span<const Point> points) {
    CurveGraphs* graphs = m_impl->find(id);
    if (!graphs || points.empty()) return;
    if (graphs->curve().append(points) > 0) graphs->forgetView();
    schedule();
}

void CurvePlot::truncateAfter(int id, std::uint64_t step) {
    CurveGraphs* graphs = m_impl->find(id);
    if (!graphs) return;
    graphs->curve().truncateAfter(step);
    graphs->forgetView();
    schedule();
}

std::size_t CurvePlot::pointCount(int id) const {
    const CurveGraphs* graphs = m_impl->find(id);
    return graphs ? graphs->curve().size() : 0;
}

void CurvePlot::setCurveVisible(int id, bool visible) {
    CurveGraphs* graphs = m_impl->find(id);
    if (!graphs || graphs->isVisible() == visible) return;
    graphs->setVisible(visible);
    restyle();
    Q_EMIT curveToggled(id, visible);
}

bool CurvePlot::isCurveVisible(int id) const {
    const CurveGraphs* graphs = m_impl->find(id);
    return graphs && graphs->isVisible();
}

void CurvePlot::setBest(int id, std::optional<std::uint64_t> step) {
    if (CurveGraphs* graphs = m_impl->find(id)) graphs->setBest(step);
    schedule();
}

void CurvePlot::setSmoothing(double smoothing) {
    if (!(smoothing >= 0 && smoothing <= metrics::kMaxSmoothing))
        throw Error(ErrorCode::BadOption, "the smoothing must be between 0 and 0.99");
    m_impl->smoothing = smoothing;
    smoothSlice();
}

double CurvePlot::smoothing() const {
    return m_impl->smoothing;
}

bool CurvePlot::isSmoothing() const {
    return m_impl->smoothTimer.isActive();
}

void CurvePlot::smoothSlice() {
    // A change while slices are under way waits for the last of them: a slider that is dragged on and on
    // would otherwise never let a curve be seen.
    if (!m_impl->isBehind()) {
        bool changed = false;
        for (const auto& [id, graphs] : m_impl->curves) {
            if (graphs->curve().smoothing() == m_impl->smoothing) continue;
            graphs->curve().setSmoothing(m_impl->smoothing);
            graphs->forgetView();
            changed = true;
        }
        if (changed) restyle();
    }
    std::size_t left = kSmoothSlice;
    for (const auto& [id, graphs] : m_impl->curves) {
        const std::size_t before = graphs->curve().smoothedSize();
        graphs->curve().smoothSome(left);
        left -= graphs->curve().smoothedSize() - before;
    }
    if (m_impl->isBehind() || m_impl->isOutdated()) {
        if (!isSmoothing()) m_impl->smoothTimer.start(0);
        return;
    }
    m_impl->smoothTimer.stop();
    schedule();
}

void CurvePlot::setXAxis(Axis axis) {
    m_impl->view.setAxis(axis);
    schedule();
}

CurvePlot::Axis CurvePlot::xAxis() const {
    return m_impl->view.axis();
}

void CurvePlot::setLogX(bool on) {
    m_impl->view.setLogX(on);
    schedule();
}

void CurvePlot::setLogY(bool on) {
    m_impl->view.setLogY(on);
    schedule();
}

bool CurvePlot::isLogX() const {
    return m_impl->view.logX();
}

bool CurvePlot::isLogY() const {
    return m_impl->view.logY();
}

void CurvePlot::setPercentileRange(bool on) {
    m_impl->view.setPercentileRange(on);
    schedule();
}

bool CurvePlot::isPercentileRange() const {
    return m_impl->view.percentileRange();
}

void CurvePlot::setYLabel(const QString& label) {
    m_impl->plot->yAxis->setLabel(label);
    setAccessibleName(tr("Curves of %1").arg(label));
    schedule();
}

void CurvePlot::fit() {
    m_impl->view.fit();
    schedule();
}

bool CurvePlot::isFollowing() const {
    return m_impl->view.isFollowing();
}

CurvePlot::Range CurvePlot::xRange() const {
    const QCPRange range = m_impl->plot->xAxis->range();
    return {range.lower, range.upper};
}

CurvePlot::Range CurvePlot::yRange() const {
    const QCPRange range = m_impl->plot->yAxis->range();
    return {range.lower, range.upper};
}

QPointF CurvePlot::pixelAt(double x, double y) const {
    const QPointF inPlot(m_impl->plot->xAxis->coordToPixel(x), m_impl->plot->yAxis->coordToPixel(y));
    return inPlot + m_impl->plot->pos();
}

QString CurvePlot::notes() const {
    return m_impl->notes->text();
}

QString CurvePlot::readout() const {
    return m_impl->readout.text();
}

void CurvePlot::schedule() {
    if (!isVisible() || m_impl->redrawTimer.isActive()) return;  // shown later: showEvent asks again
    const qint64 elapsed = m_impl->sinceRedraw.isValid() ? m_impl->sinceRedraw.elapsed() : kRedrawIntervalMs;
    m_impl->redrawTimer.start(static_cast<int>(std::max<qint64>(0, kRedrawIntervalMs - elapsed)));
}

void CurvePlot::redraw() {
    if (isSmoothing()) return;  // its end asks again
    // Several plots that get their points together would draw one after another without a look at events.
    static QElapsedTimer sinceAnyRedraw;
    const qint64 elapsed = sinceAnyRedraw.isValid() ? sinceAnyRedraw.elapsed() : kBreathMs;
    if (elapsed < kBreathMs) {
        m_impl->redrawTimer.start(static_cast<int>(kBreathMs - elapsed));
        return;
    }
    m_impl->plot->replot(QCustomPlot::rpQueuedRefresh);
    sinceAnyRedraw.start();
}

void CurvePlot::redrawNow() {
    while (m_impl->isBehind() || m_impl->isOutdated()) smoothSlice();
    m_impl->redrawTimer.stop();
    m_impl->plot->replot(QCustomPlot::rpQueuedRefresh);
}

void CurvePlot::restyle() {
    const QPalette colours = palette();
    m_impl->dark = colours.color(QPalette::Base).lightness() < 128;
    stylePlot(m_impl->plot, colours, font());
    m_impl->message->setColor(colours.color(QPalette::PlaceholderText));
    for (const auto& [id, graphs] : m_impl->curves)
        graphs->restyle(m_impl->dark, colours.color(QPalette::Text));
    wrapLegend(m_impl->plot, width());
    schedule();
}

void CurvePlot::prepareDraw(int columns, double fineness) {
    const std::vector<CurveGraphs*> shown = m_impl->visible();
    m_impl->view.updateRanges(shown);
    CurveDrawing drawing = m_impl->view.drawing(columns);
    drawing.bestLabels = shown.size() <= kMaxBestLabels;
    CurveGraphs::VerticalTravel travel;
    for (CurveGraphs* graphs : shown) {
        const CurveGraphs::VerticalTravel own = graphs->draw(drawing);
        travel.raw += own.raw;
        travel.smoothed += own.smoothed;
    }
    for (CurveGraphs* graphs : shown)
        graphs->setFine(travel.raw <= fineness * kFineRaw, travel.smoothed <= fineness * kFineSmoothed);
    const bool anyPoint = std::any_of(shown.begin(), shown.end(),
                                      [](const CurveGraphs* graphs) { return graphs->curve().size() > 0; });
    m_impl->message->setVisible(!anyPoint);
    m_impl->plot->xAxis->setTickLabels(anyPoint);
    m_impl->plot->yAxis->setTickLabels(anyPoint);
    m_impl->message->setText(shown.empty() && curveCount() > 0
                                 ? tr("All curves are hidden. Click one in the legend to show it.")
                                 : tr("No points yet"));
    m_impl->readout.setCurves(shown);
    m_impl->readout.refresh(m_impl->dark);
}

void CurvePlot::updateTexts() {
    const CurveView::UnusualPoints found = m_impl->view.unusualPoints(m_impl->visible());
    QStringList notes;
    if (found.onFloor > 0) notes << tr("%1 ≤ 0 on the floor").arg(found.onFloor);
    if (found.onLeftEdge > 0) notes << tr("%1 at ≤ 0 on the left edge").arg(found.onLeftEdge);
    if (found.notFinite > 0) notes << tr("%1 not finite").arg(found.notFinite);
    m_impl->notes->setText(notes.join(QStringLiteral(" · ")));
    m_impl->notes->setToolTip(
        notes.isEmpty() ? QString() : tr("Points in the visible range that have no place on the axes"));
    QStringList parts;
    for (const auto& [id, graphs] : m_impl->curves) {
        const metrics::Curve& curve = graphs->curve();
        QString part = tr("%1: %2 points").arg(graphs->name()).arg(curve.size());
        if (!graphs->isVisible()) part += tr(", hidden");
        if (curve.size() > 0) part += tr(", latest %1").arg(curve.raw(curve.size() - 1), 0, 'g', 4);
        if (const auto best = graphs->bestIndex())
            part += tr(", best %1 at step %2")
                        .arg(curve.raw(*best), 0, 'g', 4)
                        .arg(curve.points().point(*best).step);
        parts << part;
    }
    setAccessibleDescription((parts + notes).join(QStringLiteral("; ")));
    updateReadout();
    if (isFollowing() == m_impl->wasFollowing) return;
    m_impl->wasFollowing = isFollowing();
    Q_EMIT followingChanged(m_impl->wasFollowing);
}

void CurvePlot::updateReadout() {
    m_impl->readoutLabel->setText(readout());
}

void CurvePlot::readOff(const std::function<void()>& move) {
    move();
    m_impl->plot->layer(QLatin1String(kCursorLayer))->replot();
    updateReadout();
}

}  // namespace signet::ui
