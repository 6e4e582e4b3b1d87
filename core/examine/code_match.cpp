#include "core/examine/code_match.h"

#include <algorithm>
#include <cmath>

#include "core/metrics/binomial.h"

namespace signet::examine {

std::string_view toString(MatchAnswer answer) {
    switch (answer) {
        case MatchAnswer::None:
            return "no match";
        case MatchAnswer::Match:
            return "match";
        case MatchAnswer::Contradicted:
            return "near, but differs in bits read with certainty";
        case MatchAnswer::Shared:
            return "as near as another holder's";
    }
    return "no match";
}

MatchAnswer CodeMatch::answer() const {
    if (checked ? matched < bits : log10PCorrected > kMatchLog10P) return MatchAnswer::None;
    if (contradicted) return MatchAnswer::Contradicted;
    const bool shared = std::any_of(rivals.begin(), rivals.end(), [this](const Rival& rival) {
        return rival.matched >= matched && !rival.contradicted;
    });
    return shared ? MatchAnswer::Shared : MatchAnswer::Match;
}

void CodeMatch::setChances() {
    log10P = metrics::log10BinomialTail(bits, matched);
    log10PCorrected =
        metrics::correctedLog10P(log10P, static_cast<double>(searched) * std::max(1, geometriesTried));
}

void CodeMatch::weigh(const metrics::ReadErrors& errors, std::span<const std::uint8_t> differs) {
    weighed = true;
    log10Likelihood = errors.log10Likelihood(differs);
    log10PErrors = errors.log10Tail(differs);
    contradicted = log10PErrors <= std::log10(kContradictedP);
}

std::optional<metrics::ReadErrors> readErrorsOf(int bits, std::span<const double> bitConfidence) {
    if (bits <= 0 || bitConfidence.size() != static_cast<std::size_t>(bits)) return std::nullopt;
    const auto bad = [](double p) { return !(p >= 0.5 && p <= 1); };
    if (std::any_of(bitConfidence.begin(), bitConfidence.end(), bad)) return std::nullopt;
    return metrics::ReadErrors(bitConfidence);
}

}  // namespace signet::examine
