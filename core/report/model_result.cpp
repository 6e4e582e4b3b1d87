#include "core/report/model_result.h"

#include <algorithm>

#include "core/examine/findings.h"

namespace signet::report {

std::optional<CodeConfidence> codeConfidence(const examine::Finding& finding) {
    if (!finding.code || finding.presence != examine::Presence::Present) return std::nullopt;
    const auto& bits = finding.code->bitConfidence;
    const double mean = finding.code->confidence;
    return CodeConfidence{mean, bits.empty() ? mean : *std::min_element(bits.begin(), bits.end())};
}

std::string codeState(const examine::Finding& finding) {
    const bool matches = finding.match && finding.match->answer() == examine::MatchAnswer::Match;
    return matches ? "matches a registered code" : std::string(examine::kUnverified);
}

std::vector<ModelResult> modelResults(const examine::Record& record) {
    std::vector<ModelResult> results;
    for (const examine::Finding& finding : record.findings) results.push_back({finding, false, {}});
    return results;
}

}  // namespace signet::report
