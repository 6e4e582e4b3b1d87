#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/roc.h"
#include "core/metrics/roc_band.h"

namespace signet::metrics {

struct RocCurve {
    std::string name;                ///< for the legend, shown where there are two or more curves
    std::vector<RocPoint> points;    ///< Roc::points
    std::optional<RocPoint> marked;  ///< an operating point, drawn as a dot
    std::optional<RocBand> band =
        std::nullopt;  ///< drawn as thin lines in a pale shade of the curve's colour
};

/// A ROC plot as PNG or vector PDF, drawn without a display. ASCII text only (PlotCanvas).
struct RocPlot {
    std::string title = "ROC";
    std::vector<RocCurve> curves;
    std::vector<std::string> caption;  ///< lines below the plot: n, AUC with its interval
    bool logFpr = false;               ///< logarithmic false positive axis from minFpr to 1
    double minFpr = 1e-4;              ///< of the logarithmic axis; 1/negatives is the smallest rate above 0
};

/// PNG, 2 pixels a point.
std::vector<std::uint8_t> rocPlotPng(const RocPlot& plot);

/// One-page PDF.
std::vector<std::uint8_t> rocPlotPdf(const RocPlot& plot);

/// "n = 1000 positives, 1000 negatives" and "AUC 0.9987, 95 % CI 0.9971 to 0.9995".
std::vector<std::string> rocCaption(const Roc& roc);

}  // namespace signet::metrics
