#pragma once

#include <cstdint>

namespace signet::training {

/// How fast a run is and when it will end, from what it did lately: exponential averages of the time a step
/// takes and of its variance, with a memory of 30 s of computing time. For one thread.
class Throughput {
public:
    /// steps were done in seconds of computing time.
    void add(std::uint64_t steps, double seconds);

    double secondsPerStep() const;  ///< 0 before the first add

    /// Seconds until so many further steps are done: the mean, and a range that the spread seen so far makes
    /// plausible (mean -/+ 2 standard errors of the average, at least 5 %).
    struct Eta {
        double seconds = 0, low = 0, high = 0;
    };
    Eta eta(std::uint64_t stepsLeft) const;

private:
    double m_weight = 0;   ///< sum of the weights: the averages are divided by it (debiased)
    double m_squares = 0;  ///< sum of the squared weights
    double m_mean = 0;     ///< weighted sum of seconds a step
    double m_square = 0;   ///< weighted sum of their squares
};

}  // namespace signet::training
