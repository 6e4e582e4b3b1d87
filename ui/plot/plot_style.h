#pragma once

#include <QFont>
#include <QPalette>

class QCPItemText;
class QCustomPlot;

namespace signet::ui {

// How a curve plot looks. Inside ui/plot only.

/// Layers, and the legend in a row above the axes.
void makeCurveLayers(QCustomPlot* plot);

/// Colours and fonts of axes, grid, legend and zoom rectangle.
void stylePlot(QCustomPlot* plot, const QPalette& palette, const QFont& font);

/// As many legend entries in a row as fit.
void wrapLegend(QCustomPlot* plot, int width);

/// A hidden text in the middle of the axes.
QCPItemText* makeCentredText(QCustomPlot* plot, const QString& layer);

/// Black on white.
QPalette paperPalette();

}  // namespace signet::ui
