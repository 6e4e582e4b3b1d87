#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/metrics/likelihood_ratio.h"
#include "core/metrics/plot_canvas.h"

namespace signet::metrics {
namespace {

constexpr double kWidth = 420;
constexpr double kHeight = 270;
constexpr double kLeft = 52;
constexpr double kTop = 34;
constexpr double kRight = 16;
constexpr double kBottom = 66;  ///< tick labels, axis title, legend
constexpr double kPixelsPerPoint = 2;
constexpr PlotColour kInk{32, 36, 40};
constexpr PlotColour kGrid{226, 229, 233};
constexpr PlotColour kSigned{0, 114, 178};   // Okabe and Ito's blue
constexpr PlotColour kUnsigned{213, 94, 0};  // and vermilion

void line(PlotCanvas& canvas, PlotPoint a, PlotPoint b, PlotColour colour, double width) {
    const std::array points{a, b};
    canvas.polyline(points, colour, width);
}

class Axes {
public:
    explicit Axes(const LikelihoodRatioFit& fit)
        : m_limit(std::max(1, static_cast<int>(std::ceil(std::max(fit.log10Upper, -fit.log10Lower) + 0.1)))) {
    }
    int limit() const { return m_limit; }
    PlotPoint at(double log10Lr, double share) const {
        const double t = (std::clamp<double>(log10Lr, -m_limit, m_limit) + m_limit) / (2 * m_limit);
        return {kLeft + t * (kWidth - kLeft - kRight), kTop + (1 - share) * (kHeight - kTop - kBottom)};
    }

private:
    int m_limit;
};

void grid(PlotCanvas& canvas, const Axes& axes) {
    for (int i = 0; i <= 5; ++i) {
        const double share = i / 5.0;
        line(canvas, axes.at(-axes.limit(), share), axes.at(axes.limit(), share), kGrid, 0.7);
        const PlotPoint at = axes.at(-axes.limit(), share);
        canvas.text({at.x - 6, at.y + 3}, fmt::format("{:.1f}", share), 9, TextAlign::Right, kInk);
    }
    for (int decade = -axes.limit(); decade <= axes.limit(); ++decade) {
        line(canvas, axes.at(decade, 0), axes.at(decade, 1), decade == 0 ? kInk : kGrid, 0.7);
        const PlotPoint at = axes.at(decade, 0);
        canvas.text({at.x, at.y + 14}, decade == 0 ? "0" : fmt::format("{:+d}", decade), 9, TextAlign::Centre,
                    kInk);
    }
}

void curve(PlotCanvas& canvas, const Axes& axes, const std::vector<TippettPoint>& points,
           double TippettPoint::*share, PlotColour colour) {
    std::vector<PlotPoint> trace{axes.at(-axes.limit(), points.front().*share)};
    for (std::size_t i = 0; i < points.size(); ++i) {
        trace.push_back(axes.at(points[i].log10Lr, points[i].*share));
        trace.push_back(axes.at(points[i].log10Lr, i + 1 < points.size() ? points[i + 1].*share : 0));
    }
    trace.push_back(axes.at(axes.limit(), 0));
    canvas.polyline(trace, colour, 1.8);
}

void legend(PlotCanvas& canvas, double x, const char* label, PlotColour colour) {
    const double y = kHeight - 12;
    line(canvas, {x, y - 3}, {x + 18, y - 3}, colour, 2.2);
    canvas.text({x + 24, y}, label, 9, TextAlign::Left, kInk);
}

}  // namespace

std::vector<std::uint8_t> tippettPlotPng(const LikelihoodRatioFit& fit, const std::string& title) {
    const auto canvas = makePngCanvas(kWidth, kHeight, kPixelsPerPoint);
    const Axes axes(fit);
    const auto points = tippett(fit.log10Signed, fit.log10Unsigned);
    canvas->text({kWidth / 2, 18}, printableAscii(title), 11, TextAlign::Centre, kInk);
    grid(*canvas, axes);
    curve(*canvas, axes, points, &TippettPoint::shareH1, kSigned);
    curve(*canvas, axes, points, &TippettPoint::shareH2, kUnsigned);
    canvas->text({(kLeft + kWidth - kRight) / 2, kHeight - kBottom + 31},
                 "log10 of the likelihood ratio, at least", 9, TextAlign::Centre, kInk);
    canvas->text({14, (kTop + kHeight - kBottom) / 2}, "share of scores", 9, TextAlign::Centre, kInk, true);
    legend(*canvas, kLeft, "signed photographs (H1)", kSigned);
    legend(*canvas, kLeft + 170, "unsigned photographs (H2)", kUnsigned);
    return canvas->finish();
}

}  // namespace signet::metrics
