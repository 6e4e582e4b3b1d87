// Any text is a score file whose scores come back from what is written of them, or signet::Error says why
// not.
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/metrics/score_file.h"
#include "tests/fuzz/fuzz_input.h"

using namespace signet;

namespace {

/// The lines of a file with these scores.
std::vector<metrics::ScoreLine> linesOf(const std::vector<metrics::DetectorScores>& detectors) {
    std::vector<metrics::ScoreLine> lines;
    for (const metrics::DetectorScores& detector : detectors) {
        fuzz::require(detector.scores.size() == detector.labels.size());
        for (std::size_t i = 0; i < detector.scores.size(); ++i) {
            fuzz::require(std::isfinite(detector.scores[i]));
            fuzz::require(detector.labels[i] == 0 || detector.labels[i] == 1);
            lines.push_back({detector.scores[i], detector.labels[i], detector.name, detector.name});
        }
    }
    return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::InputFolder folder;
    const auto path = folder.write("scores.csv", fuzz::textOf(data, size));
    try {
        metrics::readLabels(path);
    } catch (const Error&) {
    }
    std::vector<metrics::ScoreLine> lines;
    try {
        lines = linesOf(metrics::readScoreFile(path));
    } catch (const Error&) {
        return 0;
    }
    // An Error here would leave the function: what is written can be read.
    const auto again = linesOf(metrics::readScoreFile(folder.write("again.csv", metrics::scoreCsv(lines))));
    fuzz::require(again.size() == lines.size());
    return 0;
}
