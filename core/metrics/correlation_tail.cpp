#include "core/metrics/correlation_tail.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/metrics/intervals.h"

namespace signet::metrics {

double log10EnergyShareTail(double share, int k, int n) {
    if (!(k > 0 && k < n))
        throw Error(ErrorCode::BadOption, fmt::format("{} directions of {} have no distribution", k, n));
    if (std::isnan(share)) throw Error(ErrorCode::BadOption, "the share of the energy is not a number");
    return logIncompleteBeta((n - k) / 2.0, k / 2.0, 1 - share) / std::numbers::ln10;
}

double log10CorrelationTail(double correlation, int n) {
    const double bothSides = log10EnergyShareTail(correlation * correlation, 1, n);
    if (correlation >= 0) return bothSides - std::log10(2.0);
    return std::log1p(-std::pow(10.0, bothSides) / 2) / std::numbers::ln10;
}

}  // namespace signet::metrics
