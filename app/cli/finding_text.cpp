#include "app/cli/finding_text.h"

#include <fmt/format.h>

#include <cmath>

#include "core/examine/findings.h"

namespace signet::cli {

std::string assuranceText(const examine::Finding& finding) {
    const examine::Rate& rate = finding.falsePositiveRate;
    if (finding.keyed) return examine::pValueText(finding.keyed->log10P);
    if (rate.n == 0) return "not measured";
    if (finding.isOutside()) return "outside calib.";
    const long found = std::lround(rate.value * rate.n);
    return fmt::format("{} of {}, \u2264 {:.2g} %", found, rate.n, 100 * rate.upper95);
}

std::string codeText(const examine::Finding& finding) {
    return finding.code ? examine::codeText(*finding.code) : std::string();
}

std::string keyText(const examine::Finding& finding, const std::string& indent) {
    if (!finding.keyed || finding.presence != examine::Presence::Present) return {};
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

}  // namespace signet::cli
