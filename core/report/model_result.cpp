#include "core/report/model_result.h"

#include <algorithm>
#include <cmath>

#include "core/cases/match.h"
#include "core/examine/findings.h"

namespace signet::report {
namespace {

template <class T>
T valueOr(const Json& json, const char* key, T fallback) {
    const auto found = json.find(key);
    if (found == json.end()) return fallback;
    if constexpr (std::is_same_v<T, std::string>) {
        return found->is_string() ? found->get<T>() : fallback;
    } else if constexpr (std::is_same_v<T, bool>) {
        return found->is_boolean() ? found->get<T>() : fallback;
    } else {
        return found->is_number() ? found->get<T>() : fallback;
    }
}

const Json& objectAt(const Json& json, const char* key) {
    static const Json kNothing = Json::object();
    const auto found = json.find(key);
    return found != json.end() && found->is_object() ? *found : kNothing;
}

std::optional<std::vector<std::string>> reasonsOf(const Json& finding) {
    const auto list = finding.find("outside_calibration");
    if (list == finding.end() || !list->is_array()) return std::nullopt;
    std::vector<std::string> reasons;
    for (const Json& reason : *list)
        if (reason.is_string()) reasons.push_back(reason.get<std::string>());
    return reasons;
}

std::optional<CodeResult> codeOf(const examine::Finding& finding) {
    if (!finding.code) return std::nullopt;
    const examine::CodeReading& read = *finding.code;
    CodeResult code{read.hex, read.bits, {}, {}};
    if (finding.presence != examine::Presence::Present) return code;
    code.meanConfidence = code.lowestConfidence = read.confidence;
    if (!read.bitConfidence.empty())
        code.lowestConfidence = *std::min_element(read.bitConfidence.begin(), read.bitConfidence.end());
    return code;
}

}  // namespace

std::string codeState(const ModelResult& result) {
    const bool matches = result.match && result.match->answer() == cases::MatchAnswer::Match;
    return matches ? "matches a registered code" : std::string(examine::kUnverified);
}

std::vector<ModelResult> modelResults(const Json& record) {
    std::vector<ModelResult> results;
    const auto findings = record.find("findings");
    if (findings == record.end() || !findings->is_array()) return results;
    for (const Json& f : *findings) {
        if (!f.is_object()) continue;
        ModelResult r;
        r.model = valueOr<std::string>(f, "model", "");
        r.sha256 = valueOr<std::string>(f, "model_sha256", "");
        r.presence = valueOr<std::string>(f, "presence", "");
        if (const auto answer = f.find("signed"); answer != f.end() && answer->is_boolean())
            r.isSigned = answer->get<bool>();
        r.score = valueOr(f, "score_logit", 0.0);
        r.threshold = valueOr(f, "threshold", 0.0);
        r.lowerThreshold = valueOr(f, "lower_threshold", r.threshold);
        const Json& fpr = objectAt(f, "fpr");
        r.fpr = valueOr(fpr, "value", 0.0);
        r.fprUpper95 = valueOr(fpr, "upper95", 1.0);
        r.fprPhotographs = valueOr(fpr, "n", 0);
        r.measuredOn = valueOr<std::string>(fpr, "measured_on", "");
        r.outside = reasonsOf(f);
        r.hypotheses = std::max(1, valueOr(f, "hypotheses", 1));
        r.code = codeOf(examine::findingFromJson(f));
        r.match = cases::matchFromJson(f);
        if (const auto g = f.find("geometry"); g != f.end() && g->is_array() && g->size() == 6) {
            for (std::size_t i = 0; i < 6; ++i)
                if ((*g)[i].is_number()) r.geometry[i] = (*g)[i].get<double>();
        }
        const Json& tiles = objectAt(f, "tiles");
        r.tiles = valueOr(tiles, "columns", 0) * valueOr(tiles, "rows", 0);
        r.bestTile = valueOr(tiles, "best_logit", 0.0);
        results.push_back(std::move(r));
    }
    return results;
}

}  // namespace signet::report
