#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace signet::ui {

struct PlotBenchmarkOptions {
    int curves = 4;
    std::size_t points = 1000000;  ///< a curve
    int redraws = 21;
    int width = 1200;  ///< px, of the plot
    int height = 700;
    int panels = 4;  ///< of the live part, each with as many curves
    std::size_t panelPoints = 100000;
    double recordsPerSecond = 20;
    double liveSeconds = 5;
};

struct PlotBenchmark {
    std::vector<double> redrawSeconds;     ///< all points visible, axes, legend and painting included
    std::vector<double> zoomedSeconds;     ///< a tenth of the points visible
    std::vector<double> referenceSeconds;  ///< QCustomPlot with the same points unthinned, taken in turn
    double curvesMiB = 0;                  ///< resident memory the curves added
    double bytesPerPoint = 0;
    double smoothingSeconds = 0;  ///< from the slider's change to the smoothed curves
    double smoothingBlock = 0;    ///< longest time without events meanwhile, s
    double liveBlock = 0;         ///< the same while records come in, s
    double liveBusy = 0;          ///< most CPU time of the GUI thread between two looks at its events, s
    std::size_t liveRecords = 0;  ///< that came in
    std::size_t heartbeats = 0;
};

/// Times the training plots offscreen, in a QApplication of its own: call it once, in a process without one.
/// progress says what is being measured. Throws Cancelled.
PlotBenchmark benchmarkPlots(const PlotBenchmarkOptions& options, const std::stop_token& stop,
                             const std::function<void(const std::string&)>& progress);

}  // namespace signet::ui
