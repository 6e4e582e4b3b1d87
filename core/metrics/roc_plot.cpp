#include "core/metrics/roc_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/metrics/plot_canvas.h"

namespace signet::metrics {
namespace {

constexpr double kPlotSide = 320;
constexpr double kLeft = 58;
constexpr double kTop = 40;
constexpr double kRight = 24;
constexpr double kBelowAxis = 44;  ///< tick labels and axis title
constexpr double kLineHeight = 15;
constexpr double kPixelsPerPoint = 2;
constexpr PlotColour kInk{32, 36, 40};
constexpr PlotColour kSoftInk{90, 96, 104};
constexpr PlotColour kGrid{226, 229, 233};
constexpr PlotColour kChance{168, 174, 182};
/// Told apart with impaired colour vision too: Okabe and Ito's, then Tol's muted ones.
constexpr std::array<PlotColour, 12> kCurveColours{{{0, 114, 178},
                                                    {213, 94, 0},
                                                    {0, 158, 115},
                                                    {204, 121, 167},
                                                    {230, 159, 0},
                                                    {86, 180, 233},
                                                    {51, 34, 136},
                                                    {136, 34, 85},
                                                    {17, 119, 51},
                                                    {153, 153, 51},
                                                    {102, 17, 0},
                                                    {68, 170, 153}}};

/// Room for the legend right of the plot; a single curve needs none.
double legendWidth(const RocPlot& plot) {
    if (plot.curves.size() < 2) return 0;
    std::size_t characters = 0;
    for (const RocCurve& curve : plot.curves) characters = std::max(characters, curve.name.size());
    return 30 + 5.4 * static_cast<double>(characters);  // a wide estimate at 9 pt
}

double pageWidth(const RocPlot& plot) {
    return kLeft + kPlotSide + kRight + legendWidth(plot);
}

double pageHeight(const RocPlot& plot) {
    return kTop + kPlotSide + kBelowAxis + kLineHeight * static_cast<double>(plot.caption.size()) + 8;
}

/// From rates to points on the page.
class Axes {
public:
    explicit Axes(const RocPlot& plot)
        : m_log(plot.logFpr), m_decades(-std::log10(std::clamp(plot.minFpr, 1e-12, 0.1))) {}

    double x(double fpr) const {
        if (!m_log) return kLeft + kPlotSide * fpr;
        const double decade = fpr > 0 ? std::log10(fpr) : -m_decades;
        return kLeft + kPlotSide * std::max(0.0, 1 + decade / m_decades);
    }
    double y(double tpr) const { return kTop + kPlotSide * (1 - tpr); }
    PlotPoint at(double fpr, double tpr) const { return {x(fpr), y(tpr)}; }
    int decades() const { return static_cast<int>(std::floor(m_decades + 1e-9)); }

private:
    bool m_log;
    double m_decades;
};

void drawLine(PlotCanvas& canvas, PlotPoint a, PlotPoint b, PlotColour colour, double width) {
    const std::array points{a, b};
    canvas.polyline(points, colour, width);
}

void drawGridAndTicks(PlotCanvas& canvas, const Axes& axes, bool logFpr) {
    constexpr double kTick = 4;
    for (int i = 0; i <= 5; ++i) {
        const double rate = i / 5.0;
        const double y = axes.y(rate);
        drawLine(canvas, {kLeft, y}, {kLeft + kPlotSide, y}, kGrid, 0.7);
        drawLine(canvas, {kLeft - kTick, y}, {kLeft, y}, kInk, 0.8);
        canvas.text({kLeft - kTick - 3, y + 3.2}, fmt::format("{:.1f}", rate), 9, TextAlign::Right, kInk);
    }
    const int last = logFpr ? axes.decades() : 5;
    for (int i = 0; i <= last; ++i) {
        const double rate = logFpr ? std::pow(10.0, -i) : i / 5.0;
        const double x = axes.x(rate);
        drawLine(canvas, {x, kTop}, {x, kTop + kPlotSide}, kGrid, 0.7);
        drawLine(canvas, {x, kTop + kPlotSide}, {x, kTop + kPlotSide + kTick}, kInk, 0.8);
        canvas.text({x, kTop + kPlotSide + kTick + 11},
                    logFpr ? fmt::format("{:g}", rate) : fmt::format("{:.1f}", rate), 9, TextAlign::Centre,
                    kInk);
    }
}

/// A line on the page; points in line with their neighbours are left out.
std::vector<PlotPoint> trace(std::vector<RatePoint> points, const Axes& axes, const RocPlot& plot) {
    if (plot.logFpr) points = bentForLogarithm(points, std::min(plot.minFpr, 0.1) / 2);
    std::vector<PlotPoint> out;
    for (const RatePoint& point : points) {
        const PlotPoint next = axes.at(point.fpr, point.tpr);
        if (out.size() >= 2) {
            const PlotPoint& a = out[out.size() - 2];
            const PlotPoint& b = out.back();
            const double cross = (b.x - a.x) * (next.y - a.y) - (b.y - a.y) * (next.x - a.x);
            if (std::abs(cross) < 1e-9) out.pop_back();
        }
        out.push_back(next);
    }
    return out;
}

/// Two thirds of the way to white.
PlotColour pale(PlotColour colour) {
    const auto mixed = [](std::uint8_t part) { return static_cast<std::uint8_t>((part + 2 * 255) / 3); };
    return {mixed(colour.red), mixed(colour.green), mixed(colour.blue)};
}

void drawCurves(PlotCanvas& canvas, const RocPlot& plot, const Axes& axes) {
    for (std::size_t i = 0; i < plot.curves.size(); ++i) {
        if (const auto& band = plot.curves[i].band) {
            const PlotColour colour = pale(kCurveColours[i % kCurveColours.size()]);
            canvas.polyline(trace(band->upper, axes, plot), colour, 1);
            canvas.polyline(trace(band->lower, axes, plot), colour, 1);
        }
    }
    for (std::size_t i = 0; i < plot.curves.size(); ++i) {
        const PlotColour colour = kCurveColours[i % kCurveColours.size()];
        canvas.polyline(trace(ratesOf(plot.curves[i].points), axes, plot), colour, 1.8);
        if (const auto& marked = plot.curves[i].marked)
            canvas.disc(axes.at(marked->fpr, marked->tpr), 3.6, colour);
    }
}

void drawLegend(PlotCanvas& canvas, const RocPlot& plot) {
    if (plot.curves.size() < 2) return;
    const double lineHeight = std::min(kLineHeight, kPlotSide / static_cast<double>(plot.curves.size()));
    const double size = std::min(9.0, lineHeight * 0.85);  // many curves move together
    const double left = kLeft + kPlotSide + 14;
    double y = kTop + lineHeight * 0.7;
    for (std::size_t i = 0; i < plot.curves.size(); ++i, y += lineHeight) {
        drawLine(canvas, {left, y - size / 3}, {left + 16, y - size / 3},
                 kCurveColours[i % kCurveColours.size()], 2.2);
        canvas.text({left + 22, y}, plot.curves[i].name, size, TextAlign::Left, kInk);
    }
}

void draw(PlotCanvas& canvas, const RocPlot& plot) {
    const Axes axes(plot);
    drawGridAndTicks(canvas, axes, plot.logFpr);
    canvas.polyline(trace({{0, 0}, {1, 1}}, axes, plot), kChance, 0.9);
    const std::array frame{axes.at(0, 0), axes.at(1, 0), axes.at(1, 1), axes.at(0, 1), axes.at(0, 0)};
    canvas.polyline(frame, kInk, 0.8);
    drawCurves(canvas, plot, axes);
    drawLegend(canvas, plot);
    const double middle = kLeft + kPlotSide / 2;
    canvas.text({middle, kTop - 14}, plot.title, 12, TextAlign::Centre, kInk);
    canvas.text({middle, kTop + kPlotSide + 33}, "False positive rate", 10, TextAlign::Centre, kInk);
    canvas.text({kLeft - 36, kTop + kPlotSide / 2}, "True positive rate", 10, TextAlign::Centre, kInk, true);
    double y = kTop + kPlotSide + kBelowAxis + kLineHeight - 5;
    for (const std::string& line : plot.caption) {
        canvas.text({kLeft, y}, line, 9, TextAlign::Left, kSoftInk);
        y += kLineHeight;
    }
}

}  // namespace

std::vector<std::uint8_t> rocPlotPng(const RocPlot& plot) {
    const auto canvas = makePngCanvas(pageWidth(plot), pageHeight(plot), kPixelsPerPoint);
    draw(*canvas, plot);
    return canvas->finish();
}

std::vector<std::uint8_t> rocPlotPdf(const RocPlot& plot) {
    const auto canvas = makePdfCanvas(pageWidth(plot), pageHeight(plot), plot.title);
    draw(*canvas, plot);
    return canvas->finish();
}

std::vector<std::string> rocCaption(const Roc& roc) {
    return {fmt::format("n = {} positives, {} negatives", roc.positives, roc.negatives),
            fmt::format("AUC {:.4f}, 95 % CI {:.4f} to {:.4f} (DeLong)", roc.auc, roc.aucCi95.lower,
                        roc.aucCi95.upper)};
}

}  // namespace signet::metrics
