#include "core/cases/match.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/examine/findings.h"
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

bool comparable(const RegisteredCode& code, const std::string& model, int bits) {
    return code.bits == bits && (code.model.empty() || model.empty() || code.model == model);
}

/// How surely the bits were read; nothing where that is not known of each.
std::optional<metrics::ReadErrors> readErrors(const ReadCode& code) {
    if (code.bits <= 0 || code.bitConfidence.size() != static_cast<std::size_t>(code.bits))
        return std::nullopt;
    const auto bad = [](double p) { return !(p >= 0.5 && p <= 1); };
    if (std::any_of(code.bitConfidence.begin(), code.bitConfidence.end(), bad)) return std::nullopt;
    return metrics::ReadErrors(code.bitConfidence);
}

void weigh(CodeMatch& match, const metrics::ReadErrors& errors, const Bits& differs) {
    match.weighed = true;
    match.log10Likelihood = errors.log10Likelihood(differs);
    match.log10PErrors = errors.log10Tail(differs);
    match.contradicted = match.log10PErrors <= std::log10(kContradictedP);
}

void setChances(CodeMatch& match) {
    match.log10P = metrics::log10BinomialTail(match.bits, match.matched);
    match.log10PCorrected = metrics::correctedLog10P(
        match.log10P, static_cast<double>(match.searched) * std::max(1, match.hypotheses));
}

/// A registered code beside the one read.
struct Candidate {
    const RegisteredCode* code = nullptr;
    Bits differs;
    int matched = 0;
    double log10Likelihood = 0;
};

}  // namespace

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
    if (log10PCorrected > kMatchLog10P) return MatchAnswer::None;
    if (contradicted) return MatchAnswer::Contradicted;
    const bool shared = std::any_of(rivals.begin(), rivals.end(), [this](const Rival& rival) {
        return rival.matched >= matched && !rival.contradicted;
    });
    return shared ? MatchAnswer::Shared : MatchAnswer::Match;
}

std::optional<CodeMatch> matchCode(const ReadCode& code, std::span<const RegisteredCode> codes) {
    const Bits read = bitsFromHex(code.hex, code.bits);
    const auto errors = readErrors(code);
    std::vector<Candidate> nearest;
    for (const RegisteredCode& registered : codes) {
        if (!comparable(registered, code.model, code.bits)) continue;
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
    CodeMatch best;
    best.holder = first.code->holder;
    best.hex = first.code->hex;
    best.matched = first.matched;
    best.bits = code.bits;
    best.searched = static_cast<std::int64_t>(nearest.size());
    best.hypotheses = code.hypotheses;
    setChances(best);
    if (errors) weigh(best, *errors, first.differs);
    for (const Candidate& other : std::span(nearest).subspan(1)) {
        CodeMatch rival = best;
        rival.matched = other.matched;
        setChances(rival);
        if (rival.log10PCorrected > kMatchLog10P || other.code->holder == best.holder) continue;
        if (errors) weigh(rival, *errors, other.differs);
        best.rivals.push_back({other.code->holder, other.code->hex, other.matched, rival.contradicted});
    }
    return best;
}

std::vector<RegisteredCode> codesLike(const RegisteredCode& code, std::span<const RegisteredCode> codes) {
    const auto bits = bitsFromHex(code.hex, code.bits);
    std::vector<std::pair<int, RegisteredCode>> alike;
    for (const RegisteredCode& other : codes) {
        if (!comparable(other, code.model, code.bits) || other.holder == code.holder) continue;
        const int equal = equalBits(differences(bits, bitsFromHex(other.hex, other.bits)));
        if (metrics::log10BinomialTail(code.bits, equal) <= kMatchLog10P) alike.emplace_back(equal, other);
    }
    std::stable_sort(alike.begin(), alike.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<RegisteredCode> result;
    for (auto& [equal, other] : alike) result.push_back(std::move(other));
    return result;
}

Json toJson(const CodeMatch& match) {
    Json rivals = Json::array();
    for (const CodeMatch::Rival& rival : match.rivals)
        rivals.push_back({{"holder", rival.holder},
                          {"code", rival.hex},
                          {"matched", rival.matched},
                          {"contradicted", rival.contradicted}});
    const MatchAnswer answer = match.answer();
    return {{"holder", answer == MatchAnswer::Match ? match.holder : std::string()},
            {"nearest_holder", match.holder},
            {"answer", toString(answer)},
            {"code", match.hex},
            {"matched", match.matched},
            {"n", match.bits},
            {"p_value", std::pow(10.0, match.log10P)},
            {"p_value_corrected", std::pow(10.0, match.log10PCorrected)},
            {"log10_p", match.log10P},
            {"log10_p_corrected", match.log10PCorrected},
            {"log10_likelihood", match.weighed ? Json(match.log10Likelihood) : Json(nullptr)},
            {"log10_p_errors", match.weighed ? Json(match.log10PErrors) : Json(nullptr)},
            {"contradicted", match.contradicted},
            {"database_size", match.searched},
            {"hypotheses", match.hypotheses},
            {"also_matching", rivals}};
}

std::optional<CodeMatch> matchFromJson(const Json& finding) {
    const Json json = finding.value("match", Json());
    if (!json.is_object()) return std::nullopt;
    const examine::Finding read = examine::findingFromJson(finding);
    const auto text = [](const Json& object, const char* key) {
        const auto at = object.find(key);
        return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    const auto number = [](const Json& object, const char* key, auto fallback) {
        const auto at = object.find(key);
        return at != object.end() && at->is_number() ? at->template get<decltype(fallback)>() : fallback;
    };
    CodeMatch match;
    match.holder = text(json, json.contains("nearest_holder") ? "nearest_holder" : "holder");
    match.hex = text(json, "code");
    match.bits = number(json, "n", 0);
    match.matched = number(json, "matched", 0);
    match.searched = number(json, "database_size", std::int64_t{0});
    match.hypotheses = number(json, "hypotheses", read.hypotheses);
    if (match.bits <= 0 || match.searched <= 0 || match.matched > match.bits) return std::nullopt;
    setChances(match);
    const auto isTrue = [](const Json& object, const char* key) {
        const auto at = object.find(key);
        return at != object.end() && at->is_boolean() && at->get<bool>();
    };
    const Json rivals = json.value("also_matching", Json());
    for (const Json& rival : rivals.is_array() ? rivals : Json::array())
        match.rivals.push_back({text(rival, "holder"), text(rival, "code"), number(rival, "matched", 0),
                                isTrue(rival, "contradicted")});
    if (json.contains("contradicted")) {
        match.contradicted = isTrue(json, "contradicted");
        match.weighed = json.value("log10_p_errors", Json()).is_number();
        match.log10Likelihood = number(json, "log10_likelihood", 0.0);
        match.log10PErrors = number(json, "log10_p_errors", 0.0);
        return match;
    }
    if (!read.code) return match;
    const auto errors =
        readErrors({read.code->hex, read.code->bits, read.model, read.hypotheses, read.code->bitConfidence});
    if (!errors || match.hex.empty() || match.bits != read.code->bits) return match;
    const Bits bits = bitsFromHex(read.code->hex, match.bits);
    weigh(match, *errors, differences(bits, bitsFromHex(match.hex, match.bits)));
    for (CodeMatch::Rival& rival : match.rivals) {
        CodeMatch other = match;
        if (rival.hex.empty()) continue;
        weigh(other, *errors, differences(bits, bitsFromHex(rival.hex, match.bits)));
        rival.contradicted = other.contradicted;
    }
    return match;
}

}  // namespace signet::cases
