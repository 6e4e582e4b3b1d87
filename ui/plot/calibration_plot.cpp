#include "ui/plot/calibration_plot.h"

#include <qcustomplot.h>

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/plot/axis_tickers.h"

namespace signet::ui {
namespace {

constexpr int kBins = 48;

struct Range {
    double low = -1;
    double high = 1;
};

Range rangeOf(const CalibrationPlot::Data& data, std::optional<double> score) {
    double low = std::min(data.lowerThreshold, data.threshold);
    double high = std::max(data.lowerThreshold, data.threshold);
    for (const auto* scores : {&data.unsignedScores, &data.signedScores}) {
        for (const float value : *scores) {
            if (!std::isfinite(value)) continue;
            low = std::min(low, static_cast<double>(value));
            high = std::max(high, static_cast<double>(value));
        }
    }
    if (score && std::isfinite(*score)) {
        low = std::min(low, *score);
        high = std::max(high, *score);
    }
    const double margin = std::max(0.5, 0.03 * (high - low));
    return {low - margin, high + margin};
}

/// Per cent of the scores in each bin.
std::vector<double> histogram(const std::vector<float>& scores, const Range& range) {
    std::vector<double> share(kBins, 0.0);
    if (scores.empty()) return share;
    for (const float value : scores) {
        if (!std::isfinite(value)) continue;
        const double position = (value - range.low) / (range.high - range.low) * kBins;
        const int bin = std::clamp(static_cast<int>(position), 0, kBins - 1);
        share[static_cast<std::size_t>(bin)] += 100.0 / static_cast<double>(scores.size());
    }
    return share;
}

}  // namespace

struct CalibrationPlot::Impl {
    QCustomPlot* plot = nullptr;
    Data data;
    std::optional<double> score;
    Colours colours{QColor(0x0072B2), QColor(0xE69F00), QColor(0x1A1E23)};

    void addSeries(const std::vector<float>& scores, const Range& range, const QColor& colour, bool hatched,
                   const QString& name, double* peak) {
        const std::vector<double> share = histogram(scores, range);
        const double width = (range.high - range.low) / kBins;
        QVector<double> xs;
        QVector<double> ys;
        for (int i = 0; i < kBins; ++i) {
            xs << range.low + i * width << range.low + (i + 1) * width;
            ys << share[static_cast<std::size_t>(i)] << share[static_cast<std::size_t>(i)];
            *peak = std::max(*peak, share[static_cast<std::size_t>(i)]);
        }
        QCPGraph* graph = plot->addGraph();
        graph->setData(xs, ys, true);
        graph->setPen(QPen(colour, 1.4));
        QColor fill = colour;
        fill.setAlpha(hatched ? 200 : 90);
        graph->setBrush(QBrush(fill, hatched ? Qt::BDiagPattern : Qt::SolidPattern));
        graph->setName(name);
    }

    void addLine(double x, double top, const QPen& pen, const QString& name) {
        QCPGraph* graph = plot->addGraph();
        graph->setData(QVector<double>{x, x}, QVector<double>{0, top}, true);
        graph->setPen(pen);
        graph->setName(name);
    }
};

CalibrationPlot::CalibrationPlot(QWidget* parent) : QWidget(parent), m_impl(std::make_unique<Impl>()) {
    m_impl->plot = new QCustomPlot(this);
    m_impl->plot->setObjectName(QStringLiteral("calibrationCanvas"));
    m_impl->plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_impl->plot->setMinimumSize(10, 10);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_impl->plot);
    setMinimumHeight(130);
    rebuild();
}

CalibrationPlot::~CalibrationPlot() = default;

void CalibrationPlot::setData(const Data& data) {
    m_impl->data = data;
    rebuild();
}

void CalibrationPlot::setScore(std::optional<double> score) {
    m_impl->score = score;
    rebuild();
}

void CalibrationPlot::setColours(const Colours& colours) {
    m_impl->colours = colours;
    rebuild();
}

void CalibrationPlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) rebuild();
}

void CalibrationPlot::rebuild() {
    QCustomPlot* plot = m_impl->plot;
    plot->clearGraphs();
    plot->clearItems();
    const QColor text = palette().color(QPalette::Text);
    QColor faint = text;
    faint.setAlpha(90);
    QFont small = font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    plot->setBackground(palette().brush(QPalette::Base));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->setTickLabelColor(text);
        axis->setLabelColor(text);
        axis->setBasePen(QPen(faint));
        axis->setTickPen(QPen(faint));
        axis->setSubTickPen(Qt::NoPen);
        axis->grid()->setVisible(false);
        setAxisScale(axis, AxisKind::Value, false);
        axis->ticker()->setTickCount(5);
        axis->setLabelPadding(2);
    }
    plot->xAxis->setLabel(tr("score, %1").arg(m_impl->data.unit));
    plot->yAxis->setLabel(tr("scores, %"));

    const Range range = rangeOf(m_impl->data, m_impl->score);
    double peak = 1;
    const Data& data = m_impl->data;
    m_impl->addSeries(data.unsignedScores, range, m_impl->colours.unsignedSeries, false, data.negatives,
                      &peak);
    m_impl->addSeries(data.signedScores, range, m_impl->colours.signedSeries, true, data.positives, &peak);
    const double top = 1.08 * peak;
    m_impl->addLine(m_impl->data.threshold, top, QPen(text, 1.2, Qt::DashLine), tr("threshold"));
    if (m_impl->data.lowerThreshold < m_impl->data.threshold) {
        m_impl->addLine(m_impl->data.lowerThreshold, top, QPen(text, 1.2, Qt::DotLine), tr("inconclusive"));
    }
    if (m_impl->score && std::isfinite(*m_impl->score)) {
        m_impl->addLine(*m_impl->score, top, QPen(m_impl->colours.marker, 2.4), tr("this image"));
        auto* head = new QCPItemText(plot);
        head->setText(QStringLiteral("▼"));
        head->setColor(m_impl->colours.marker);
        head->setFont(small);
        head->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
        head->position->setCoords(*m_impl->score, top);
    }
    plot->xAxis->setRange(range.low, range.high);
    plot->yAxis->setRange(0, top);
    plot->legend->setVisible(true);
    plot->legend->setFont(small);
    plot->legend->setTextColor(text);
    QColor backdrop = palette().color(QPalette::Base);
    backdrop.setAlpha(0);
    plot->legend->setBrush(backdrop);
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setRowSpacing(0);
    plot->legend->setIconSize(16, 8);
    plot->legend->setIconTextPadding(4);
    plot->legend->setColumnSpacing(4);
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setWrap(3);
    if (plot->plotLayout()->rowCount() < 2) {
        plot->plotLayout()->insertRow(0);
        plot->plotLayout()->addElement(0, 0, plot->legend);
        plot->plotLayout()->setRowStretchFactor(0, 0.001);
        plot->plotLayout()->setRowSpacing(0);
    }
    plot->legend->setMargins(QMargins(2, 0, 2, 0));
    plot->replot(QCustomPlot::rpQueuedReplot);
    describe();
}

void CalibrationPlot::describe() {
    const Data& data = m_impl->data;
    QString description = tr("Calibration histogram of %1 %2 and %3 %4 scores; threshold %5 %6")
                              .arg(QString::number(data.unsignedScores.size()), data.negatives,
                                   QString::number(data.signedScores.size()), data.positives,
                                   QString::number(data.threshold, 'f', 2), data.unit);
    if (m_impl->score)
        description += tr("; this image %1 %2").arg(*m_impl->score, 0, 'f', 2).arg(m_impl->data.unit);
    setAccessibleName(description);
    setToolTip(description);
}

}  // namespace signet::ui
