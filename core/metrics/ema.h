#pragma once

#include <cmath>

namespace signet::metrics {

/// Debiased exponential moving average, one value at a time:
/// m_t = sum_i s^(t-i) x_i / sum_i s^(t-i), the average of Kingma and Ba's Adam after its bias correction.
/// Kept as mean and sum of weights instead of a biased mean and 1 - s^t, so that a constant series comes out
/// unchanged to the last bit and s = 0 gives the values themselves.
class Ema {
public:
    /// smoothing: 0 to below 1. 0 copies its input.
    explicit Ema(double smoothing = 0) : m_smoothing(smoothing) {}

    /// The state after count finite values whose average is mean.
    static Ema resumed(double smoothing, std::size_t count, double mean) {
        Ema ema(smoothing);
        ema.m_weight = (1 - std::pow(smoothing, static_cast<double>(count))) / (1 - smoothing);
        ema.m_mean = mean;
        return ema;
    }

    /// The average including value. NaN and infinities are handed back and leave the average alone.
    double next(double value) {
        if (!std::isfinite(value)) return value;
        m_weight = m_smoothing * m_weight + 1;
        m_mean = std::lerp(m_mean, value, 1 / m_weight);
        return m_mean;
    }

    double smoothing() const { return m_smoothing; }

private:
    double m_smoothing;
    double m_weight = 0;
    double m_mean = 0;
};

}  // namespace signet::metrics
