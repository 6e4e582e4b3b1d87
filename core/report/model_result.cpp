#include "core/report/model_result.h"

#include <algorithm>
#include <cmath>

#include "core/cases/match.h"
#include "core/metrics/binomial.h"

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

std::optional<CodeResult> codeOf(const Json& json) {
    if (json.empty()) return std::nullopt;
    CodeResult code;
    code.hex = valueOr<std::string>(json, "hex", "");
    code.bits = valueOr(json, "bits", 0);
    code.meanConfidence = valueOr(json, "confidence", 0.0);
    code.lowestConfidence = code.meanConfidence;
    if (const auto bits = json.find("bit_confidence"); bits != json.end() && bits->is_array()) {
        for (const Json& bit : *bits)
            if (bit.is_number()) code.lowestConfidence = std::min(code.lowestConfidence, bit.get<double>());
    }
    return code;
}

/// The chances anew from the counts: what a report says does not hang on how the record rounded them.
std::optional<MatchResult> matchOf(const Json& json, int hypotheses) {
    if (json.empty()) return std::nullopt;
    MatchResult match;
    match.holder = valueOr<std::string>(json, "nearest_holder", valueOr<std::string>(json, "holder", ""));
    match.code = valueOr<std::string>(json, "code", "");
    match.matched = valueOr(json, "matched", 0);
    match.bits = valueOr(json, "n", 0);
    match.searched = valueOr<std::int64_t>(json, "database_size", 0);
    match.hypotheses = valueOr(json, "hypotheses", hypotheses);
    if (match.bits <= 0 || match.searched <= 0) return std::nullopt;
    match.log10P = metrics::log10BinomialTail(match.bits, match.matched);
    match.log10PCorrected = metrics::correctedLog10P(
        match.log10P, static_cast<double>(match.searched) * std::max(1, match.hypotheses));
    if (const auto rivals = json.find("also_matching"); rivals != json.end() && rivals->is_array()) {
        for (const Json& rival : *rivals)
            match.rivals.push_back({valueOr<std::string>(rival, "holder", ""),
                                    valueOr<std::string>(rival, "code", ""), valueOr(rival, "matched", 0)});
    }
    match.named = cases::isNamed(match.log10PCorrected, match.matched,
                                 match.rivals.empty() ? -1 : match.rivals.front().matched);
    return match;
}

}  // namespace

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
        r.code = codeOf(objectAt(f, "code"));
        r.match = matchOf(objectAt(f, "match"), r.hypotheses);
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
