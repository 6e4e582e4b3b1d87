#pragma once

#include <cstdint>

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
};

/// [lower, upper]; an end that is not finite is null.
Json toJson(const Interval& interval);
/// {value, k, n, ci95}
Json toJson(const Proportion& proportion);
/// {value, n, ci95}
Json toJson(const MeanCi95& mean);

/// As toJson wrote them; the interval of a proportion is worked out anew. Throw Json::exception for what is
/// missing or of the wrong kind.
Proportion proportionFromJson(const Json& json);
MeanCi95 meanFromJson(const Json& json);

}  // namespace signet::metrics
