#pragma once

#include <cmath>
#include <limits>

namespace signet::test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Equal, infinities too, or no further apart than that.
inline bool near(double a, double b, double tolerance = 1e-12) {
    return a == b || std::abs(a - b) <= tolerance;
}

/// The same in shares of what is expected. NaN is near NaN only, as infinities and 0 are near themselves.
inline bool relativelyNear(double value, double expected, double share = 1e-12) {
    if (std::isnan(expected)) return std::isnan(value);
    if (std::isinf(expected) || expected == 0) return value == expected;
    return std::abs(value - expected) <= share * std::abs(expected);
}

}  // namespace signet::test
