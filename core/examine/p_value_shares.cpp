#include "core/examine/p_value_shares.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace signet::examine {

bool PValueShares::hold(std::int64_t independent) const {
    for (std::size_t i = 0; i < upTo.size() && independent > 0; ++i) {
        const auto k = std::llround(upTo[i].value() * static_cast<double>(independent));
        if (metrics::clopperPearson(k, independent).lower > kAlphas[i]) return false;
    }
    return true;
}

PValueShares& PValueShares::operator+=(const PValueShares& more) {
    for (std::size_t i = 0; i < upTo.size(); ++i) {
        upTo[i].k += more.upTo[i].k;
        upTo[i].n += more.upTo[i].n;
    }
    smallestLog10P = std::min(smallestLog10P, more.smallestLog10P);
    return *this;
}

PValueShares pValueShares(std::span<const float> scores) {
    PValueShares shares;
    for (std::size_t i = 0; i < shares.upTo.size(); ++i) {
        const double least = -std::log10(PValueShares::kAlphas[i]);
        shares.upTo[i].n = static_cast<std::int64_t>(scores.size());
        shares.upTo[i].k = std::count_if(scores.begin(), scores.end(),
                                         [&](float score) { return static_cast<double>(score) >= least; });
    }
    for (const float score : scores)
        shares.smallestLog10P = std::min(shares.smallestLog10P, -static_cast<double>(score));
    return shares;
}

Json toJson(const PValueShares& shares) {
    Json json;
    for (std::size_t i = 0; i < shares.upTo.size(); ++i)
        json[fmt::format("{}", PValueShares::kAlphas[i])] = metrics::toJson(shares.upTo[i]);
    json["smallest_log10_p"] = shares.smallestLog10P;
    return json;
}

PValueShares pValueSharesFromJson(const Json& json) {
    PValueShares shares;
    for (std::size_t i = 0; i < shares.upTo.size(); ++i)
        shares.upTo[i] = metrics::proportionFromJson(json.at(fmt::format("{}", PValueShares::kAlphas[i])));
    shares.smallestLog10P = json.at("smallest_log10_p").get<double>();
    return shares;
}

}  // namespace signet::examine
