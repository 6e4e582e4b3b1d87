#include "core/cases/match.h"

#include <cmath>

#include "core/base/text.h"
#include "core/metrics/binomial.h"

namespace signet::cases {

std::optional<CodeMatch> matchCode(const std::string& hex, int bits, const std::string& model, int hypotheses,
                                   std::span<const RegisteredCode> codes) {
    const std::vector<std::uint8_t> read = bitsFromHex(hex, bits);
    std::optional<CodeMatch> best;
    std::int64_t searched = 0;
    for (const RegisteredCode& code : codes) {
        if (code.bits != bits || (!code.model.empty() && code.model != model)) continue;
        ++searched;
        const std::vector<std::uint8_t> other = bitsFromHex(code.hex, bits);
        int matched = 0;
        for (int i = 0; i < bits; ++i)
            matched += read[static_cast<std::size_t>(i)] == other[static_cast<std::size_t>(i)];
        if (!best || matched > best->matched) {
            best = CodeMatch{};
            best->holder = code.holder;
            best->hex = code.hex;
            best->matched = matched;
            best->bits = bits;
        }
    }
    if (!best) return best;
    best->searched = searched;
    best->hypotheses = hypotheses;
    best->log10P = metrics::log10BinomialTail(bits, best->matched);
    best->log10PCorrected =
        metrics::correctedLog10P(best->log10P, static_cast<double>(searched) * hypotheses);
    return best;
}

Json toJson(const CodeMatch& match) {
    return {{"holder", match.log10PCorrected <= kMatchLog10P ? match.holder : std::string()},
            {"nearest_holder", match.holder},
            {"code", match.hex},
            {"matched", match.matched},
            {"n", match.bits},
            {"p_value", std::pow(10.0, match.log10P)},
            {"p_value_corrected", std::pow(10.0, match.log10PCorrected)},
            {"log10_p", match.log10P},
            {"log10_p_corrected", match.log10PCorrected},
            {"database_size", match.searched},
            {"hypotheses", match.hypotheses}};
}

}  // namespace signet::cases
