#include "ui/plot/plot_style.h"

#include <qcustomplot.h>

#include <algorithm>

#include "ui/plot/curve_layers.h"

namespace signet::ui {
namespace {

constexpr QSize kLegendIcon(22, 8);
constexpr int kLegendMargin = 8;
constexpr double kLeast = 0.001;  // stretch factors must be above 0

QPen faint(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return QPen(colour);
}

}  // namespace

void makeCurveLayers(QCustomPlot* plot) {
    for (const char* layer : {kRawLayer, kSmoothedLayer, kLabelLayer, kMarkLayer, kCursorLayer})
        plot->addLayer(QLatin1String(layer));
    plot->layer(QLatin1String(kCursorLayer))->setMode(QCPLayer::lmBuffered);
    plot->moveLayer(plot->layer(QStringLiteral("legend")), plot->layer(QLatin1String(kMarkLayer)));
    plot->legend->setVisible(true);
    plot->legend->setBrush(Qt::NoBrush);
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setRowSpacing(0);
    plot->legend->setColumnSpacing(8);
    plot->legend->setIconSize(kLegendIcon);
    plot->legend->setIconTextPadding(4);
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setMargins(QMargins(kLegendMargin, 2, kLegendMargin, 0));
    auto* row = new QCPLayoutGrid;  // the legend at its left, nothing at its right
    row->addElement(0, 0, plot->legend);
    row->addElement(0, 1, new QCPLayoutElement(plot));
    row->setColumnStretchFactor(0, kLeast);
    plot->plotLayout()->insertRow(0);
    plot->plotLayout()->addElement(0, 0, row);
    plot->plotLayout()->setRowStretchFactor(0, kLeast);
    plot->plotLayout()->setRowSpacing(0);
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setLabelPadding(2);
        axis->setUpperEnding(QCPLineEnding::esNone);
    }
}

void stylePlot(QCustomPlot* plot, const QPalette& palette, const QFont& font) {
    const QColor text = palette.color(QPalette::Text);
    QFont small = font;
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    plot->setBackground(palette.brush(QPalette::Base));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->setTickLabelColor(text);
        axis->setLabelColor(text);
        axis->setBasePen(faint(text, 110));
        axis->setTickPen(faint(text, 110));
        axis->setSubTickPen(faint(text, 60));
        axis->grid()->setPen(faint(text, 28));
        axis->grid()->setZeroLinePen(faint(text, 60));
    }
    plot->legend->setFont(small);
    plot->legend->setTextColor(text);
    plot->selectionRect()->setPen(QPen(palette.color(QPalette::Highlight), 1));
    QColor fill = palette.color(QPalette::Highlight);
    fill.setAlpha(40);
    plot->selectionRect()->setBrush(fill);
}

void wrapLegend(QCustomPlot* plot, int width) {
    int widest = 1;
    const QList<QCPLayoutElement*> entries = plot->legend->elements(false);
    for (const QCPLayoutElement* entry : entries)
        if (entry)
            widest = std::max(widest, entry->minimumOuterSizeHint().width());  // no entry: an empty cell
    const int columns = (width - 2 * kLegendMargin) / (widest + plot->legend->columnSpacing());
    if (columns == plot->legend->wrap()) return;
    plot->legend->setWrap(std::max(1, columns));
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst, true);
}

QCPItemText* makeCentredText(QCustomPlot* plot, const QString& layer) {
    auto* text = new QCPItemText(plot);
    text->setLayer(layer);
    text->position->setType(QCPItemPosition::ptAxisRectRatio);
    text->position->setCoords(0.5, 0.5);
    text->setPositionAlignment(Qt::AlignCenter);
    text->setVisible(false);
    return text;
}

QPalette paperPalette() {
    QPalette palette;
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::Text, Qt::black);
    return palette;
}

}  // namespace signet::ui
