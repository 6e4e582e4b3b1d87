#include "core/examine/findings.h"

#include <algorithm>
#include <numeric>

#include "core/base/text.h"
#include "core/metrics/read_errors.h"

namespace signet::examine {
namespace {

template <typename Wanted>
const Finding* leading(std::span<const Finding> findings, Wanted&& wanted) {
    const Finding* best = nullptr;
    const auto rank = [](const Finding& finding) {
        return 2 * static_cast<int>(finding.presence) + (finding.code ? 1 : 0);
    };
    for (const Finding& finding : findings)
        if (wanted(finding) && (!best || rank(finding) > rank(*best))) best = &finding;
    return best;
}

template <typename Value>
void read(const Json& json, const char* key, Value& value) {
    const auto at = json.find(key);
    if (at == json.end()) return;
    try {
        value = at->get<Value>();
    } catch (const Json::exception&) {  // of the wrong kind: the default stays
    }
}

Presence presenceFrom(const std::string& word) {
    for (const Presence presence : {Presence::Absent, Presence::Present})
        if (toString(presence) == word) return presence;
    return Presence::Inconclusive;
}

CodeReading codeFrom(const Json& json, int photographs) {
    CodeReading code;
    read(json, "hex", code.hex);
    read(json, "bits", code.bits);
    read(json, "confidence", code.confidence);
    read(json, "bit_confidence", code.bitConfidence);
    read(json, "bit_logits", code.bitLogits);
    for (double& p : code.bitConfidence) p = metrics::supportedProbability(p, photographs);
    code.confidence = metrics::supportedProbability(code.confidence, photographs);
    if (code.bits > 0 && code.bitConfidence.size() == static_cast<std::size_t>(code.bits))
        code.confidence =
            std::accumulate(code.bitConfidence.begin(), code.bitConfidence.end(), 0.0) / code.bits;
    if (!code.bitLogits.empty()) return code;
    try {
        for (const std::uint8_t bit : bitsFromHex(code.hex, code.bits))
            code.bitLogits.push_back(bit != 0 ? 1.0F : -1.0F);
    } catch (const std::exception&) {  // no code
    }
    return code;
}

}  // namespace

const Finding* leadingFinding(std::span<const Finding> findings) {
    return leading(findings, [](const Finding&) { return true; });
}

const Finding* leadingCode(std::span<const Finding> findings) {
    return leading(findings, [](const Finding& finding) { return finding.code && finding.code->bits > 1; });
}

std::string unverifiedCode(const std::string& hex) {
    return hex + " (" + std::string(kUnverified) + ")";
}

Finding findingFromJson(const Json& json) {
    Finding finding;
    if (!json.is_object()) return finding;
    std::string presence;
    read(json, "model", finding.model);
    read(json, "model_sha256", finding.modelSha256);
    read(json, "score_logit", finding.scoreLogit);
    read(json, "threshold", finding.threshold);
    finding.lowerThreshold = finding.threshold;
    read(json, "lower_threshold", finding.lowerThreshold);
    read(json, "presence", presence);
    read(json, "geometry", finding.geometry);
    read(json, "hypotheses", finding.hypotheses);
    finding.presence = presenceFrom(presence);
    if (const auto fpr = json.find("fpr"); fpr != json.end() && fpr->is_object()) {
        read(*fpr, "value", finding.falsePositiveRate.value);
        read(*fpr, "upper95", finding.falsePositiveRate.upper95);
        read(*fpr, "n", finding.falsePositiveRate.n);
        read(*fpr, "measured_on", finding.falsePositiveRate.measuredOn);
    }
    read(json, "outside_calibration", finding.outside);
    if (const auto code = json.find("code"); code != json.end() && code->is_object())
        finding.code = codeFrom(*code, finding.falsePositiveRate.n);
    return finding;
}

std::vector<Finding> findingsFromJson(const Json& record) {
    std::vector<Finding> findings;
    const auto list = record.find("findings");
    if (list == record.end() || !list->is_array()) return findings;
    for (const Json& finding : *list) findings.push_back(findingFromJson(finding));
    return findings;
}

std::vector<std::string> remarksOf(const Record& record) {
    std::vector<std::string> remarks;
    for (const Conflict& conflict : record.conflicts) remarks.push_back("conflict: " + conflict.message);
    remarks.insert(remarks.end(), record.warnings.begin(), record.warnings.end());
    return remarks;
}

std::vector<Conflict> conflictsFromJson(const Json& record) {
    std::vector<Conflict> conflicts;
    const auto list = record.find("conflicts");
    if (list == record.end() || !list->is_array()) return conflicts;
    for (const Json& entry : *list) {
        Conflict conflict;
        if (!entry.is_object()) continue;
        read(entry, "kind", conflict.kind);
        read(entry, "message", conflict.message);
        conflicts.push_back(std::move(conflict));
    }
    return conflicts;
}

std::vector<std::string> remarksFromJson(const Json& json) {
    Record record;
    record.conflicts = conflictsFromJson(json);
    read(json, "warnings", record.warnings);
    return remarksOf(record);
}

}  // namespace signet::examine
