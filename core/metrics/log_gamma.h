#pragma once

#include <math.h>

namespace signet::metrics {

/// ln |Gamma(x)| without the global sign variable that std::lgamma writes from every thread.
inline double logGamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

}  // namespace signet::metrics
