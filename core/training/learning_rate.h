#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace signet::training {

/// A learning rate that stays and then falls along a cosine.
struct RateSchedule {
    double decayFrom = 1;  ///< share of the steps after which it falls; 1: it never does
    double finalRate = 0;  ///< factor at the last step
};

/// The factor on the rate of the step after stepsDone of steps.
inline double rateFactor(const RateSchedule& schedule, std::uint64_t stepsDone, int steps) {
    const double done = static_cast<double>(stepsDone) / steps;
    if (done <= schedule.decayFrom || schedule.decayFrom >= 1) return 1;
    const double phase = std::min(1.0, (done - schedule.decayFrom) / (1 - schedule.decayFrom));
    return schedule.finalRate + (1 - schedule.finalRate) * 0.5 * (1 + std::cos(std::numbers::pi * phase));
}

}  // namespace signet::training
