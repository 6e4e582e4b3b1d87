#include "app/cli/finding_text.h"

#include <fmt/format.h>

#include <cmath>

#include "core/examine/findings.h"

namespace signet::cli {
namespace {

std::string instanceText(const examine::Finding& finding, const std::string& indent) {
    const examine::CodeMatch& match = *finding.match;
    std::string text = fmt::format(
        "\n{}instance {} of {}, issued to {}{}: {} of {} bits; p-value corrected for {} "
        "registered instance{}",
        indent, match.instance, finding.model, match.holder, match.revoked ? " and revoked since" : "",
        match.matched, match.bits, match.searched, match.searched == 1 ? "" : "s");
    for (const auto& rival : match.rivals)
        text += fmt::format("\n{}{} agrees in {} bits too: which of them it is, is not said", indent,
                            rival.holder, rival.matched);
    return text;
}

std::string keyText(const examine::Finding& finding, const std::string& indent) {
    const examine::KeyedEvidence& keyed = *finding.keyed;
    std::string text = fmt::format(
        "\n{}key {}{}; p-value corrected for {} geometr{} and {} key{}", indent, keyed.keyFingerprint,
        keyed.publicKey ? " (public: everybody can write and read it)" : "", keyed.trials,
        keyed.trials == 1 ? "y" : "ies", keyed.keysTried, keyed.keysTried == 1 ? "" : "s");
    for (std::size_t i = 1; i < keyed.regions.size(); ++i)
        text += fmt::format("\n{}another signed part: {}", indent,
                            keyed.regions[i].codeHex.empty() ? std::string(examine::kNotReadable)
                                                             : "code " + keyed.regions[i].codeHex);
    return text;
}

}  // namespace

std::string assuranceText(const examine::Finding& finding) {
    const examine::Rate& rate = finding.falsePositiveRate;
    if (const auto log10P = examine::log10POf(finding)) return examine::pValueText(*log10P);
    if (finding.kind == models::Kind::Fingerprint) return "none registered";
    if (rate.n == 0) return "not measured";
    if (finding.isOutside()) return "outside calib.";
    const long found = std::lround(rate.value * rate.n);
    return fmt::format("{} of {}, \u2264 {:.2g} %", found, rate.n, 100 * rate.upper95);
}

std::string codeText(const examine::Finding& finding) {
    return finding.code ? examine::codeText(*finding.code) : std::string();
}

std::string detailsText(const examine::Finding& finding, const std::string& indent) {
    if (finding.presence != examine::Presence::Present) return {};
    if (finding.keyed) return keyText(finding, indent);
    return finding.match && finding.match->instance > 0 ? instanceText(finding, indent) : std::string();
}

}  // namespace signet::cli
