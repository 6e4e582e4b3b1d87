#pragma once

#include <QByteArray>
#include <QPicture>
#include <QSize>
#include <QString>

class QCustomPlot;

namespace signet::ui {

// The plot as it stands on another page than the window. Inside ui/plot only.

/// What the plot draws at this size, px, as drawing commands: quickly taken on the GUI thread, to be played
/// on any thread.
QPicture recordPlot(QCustomPlot* plot, const QSize& size);

/// The drawing as PNG, scale times as many px as it was recorded for. Any thread.
QByteArray drawPng(const QPicture& drawing, const QSize& size, int scale);

/// The drawing on one page, lines and text as such, 96 px an inch. Any thread.
QByteArray drawPdf(const QPicture& drawing, const QSize& size, const QString& title);

}  // namespace signet::ui
