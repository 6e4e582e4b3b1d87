#include "core/training/throughput.h"

#include <algorithm>
#include <cmath>

namespace signet::training {
namespace {
constexpr double kMemorySeconds = 30;
constexpr double kLeastSpread = 0.05;
}  // namespace

void Throughput::add(std::uint64_t steps, double seconds) {
    if (steps == 0 || !(seconds > 0)) return;
    const double each = seconds / static_cast<double>(steps);
    const double keep = std::exp(-seconds / kMemorySeconds);
    const double weight = 1 - keep;
    m_weight = keep * m_weight + weight;
    m_squares = keep * keep * m_squares + weight * weight;
    m_mean = keep * m_mean + weight * each;
    m_square = keep * m_square + weight * each * each;
}

double Throughput::secondsPerStep() const {
    return m_weight > 0 ? m_mean / m_weight : 0;
}

Throughput::Eta Throughput::eta(std::uint64_t stepsLeft) const {
    if (m_weight <= 0) return {};
    const double mean = secondsPerStep();
    const double variance = std::max(0.0, m_square / m_weight - mean * mean);
    const double error = 2 * std::sqrt(variance * m_squares) / m_weight;
    const double spread = std::max(kLeastSpread * mean, std::min(error, 0.9 * mean));
    const auto left = static_cast<double>(stepsLeft);
    return {left * mean, left * (mean - spread), left * (mean + spread)};
}

}  // namespace signet::training
