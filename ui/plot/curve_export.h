#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <QString>

class QCustomPlot;

namespace signet::ui {

// The plot as it stands on another page than the window, at a size of its own. Inside ui/plot only.

/// A picture of size px times scale.
QImage renderImage(QCustomPlot* plot, const QSize& size, double scale);

/// One page of size points (1/72 inch), lines and text as such.
QByteArray renderPdf(QCustomPlot* plot, const QSize& size, const QString& title);

/// image as PNG; may run on any thread.
QByteArray encodePng(const QImage& image);

}  // namespace signet::ui
