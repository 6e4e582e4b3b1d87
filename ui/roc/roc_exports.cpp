#include "ui/roc/roc_exports.h"

#include <fmt/format.h>

#include "core/base/file_io.h"

namespace signet::ui {
namespace {

std::vector<metrics::ScoreLine> linesOf(const RocDetector& detector) {
    std::vector<metrics::ScoreLine> lines;
    if (detector.folders) {
        for (const examine::ScoredFile& file : detector.folders->files)
            lines.push_back(
                {file.scores[detector.modelIndex], file.isSigned, detector.name, file.path.native()});
        return lines;
    }
    for (const double score : detector.signedScores) lines.push_back({score, 1, detector.name, {}});
    for (const double score : detector.unsignedScores) lines.push_back({score, 0, detector.name, {}});
    return lines;
}

/// A name as a field of a CSV line.
std::string quoted(const std::string& name) {
    std::string out = "\"";
    for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

}  // namespace

RocService::Write scoresExport(RocDetectors detectors) {
    return [detectors = std::move(detectors)](const std::filesystem::path& path) {
        std::vector<metrics::ScoreLine> lines;
        for (const RocDetectorPtr& detector : detectors) {
            const auto more = linesOf(*detector);
            lines.insert(lines.end(), more.begin(), more.end());
        }
        writeFileAtomically(path, metrics::scoreCsv(lines), IfExists::Replace);
    };
}

RocService::Write curvesExport(RocDetectors detectors) {
    return [detectors = std::move(detectors)](const std::filesystem::path& path) {
        std::string text =
            "detector,threshold,true_positives,positives,false_positives,negatives,tpr,tpr_lower95,tpr_"
            "upper95,"
            "fpr,fpr_lower95,fpr_upper95\n";
        for (const RocDetectorPtr& detector : detectors) {
            const metrics::Roc& roc = detector->roc;
            for (const metrics::RocPoint& point : metrics::thinned(roc.points)) {
                const auto tpr = metrics::clopperPearson(point.truePositives, roc.positives);
                const auto fpr = metrics::clopperPearson(point.falsePositives, roc.negatives);
                text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", quoted(detector->name),
                                    point.threshold, point.truePositives, roc.positives, point.falsePositives,
                                    roc.negatives, point.tpr, tpr.lower, tpr.upper, point.fpr, fpr.lower,
                                    fpr.upper);
            }
        }
        writeFileAtomically(path, text, IfExists::Replace);
    };
}

}  // namespace signet::ui
