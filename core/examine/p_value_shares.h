#pragma once

#include <array>
#include <span>

#include "core/metrics/measured.h"

namespace signet::examine {

/// How many pictures that carry no signature have a p-value of at most alpha: where p-values hold, a share of
/// at most alpha, whatever the pictures show.
struct PValueShares {
    static constexpr std::array<double, 3> kAlphas{0.1, 0.01, 0.001};

    std::array<metrics::Proportion, kAlphas.size()> upTo;  ///< one an alpha, all of one n
    double smallestLog10P = 0;                             ///< of all pictures

    std::int64_t n() const { return upTo.front().n; }
    /// Whether each share may be at most its alpha: the lower end of its 95 % interval is. independent: how
    /// many of the pictures are of their own, where several are of one photograph.
    bool hold(std::int64_t independent) const;
    bool hold() const { return hold(n()); }
    PValueShares& operator+=(const PValueShares& more);
};

/// Of scores that are -log10 of p-values.
PValueShares pValueShares(std::span<const float> scores);

/// {"0.1": {value, k, n, ci95}, "0.01": ..., "0.001": ..., "smallest_log10_p"}
Json toJson(const PValueShares& shares);
/// Throws Json::exception.
PValueShares pValueSharesFromJson(const Json& json);

}  // namespace signet::examine
