#include "core/cases/match.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/metrics/binomial.h"
#include "core/metrics/read_errors.h"

namespace signet::cases {

namespace {

using Bits = std::vector<std::uint8_t>;

Bits differences(const Bits& a, const Bits& b) {
    Bits differs(a.size());
    std::transform(a.begin(), a.end(), b.begin(), differs.begin(), [](auto x, auto y) { return x != y; });
    return differs;
}

int equalBits(const Bits& differs) {
    return static_cast<int>(std::count(differs.begin(), differs.end(), 0));
}

/// The same, or not said of one of them.
bool agree(const std::string& a, const std::string& b) {
    return a.empty() || b.empty() || a == b;
}

template <typename Code>
bool comparable(const RegisteredCode& registered, const Code& code) {
    return registered.bits == code.bits && agree(registered.model, code.model) &&
           agree(registered.keyFingerprint, code.keyFingerprint);
}

/// A registered code beside the one read.
struct Candidate {
    const RegisteredCode* code = nullptr;
    Bits differs;
    int matched = 0;
    double log10Likelihood = 0;
};

}  // namespace

std::optional<examine::CodeMatch> matchCode(const ReadCode& code, std::span<const RegisteredCode> codes) {
    const Bits read = bitsFromHex(code.hex, code.bits);
    const auto errors = examine::readErrorsOf(code.bits, code.bitConfidence);
    std::vector<Candidate> nearest;
    for (const RegisteredCode& registered : codes) {
        if (!comparable(registered, code)) continue;
        Candidate candidate{&registered, differences(read, bitsFromHex(registered.hex, code.bits))};
        candidate.matched = equalBits(candidate.differs);
        if (errors) candidate.log10Likelihood = errors->log10Likelihood(candidate.differs);
        nearest.push_back(std::move(candidate));
    }
    if (nearest.empty()) return std::nullopt;
    std::stable_sort(nearest.begin(), nearest.end(), [](const Candidate& a, const Candidate& b) {
        return std::pair(a.log10Likelihood, a.matched) > std::pair(b.log10Likelihood, b.matched);
    });
    const Candidate& first = nearest.front();
    examine::CodeMatch best;
    best.holder = first.code->holder;
    best.hex = first.code->hex;
    best.matched = first.matched;
    best.bits = code.bits;
    best.searched = static_cast<std::int64_t>(nearest.size());
    best.geometriesTried = code.geometriesTried;
    best.checked = code.checked;
    best.setChances();
    if (errors) best.weigh(*errors, first.differs);
    for (const Candidate& other : std::span(nearest).subspan(1)) {
        examine::CodeMatch rival = best;
        rival.matched = other.matched;
        rival.setChances();
        if (rival.answer() == examine::MatchAnswer::None || other.code->holder == best.holder) continue;
        if (errors) rival.weigh(*errors, other.differs);
        best.rivals.push_back({other.code->holder, other.code->hex, other.matched, rival.contradicted});
    }
    return best;
}

std::vector<RegisteredCode> codesLike(const RegisteredCode& code, std::span<const RegisteredCode> codes) {
    const auto bits = bitsFromHex(code.hex, code.bits);
    std::vector<std::pair<int, RegisteredCode>> alike;
    for (const RegisteredCode& other : codes) {
        if (!comparable(other, code) || other.holder == code.holder) continue;
        const int equal = equalBits(differences(bits, bitsFromHex(other.hex, other.bits)));
        if (metrics::log10BinomialTail(code.bits, equal) <= examine::kMatchLog10P)
            alike.emplace_back(equal, other);
    }
    std::stable_sort(alike.begin(), alike.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<RegisteredCode> result;
    result.reserve(alike.size());
    for (auto& [equal, other] : alike) result.push_back(std::move(other));
    return result;
}

}  // namespace signet::cases
