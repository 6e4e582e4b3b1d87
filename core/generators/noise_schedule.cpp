#include "core/generators/noise_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

#include "core/base/error.h"

namespace signet::generators {

namespace {

constexpr double kCosineOffset = 0.008;
constexpr double kMostBeta = 0.999;
constexpr double kPublishedSteps = 1000;
constexpr double kLinearFirst = 1e-4, kLinearLast = 0.02;
constexpr double kSquaredFirst = 0.0015, kSquaredLast = 0.0195;

/// from at step 0, to at the last.
double onLine(double from, double to, int step, int steps) {
    return steps == 1 ? from : from + (to - from) * step / (steps - 1);
}

double cosineKept(double share) {
    const double root = std::cos((share + kCosineOffset) / (1 + kCosineOffset) * std::numbers::pi / 2);
    return root * root;
}

double betaOf(const std::string& name, int step, int steps) {
    if (name == "linear") {
        const double scale = kPublishedSteps / steps;
        return std::min(kMostBeta, onLine(scale * kLinearFirst, scale * kLinearLast, step, steps));
    }
    if (name == "squared") {
        const double root = onLine(std::sqrt(kSquaredFirst), std::sqrt(kSquaredLast), step, steps);
        return root * root;
    }
    if (name == "cosine") {
        const double before = cosineKept(static_cast<double>(step) / steps);
        return std::min(kMostBeta, 1 - cosineKept(static_cast<double>(step + 1) / steps) / before);
    }
    throw Error(ErrorCode::BadOption, "a noise schedule is linear, cosine or squared, not " + name);
}

}  // namespace

NoiseSchedule::NoiseSchedule(const std::string& name, int steps) {
    if (steps < 1) throw Error(ErrorCode::BadOption, "a noise schedule has at least one step");
    double kept = 1;
    for (int step = 0; step < steps; ++step) {
        m_betas.push_back(betaOf(name, step, steps));
        kept *= 1 - m_betas.back();
        m_kept.push_back(kept);
        m_networkSteps.push_back(step);
    }
}

double NoiseSchedule::posteriorVariance(int step) const {
    return beta(step) * (1 - kept(step - 1)) / (1 - kept(step));
}

double NoiseSchedule::posteriorLogVariance(int step) const {
    if (steps() == 1) return std::log(beta(step));
    return std::log(posteriorVariance(std::max(step, 1)));
}

NoiseSchedule NoiseSchedule::at(const std::vector<int>& chosen, double end) const {
    NoiseSchedule result;
    double before = result.m_end = end;
    for (const int step : chosen) {
        result.m_betas.push_back(1 - kept(step) / before);
        result.m_kept.push_back(kept(step));
        result.m_networkSteps.push_back(networkStep(step));
        before = kept(step);
    }
    return result;
}

void NoiseSchedule::requireSteps(int count) const {
    if (count < 1 || count > steps())
        throw Error(ErrorCode::BadOption,
                    fmt::format("a model of {} timesteps is sampled in 1 to {} steps", steps(), steps()));
}

NoiseSchedule NoiseSchedule::upTo(int count) const {
    requireSteps(count);
    std::vector<int> chosen(static_cast<std::size_t>(count));
    std::iota(chosen.begin(), chosen.end(), 0);
    return at(chosen, m_end);
}

NoiseSchedule NoiseSchedule::respaced(int count) const {
    requireSteps(count);
    std::vector<int> chosen;
    for (int i = 0; i < count; ++i)
        chosen.push_back(static_cast<int>(std::lround(onLine(0, steps() - 1, i, count))));
    return at(chosen, m_end);
}

NoiseSchedule NoiseSchedule::everySoMany(int count) const {
    requireSteps(count);
    std::vector<int> chosen;
    for (int step = 1; step < steps(); step += steps() / count) chosen.push_back(step);
    if (chosen.empty()) chosen.push_back(0);
    return at(chosen, kept(0));
}

}  // namespace signet::generators
