#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace signet::ui {

struct CaseBenchmarkOptions {
    int exhibits = 50'000;
    int width = 1440, height = 900;  ///< of the window, px
};

struct CaseBenchmark {
    double makeSeconds = 0;            ///< to make the case, not part of what is judged
    double openSeconds = 0;            ///< from asking for the case to the table on the screen
    double openBlock = 0;              ///< longest time the GUI thread was kept from its events meanwhile, s
    std::vector<double> frameSeconds;  ///< scrolling through the whole table, a page a frame
    std::vector<double> frameCpuSeconds;  ///< the same in CPU time of the GUI thread
    int thumbnails = 0;                   ///< that came meanwhile
    double searchSeconds = 0;             ///< a letter typed into the search, until the table shows it: worst
    double filterSeconds = 0;             ///< a filter chosen: worst
    double sortSeconds = 0;               ///< a column sorted: worst
    double selectSeconds = 0;             ///< another row chosen, until its details stand beside the table
    double contentsMiB = 0;               ///< resident memory that the open case took
};

/// A case of made-up exhibits in a temporary folder, in the real window, offscreen. In a QApplication of its
/// own: call it once, in a process without one. Throws Cancelled, and Environment where the case does not
/// open.
CaseBenchmark benchmarkCase(const CaseBenchmarkOptions& options, const std::stop_token& stop,
                            const std::function<void(const std::string&)>& progress);

}  // namespace signet::ui
