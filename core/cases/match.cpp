#include "core/cases/match.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/metrics/binomial.h"

namespace signet::cases {

namespace {

int equalBits(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    int equal = 0;
    for (std::size_t i = 0; i < a.size(); ++i) equal += a[i] == b[i];
    return equal;
}

bool comparable(const RegisteredCode& code, const std::string& model, int bits) {
    return code.bits == bits && (code.model.empty() || model.empty() || code.model == model);
}

}  // namespace

std::optional<CodeMatch> matchCode(const std::string& hex, int bits, const std::string& model, int hypotheses,
                                   std::span<const RegisteredCode> codes) {
    const std::vector<std::uint8_t> read = bitsFromHex(hex, bits);
    std::vector<CodeMatch::Rival> nearest;
    for (const RegisteredCode& code : codes) {
        if (comparable(code, model, bits))
            nearest.push_back({code.holder, code.hex, equalBits(read, bitsFromHex(code.hex, bits))});
    }
    if (nearest.empty()) return std::nullopt;
    std::stable_sort(nearest.begin(), nearest.end(),
                     [](const auto& a, const auto& b) { return a.matched > b.matched; });
    const double comparisons = static_cast<double>(nearest.size()) * hypotheses;
    const auto corrected = [&](int matched) {
        return metrics::correctedLog10P(metrics::log10BinomialTail(bits, matched), comparisons);
    };
    CodeMatch best;
    best.holder = nearest.front().holder;
    best.hex = nearest.front().hex;
    best.matched = nearest.front().matched;
    best.bits = bits;
    best.searched = static_cast<std::int64_t>(nearest.size());
    best.hypotheses = hypotheses;
    best.log10P = metrics::log10BinomialTail(bits, best.matched);
    best.log10PCorrected = corrected(best.matched);
    for (const CodeMatch::Rival& rival : std::span(nearest).subspan(1)) {
        if (corrected(rival.matched) > kMatchLog10P) break;
        if (rival.holder != best.holder) best.rivals.push_back(rival);
    }
    return best;
}

std::vector<RegisteredCode> codesLike(const RegisteredCode& code, std::span<const RegisteredCode> codes) {
    const auto bits = bitsFromHex(code.hex, code.bits);
    std::vector<std::pair<int, RegisteredCode>> alike;
    for (const RegisteredCode& other : codes) {
        if (!comparable(other, code.model, code.bits) || other.holder == code.holder) continue;
        const int equal = equalBits(bits, bitsFromHex(other.hex, other.bits));
        if (metrics::log10BinomialTail(code.bits, equal) <= kMatchLog10P) alike.emplace_back(equal, other);
    }
    std::stable_sort(alike.begin(), alike.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<RegisteredCode> result;
    for (auto& [equal, other] : alike) result.push_back(std::move(other));
    return result;
}

bool isNamed(double log10PCorrected, int matched, int nearestRival) {
    return log10PCorrected <= kMatchLog10P && nearestRival != matched;
}

Json toJson(const CodeMatch& match) {
    Json rivals = Json::array();
    for (const CodeMatch::Rival& rival : match.rivals)
        rivals.push_back({{"holder", rival.holder}, {"code", rival.hex}, {"matched", rival.matched}});
    const bool named = isNamed(match.log10PCorrected, match.matched,
                               match.rivals.empty() ? -1 : match.rivals.front().matched);
    return {{"holder", named ? match.holder : std::string()},
            {"nearest_holder", match.holder},
            {"code", match.hex},
            {"matched", match.matched},
            {"n", match.bits},
            {"p_value", std::pow(10.0, match.log10P)},
            {"p_value_corrected", std::pow(10.0, match.log10PCorrected)},
            {"log10_p", match.log10P},
            {"log10_p_corrected", match.log10PCorrected},
            {"database_size", match.searched},
            {"hypotheses", match.hypotheses},
            {"also_matching", rivals}};
}

}  // namespace signet::cases
