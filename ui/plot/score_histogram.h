#pragma once

#include <QColor>
#include <memory>
#include <optional>
#include <span>

#include "ui/plot/plot_widget.h"

namespace signet::ui {

/// Scores of one detector: unsigned ones as a filled outline, signed ones hatched (shape beside colour), each
/// in per cent of its own number, and the threshold as a line that is moved by a click, by dragging, and with
/// the focus by the left and right arrow keys. A bin with few scores is drawn at least two per cent of the
/// highest one high, so that a single score far out is seen. GUI thread. One of the doors to QCustomPlot.
class ScoreHistogram : public PlotWidget {
    Q_OBJECT
public:
    struct Colours {
        QColor unsignedSeries;
        QColor signedSeries;
    };

    explicit ScoreHistogram(QWidget* parent = nullptr);
    ~ScoreHistogram() override;

    /// Both ascending and finite; taken as counts, not kept. Empty: nothing to show.
    void setScores(std::span<const double> signedScores, std::span<const double> unsignedScores);
    void setThreshold(std::optional<double> threshold);
    /// The model's own, dotted; none: not shown.
    void setCalibrated(std::optional<double> threshold);
    void setColours(const Colours& colours);
    /// What the two kinds of images are called.
    struct Names {
        QString positives, negatives;
    };
    void setNames(const Names& names);

    /// Where a score lies in this widget, px.
    double pixelAt(double score) const;

    QSize sizeHint() const override { return {420, 180}; }
    QSize minimumSizeHint() const override { return {220, 110}; }

Q_SIGNALS:
    /// A person put the line here; rounded to what a pixel can tell.
    void thresholdDragged(double threshold);
    /// An arrow key: steps of the curve, up to stricter.
    void stepWanted(int steps);

protected:
    std::function<void()> keyAction(const QKeyEvent* event) override;
    void restyle() override { rebuild(); }
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild();
    void drawLines();
    void dragTo(double pixel);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::ui
