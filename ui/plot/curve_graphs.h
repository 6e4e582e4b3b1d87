#pragma once

#include <QPointF>
#include <QString>
#include <optional>
#include <vector>

#include "core/metrics/curve.h"
#include "ui/plot/series_colours.h"

class QCPGraph;
class QCPItemText;
class QCustomPlot;

namespace signet::ui {

/// How the curves of a plot are drawn at the moment.
struct CurveDrawing {
    metrics::CurveAxis axis = metrics::CurveAxis::Step;
    bool logX = false;
    bool logY = false;
    std::vector<double> edges;  ///< of the pixel columns, on the x axis, rising
    double xFloor = 0;          ///< lower ends of the axes: a logarithm puts there what is 0 or below
    double yFloor = 0;
    bool bestLabels = true;
};

/// True where a logarithmic x axis from lower on begins left of all points above 0, so that those at or below
/// 0 stand on its left edge.
bool leftEdgeShows(const metrics::CurvePoints& points, metrics::CurveAxis axis, double lower);

/// One curve and its graphs in a QCustomPlot: the raw line, the smoothed one, dots for lone points, marks for
/// points on the floor, the best point. Inside ui/plot only. GUI thread; the plot outlives this.
class CurveGraphs {
public:
    /// place: among the plot's curves, from 0; chooses the shape of the marks.
    CurveGraphs(QCustomPlot* plot, QString name, const SeriesColour& colour, int place);
    ~CurveGraphs();
    CurveGraphs(const CurveGraphs&) = delete;
    CurveGraphs& operator=(const CurveGraphs&) = delete;

    const QString& name() const { return m_name; }
    int place() const { return m_place; }
    const metrics::Curve& curve() const { return m_curve; }
    /// For changes; whoever drops points calls forgetView.
    metrics::Curve& curve() { return m_curve; }
    void forgetView();

    bool isVisible() const { return m_visible; }
    void setVisible(bool visible);
    void setBest(std::optional<std::uint64_t> step) { m_best = step; }
    /// Index of the best point; none if it is not among the points or no number.
    std::optional<std::size_t> bestIndex() const;

    /// The graph that stands in the legend.
    QCPGraph* handle() const { return m_handle; }
    const QColor& colour(bool dark) const { return m_colour.on(dark); }
    void restyle(bool dark, const QColor& text);

    /// How far the lines go up and down, px: what drawing them with width and antialiasing costs grows with
    /// it.
    struct VerticalTravel {
        double raw = 0;
        double smoothed = 0;
    };
    /// Thins the curve into its graphs.
    VerticalTravel draw(const CurveDrawing& drawing);
    /// Which lines are drawn with width and antialiasing, and which as hair lines.
    void setFine(bool raw, bool smoothed);

    /// Percentiles 1 to 99 of the raw values [first, last), kept while the range grows by less than 1 %.
    std::optional<metrics::ValueRange> percentiles(std::size_t first, std::size_t last);

    struct Hit {
        std::size_t index = 0;  ///< of the curve's point
        QPointF at;             ///< where it is drawn, on the axes
        double distance = 0;    ///< px
    };
    /// The drawn point nearest to a pixel.
    std::optional<Hit> nearest(const QPointF& pixel) const;
    /// The drawn point forward points behind (before, if negative) this one, on the raw line.
    std::optional<Hit> neighbour(std::size_t index, int forward) const;
    /// This point of the raw line.
    Hit hitAt(std::size_t index) const { return hit(index, m_curve.raw(index)); }
    metrics::CurveAxis axis() const { return m_drawing.axis; }

private:
    double xOf(std::size_t index) const;
    double yOf(double value) const;
    Hit hit(std::size_t index, double value) const;
    double drawLine(QCPGraph* graph, metrics::CurveLine line, const std::vector<std::uint32_t>& indices);
    void drawDots();
    void drawBest();

    QCustomPlot* m_plot;
    QString m_name;
    SeriesColour m_colour;
    int m_place;
    metrics::Curve m_curve;
    bool m_visible = true;
    std::optional<std::uint64_t> m_best;
    QCPGraph* m_raw;
    QCPGraph* m_smoothed;
    QCPGraph* m_dots;
    QCPGraph* m_floor;
    QCPGraph* m_bestMark;
    QCPGraph* m_handle;  // without data
    QCPItemText* m_bestLabel;
    CurveDrawing m_drawing;
    std::vector<std::uint32_t> m_drawnRaw;
    std::vector<std::uint32_t> m_drawnSmoothed;
    struct {
        std::size_t first = 0;
        std::size_t last = 0;
        std::optional<metrics::ValueRange> range;
    } m_percentiles;
};

}  // namespace signet::ui
