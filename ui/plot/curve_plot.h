#pragma once

#include <QColor>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

#include "core/metrics/curve_points.h"
#include "ui/plot/plot_widget.h"
#include "ui/plot/series_colours.h"

namespace signet::ui {

/// Live curves of one metric, one a run: every point kept, the debiased moving average over the faint raw
/// line, true logarithms on both axes, minimum and maximum kept where points are thinned, the best point
/// marked. Ranges follow the data until the person zooms (wheel, drag, Shift + drag; an axis alone with the
/// mouse over it), and again after fit (double click). A click on a legend entry hides its curve. Keys with
/// the focus: arrows pan, + and - zoom, 0 fits, 1 to 8 toggle curves, Ctrl + arrows read off points.
///
/// GUI thread. Repaints are coalesced to at most 10 a second, except what the person does; nothing is drawn
/// while hidden. Beside calibration_plot the only door to QCustomPlot.
class CurvePlot : public PlotWidget {
    Q_OBJECT
public:
    using Axis = metrics::CurveAxis;
    using Point = metrics::CurvePoint;

    explicit CurvePlot(QWidget* parent = nullptr);
    ~CurvePlot() override;

    /// Returns the curve's id, not used again.
    int addCurve(const QString& name, const SeriesColour& colour);
    void clear();
    int curveCount() const;

    /// Costs about 0.1 µs a point: hand over at most 100,000 at a time to stay under 50 ms. Points whose step
    /// is not larger than the last one's supersede the points from that step on (a resumed run).
    void append(int id, std::span<const Point> points);
    void truncateAfter(int id, std::uint64_t step);
    std::size_t pointCount(int id) const;

    void setCurveVisible(int id, bool visible);
    bool isCurveVisible(int id) const;
    /// Marks the point at this step, or the last one before it.
    void setBest(int id, std::optional<std::uint64_t> step);

    /// 0 (raw only) to 0.99. Long curves are smoothed in slices between other events and shown when all are
    /// done. Throws BadOption outside.
    void setSmoothing(double smoothing);
    double smoothing() const;
    bool isSmoothing() const;
    void setXAxis(Axis axis);
    Axis xAxis() const;
    void setLogX(bool on);
    void setLogY(bool on);
    bool isLogX() const;
    bool isLogY() const;
    /// y shows the 1st to 99th percentile of each curve's visible raw values instead of all.
    void setPercentileRange(bool on);
    bool isPercentileRange() const;
    void setYLabel(const QString& label);

    /// Both axes follow the data again.
    void fit();
    bool isFollowing() const;

    struct Range {
        double lower = 0;
        double upper = 0;
    };
    Range xRange() const;
    Range yRange() const;
    /// Where a place on the axes lies in this widget, px.
    QPointF pixelAt(double x, double y) const;
    /// "3 points ≤ 0 on the floor · 1 not a number"; empty: nothing to say.
    QString notes() const;
    /// The point under the cursor, e.g. "run 7 · step 4200 · 0.0123 · smoothed 0.0119"; empty: none.
    QString readout() const;

    enum class Format { Csv, Png, Pdf };
    /// Takes what is shown (csv: every point of every curve) as it is now; calling the result encodes and
    /// writes it, on any thread. It replaces an existing file, atomically, and throws signet::Error.
    using ExportJob = std::function<void(const std::filesystem::path&, const std::stop_token&)>;
    ExportJob prepareExport(Format format);

    /// Draws now what waits for its turn (tests, benchmarks).
    void redrawNow();

    QSize sizeHint() const override { return {480, 300}; }
    QSize minimumSizeHint() const override { return {240, 160}; }

Q_SIGNALS:
    void curveToggled(int id, bool visible);
    void followingChanged(bool following);

protected:
    std::function<void()> keyAction(const QKeyEvent* event) override;
    void restyle() override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void schedule();
    void redraw();
    void smoothSlice();
    void prepareDraw(int columns, double fineness);
    void updateTexts();
    void updateReadout();
    void readOff(const std::function<void()>& move);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::ui
