#include "core/examine/findings.h"

#include <fmt/format.h>

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

std::optional<double> log10POf(const Finding& finding) {
    if (finding.keyed) return finding.keyed->log10P;
    if (finding.kind == models::Kind::Fingerprint && finding.match) return finding.match->log10PCorrected;
    return std::nullopt;
}

std::string pValueText(double log10P) {
    const std::string exponent = fmt::format("{:.1f}", log10P);
    return exponent == "0.0" || exponent == "-0.0" ? "p = 1" : "p = 10^" + exponent;
}

std::string codeText(const CodeReading& code) {
    return code.checked ? code.hex : unverifiedCode(code.hex);
}

std::vector<std::string> remarksOf(const Record& record) {
    std::vector<std::string> remarks;
    for (const Conflict& conflict : record.conflicts) remarks.push_back("conflict: " + conflict.message);
    remarks.insert(remarks.end(), record.warnings.begin(), record.warnings.end());
    return remarks;
}

}  // namespace signet::examine
