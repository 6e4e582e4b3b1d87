#include "ui/plot/score_histogram.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/plot/axis_tickers.h"
#include "ui/plot/curve_layers.h"
#include "ui/plot/plot_style.h"

namespace signet::ui {
namespace {

constexpr int kBins = 64;
constexpr double kLeastHeight = 0.02;  ///< of the highest bin
constexpr double kMargin = 0.03;       ///< of the range, at each side

struct Bins {
    std::vector<double> percent = std::vector<double>(kBins, 0.0);
};

Bins binsOf(std::span<const double> scores, double low, double high) {
    Bins bins;
    for (const double score : scores) {
        const int bin = std::clamp(static_cast<int>((score - low) / (high - low) * kBins), 0, kBins - 1);
        bins.percent[static_cast<std::size_t>(bin)] += 100.0 / static_cast<double>(scores.size());
    }
    return bins;
}

/// value with as many decimals as a pixel of this width can tell.
double roundedTo(double value, double pixel) {
    if (!(pixel > 0)) return value;
    const double scale = std::pow(10, std::clamp(std::ceil(-std::log10(pixel)), -300.0, 300.0));
    const double rounded = std::round(value * scale) / scale;
    return rounded == 0 ? 0 : rounded;
}

}  // namespace

struct ScoreHistogram::Impl {
    QCustomPlot* plot = nullptr;
    Bins unsignedBins, signedBins;
    std::size_t unsignedCount = 0, signedCount = 0;
    double low = 0, high = 1;
    std::optional<double> threshold, calibrated;
    Colours colours{QColor(0x0072B2), QColor(0xE69F00)};
    Names names{tr("signed"), tr("unsigned")};
    bool dragging = false;
    double top = 100;

    bool isEmpty() const { return unsignedCount + signedCount == 0; }
    double peak() const {
        double highest = 1;
        for (const Bins* bins : {&unsignedBins, &signedBins})
            highest = std::max(highest, *std::max_element(bins->percent.begin(), bins->percent.end()));
        return highest;
    }
    void addSeries(const Bins& bins, const QColor& colour, bool hatched, const QString& name) {
        const double width = (high - low) / kBins;
        QVector<double> x, y;
        for (int i = 0; i < kBins; ++i) {
            const double share = bins.percent[static_cast<std::size_t>(i)];
            const double height = share > 0 ? std::max(share, kLeastHeight * peak()) : 0;
            x << low + i * width << low + (i + 1) * width;
            y << height << height;
        }
        QCPGraph* graph = plot->addGraph();
        graph->setData(x, y, true);
        graph->setPen(QPen(colour, 1.4));
        QColor fill = colour;
        fill.setAlpha(hatched ? 200 : 90);
        graph->setBrush(QBrush(fill, hatched ? Qt::BDiagPattern : Qt::SolidPattern));
        graph->setName(name);
        graph->setLayer(QLatin1String(kRawLayer));
        graph->setSelectable(QCP::stNone);
    }
};

ScoreHistogram::ScoreHistogram(QWidget* parent)
    : PlotWidget(QStringLiteral("histogramCanvas"), parent), m_impl(std::make_unique<Impl>()) {
    m_impl->plot = canvas();
    m_impl->plot->setCursor(Qt::SplitHCursor);
    setAccessibleName(tr("Histogram of the scores"));
    rebuild();
}

ScoreHistogram::~ScoreHistogram() = default;

void ScoreHistogram::setScores(std::span<const double> signedScores, std::span<const double> unsignedScores) {
    m_impl->signedCount = signedScores.size();
    m_impl->unsignedCount = unsignedScores.size();
    if (!m_impl->isEmpty()) {
        double low = std::numeric_limits<double>::max();
        double high = std::numeric_limits<double>::lowest();
        for (const auto scores : {signedScores, unsignedScores}) {
            if (scores.empty()) continue;
            low = std::min(low, scores.front());
            high = std::max(high, scores.back());
        }
        const double margin = high > low ? kMargin * (high - low) : 1;
        m_impl->low = low - margin;
        m_impl->high = high + margin;
        m_impl->signedBins = binsOf(signedScores, m_impl->low, m_impl->high);
        m_impl->unsignedBins = binsOf(unsignedScores, m_impl->low, m_impl->high);
    }
    rebuild();
}

void ScoreHistogram::setThreshold(std::optional<double> threshold) {
    m_impl->threshold = threshold;
    drawLines();
    m_impl->plot->layer(QLatin1String(kCursorLayer))->replot();
}

void ScoreHistogram::setCalibrated(std::optional<double> threshold) {
    m_impl->calibrated = threshold;
    rebuild();
}

void ScoreHistogram::setColours(const Colours& colours) {
    m_impl->colours = colours;
    rebuild();
}

void ScoreHistogram::setNames(const Names& names) {
    m_impl->names = names;
    rebuild();
}

double ScoreHistogram::pixelAt(double score) const {
    return m_impl->plot->mapTo(this, QPointF(m_impl->plot->xAxis->coordToPixel(score), 0)).x();
}

void ScoreHistogram::rebuild() {
    QCustomPlot* plot = m_impl->plot;
    plot->clearGraphs();
    stylePlot(plot, palette(), font());
    setAxisScale(plot->xAxis, AxisKind::Value, false);
    plot->xAxis->grid()->setVisible(false);
    plot->xAxis->setLabel(tr("score"));
    plot->yAxis->setLabel(tr("scores, %"));
    plot->yAxis->ticker()->setTickCount(4);
    if (!m_impl->isEmpty()) {
        m_impl->addSeries(m_impl->unsignedBins, m_impl->colours.unsignedSeries, false,
                          m_impl->names.negatives);
        m_impl->addSeries(m_impl->signedBins, m_impl->colours.signedSeries, true, m_impl->names.positives);
    }
    m_impl->top = 1.08 * m_impl->peak();
    plot->xAxis->setRange(m_impl->low, m_impl->high);
    plot->yAxis->setRange(0, m_impl->top);
    drawLines();
    wrapLegend(plot, width());
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void ScoreHistogram::drawLines() {
    QCustomPlot* plot = m_impl->plot;
    plot->clearItems();
    const QColor text = palette().color(QPalette::Text);
    const auto line = [&](double x, const QPen& pen) {
        auto* item = new QCPItemLine(plot);
        item->setLayer(QLatin1String(kCursorLayer));
        item->start->setCoords(x, 0);
        item->end->setCoords(x, m_impl->top);
        item->setPen(pen);
    };
    if (!m_impl->isEmpty() && m_impl->calibrated) line(*m_impl->calibrated, QPen(text, 1.2, Qt::DotLine));
    if (!m_impl->isEmpty() && m_impl->threshold) {
        line(*m_impl->threshold, QPen(text, 2));
        auto* grip = new QCPItemText(plot);
        grip->setLayer(QLatin1String(kCursorLayer));
        grip->setText(QStringLiteral("◆"));
        grip->setColor(text);
        grip->setPositionAlignment(Qt::AlignHCenter | Qt::AlignVCenter);
        grip->position->setCoords(*m_impl->threshold, m_impl->top * 0.93);
    }
    QString description = tr("%1 %2 and %3 %4 scores")
                              .arg(QString::number(m_impl->signedCount), m_impl->names.positives,
                                   QString::number(m_impl->unsignedCount), m_impl->names.negatives);
    if (m_impl->threshold) description += tr("; threshold %1").arg(*m_impl->threshold);
    if (m_impl->calibrated)
        description += tr("; the model's calibrated threshold %1").arg(*m_impl->calibrated);
    setAccessibleDescription(description);
}

void ScoreHistogram::dragTo(double pixel) {
    if (m_impl->isEmpty()) return;
    const QCPAxis* axis = m_impl->plot->xAxis;
    const double perPixel = axis->pixelToCoord(pixel + 1) - axis->pixelToCoord(pixel);
    const double inside = std::clamp(axis->pixelToCoord(pixel), m_impl->low, m_impl->high);
    Q_EMIT thresholdDragged(roundedTo(inside, perPixel));
}

std::function<void()> ScoreHistogram::keyAction(const QKeyEvent* event) {
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return {};
    const auto step = [this](int steps) { return [this, steps] { Q_EMIT stepWanted(steps); }; };
    if (event->key() == Qt::Key_Left) return step(-1);
    if (event->key() == Qt::Key_Right) return step(1);
    return {};
}

bool ScoreHistogram::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        m_impl->dragging = mouse->button() == Qt::LeftButton &&
                           m_impl->plot->axisRect()->rect().adjusted(-8, -8, 8, 8).contains(mouse->pos());
        if (m_impl->dragging) dragTo(mouse->position().x());
    } else if (event->type() == QEvent::MouseMove && m_impl->dragging) {
        dragTo(static_cast<QMouseEvent*>(event)->position().x());
    } else if (event->type() == QEvent::MouseButtonRelease) {
        m_impl->dragging = false;
    }
    return PlotWidget::eventFilter(watched, event);
}

}  // namespace signet::ui
