#pragma once

#include <algorithm>
#include <map>

#include "ui/plot/roc_plot.h"

class QCPAbstractPlottable;
class QCPItemText;
class QCustomPlot;

namespace signet::ui {

/// What RocPlot is made of, for its own sources.
struct RocPlot::Impl {
    QCustomPlot* plot = nullptr;
    QCPItemText* message = nullptr;
    std::vector<Series> series;
    std::map<QCPAbstractPlottable*, quint64> legend;  ///< what a legend entry stands for
    quint64 current = 0;
    std::optional<metrics::OperatingPoint> point;
    bool logFpr = false;
    bool bands = true;
    bool zoomed = false;
    bool dragging = false;

    const Series* find(quint64 id) const {
        const auto found =
            std::find_if(series.begin(), series.end(), [id](const Series& s) { return s.id == id; });
        return found == series.end() ? nullptr : &*found;
    }
    /// The left edge of the logarithmic axis: stands for no false positive.
    double floor() const {
        double least = 0.05;
        for (const Series& one : series)
            if (one.visible) least = std::min(least, 0.5 / static_cast<double>(one.roc->negatives));
        return least;
    }
    double onAxis(double fpr) const { return logFpr ? std::max(fpr, floor()) : fpr; }
};

}  // namespace signet::ui
