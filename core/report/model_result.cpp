#include "core/report/model_result.h"

#include <algorithm>

#include "core/examine/findings.h"
#include "core/report/report_text.h"

namespace signet::report {

std::optional<CodeConfidence> codeConfidence(const examine::Finding& finding) {
    if (!finding.code || finding.code->checked || finding.presence != examine::Presence::Present)
        return std::nullopt;
    const auto& bits = finding.code->bitConfidence;
    const double mean = finding.code->confidence;
    return CodeConfidence{mean, bits.empty() ? mean : *std::min_element(bits.begin(), bits.end())};
}

std::string codeState(const examine::Finding& finding) {
    const bool matches = finding.match && finding.match->answer() == examine::MatchAnswer::Match;
    if (matches) return "matches a registered code";
    return finding.code && finding.code->checked ? "checked" : std::string(examine::kUnverified);
}

examine::Finding named(const examine::Finding& f) {
    examine::Finding shown;
    shown.model = oneLine(f.model, 100);
    shown.kind = f.kind;
    shown.classes = {oneLine(f.classes[0], 100), oneLine(f.classes[1], 100)};
    shown.presence = f.presence;
    shown.lowerThreshold = f.lowerThreshold;
    shown.code = f.code;
    shown.keyed = f.keyed;
    shown.match = f.match;
    if (shown.keyed) shown.keyed->keyFingerprint = oneLine(f.keyed->keyFingerprint, 40);
    return shown;
}

std::vector<ModelResult> modelResults(const examine::Record& record) {
    std::vector<ModelResult> results;
    for (const examine::Finding& finding : record.findings) results.push_back({finding, false, {}});
    return results;
}

}  // namespace signet::report
