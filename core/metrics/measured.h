#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "core/base/json.h"
#include "core/metrics/intervals.h"
#include "core/metrics/quality.h"

namespace signet::metrics {

/// k of n, with its share and Clopper-Pearson interval.
struct Proportion {
    std::int64_t k = 0;
    std::int64_t n = 0;

    double value() const;  ///< NaN for n = 0
    Interval ci95() const { return clopperPearson(k, n); }
    double upper95() const { return clopperPearsonUpper(k, n); }  ///< one-sided
};

/// Which end of a measure is the better one.
enum class Better { Higher, Lower };

/// A mean over images and, of the same values, what a mean hides.
struct Spread : MeanCi95 {
    double worst = std::numeric_limits<double>::quiet_NaN();  ///< of all images; NaN: not recorded
    /// That 5 % of the images are no better than: the 5 % quantile, where less is better the 95 % one.
    double worst5 = std::numeric_limits<double>::quiet_NaN();
};

/// Of the values that are finite; possible as in meanAndCi95.
Spread spreadOf(std::span<const double> values, Better better, const Interval& possible);

/// [lower, upper]; an end that is not finite is null.
Json toJson(const Interval& interval);
/// {value, k, n, ci95}
Json toJson(const Proportion& proportion);
/// {value, n, ci95}
Json toJson(const MeanCi95& mean);
/// The same, and {worst, worst_5_percent} where they are recorded.
Json toJson(const Spread& spread);

/// As toJson wrote them; the interval of a proportion is worked out anew. Throw Json::exception for what is
/// missing or of the wrong kind.
Proportion proportionFromJson(const Json& json);
MeanCi95 meanFromJson(const Json& json);
Spread spreadFromJson(const Json& json);

}  // namespace signet::metrics
