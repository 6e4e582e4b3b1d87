#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <map>

#include "ui/plot/curve_plot.h"
#include "ui/plot/curve_readout.h"
#include "ui/plot/curve_view.h"

class QLabel;

namespace signet::ui {

/// What CurvePlot is made of, for its own sources.
struct CurvePlot::Impl {
    explicit Impl(QCustomPlot* plot) : plot(plot), view(plot), readout(plot) {}

    QCustomPlot* plot;
    CurveView view;
    CurveReadout readout;
    std::map<int, std::unique_ptr<CurveGraphs>> curves;
    int nextId = 0;
    double smoothing = 0.6;
    bool dark = false;
    bool wasFollowing = true;
    QTimer redrawTimer;
    QTimer smoothTimer;
    QElapsedTimer sinceRedraw;
    QLabel* notes = nullptr;
    QLabel* readoutLabel = nullptr;
    QCPItemText* message = nullptr;

    CurveGraphs* find(int id) const {
        const auto found = curves.find(id);
        return found == curves.end() ? nullptr : found->second.get();
    }
    std::vector<CurveGraphs*> visible() const {
        std::vector<CurveGraphs*> shown;
        for (const auto& [id, graphs] : curves)
            if (graphs->isVisible()) shown.push_back(graphs.get());
        return shown;
    }
    bool isPlaceTaken(int place) const {
        return std::any_of(curves.begin(), curves.end(),
                           [place](const auto& entry) { return entry.second->place() == place; });
    }
    /// Some average has not reached the last point.
    bool isBehind() const {
        return std::any_of(curves.begin(), curves.end(), [](const auto& entry) {
            return entry.second->curve().smoothedSize() < entry.second->curve().size();
        });
    }
    /// Some average is not of the smoothing asked for.
    bool isOutdated() const {
        return std::any_of(curves.begin(), curves.end(), [this](const auto& entry) {
            return entry.second->curve().smoothing() != smoothing;
        });
    }
};

}  // namespace signet::ui
