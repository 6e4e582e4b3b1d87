#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace signet::attacks {

/// Another seed for part number index of a piece of work (SplitMix64): neighbouring indices give unrelated
/// streams.
inline std::uint64_t derivedSeed(std::uint64_t seed, std::uint64_t index) {
    std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/// Uniform and normal numbers that are the same with every standard library: the engine's sequence is fixed
/// by the C++ standard, the distributions are written here.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}

    /// In (0, 1), 53 bits.
    double uniform() { return (static_cast<double>(m_engine() >> 11) + 0.5) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// 0 .. count - 1
    int below(int count) { return static_cast<int>(uniform() * count); }

    /// Standard normal, by Box-Muller; both numbers of a pair are used.
    double normal() {
        if (m_haveSpare) {
            m_haveSpare = false;
            return m_spare;
        }
        const double radius = std::sqrt(-2 * std::log(uniform()));
        const double angle = 2 * std::numbers::pi * uniform();
        m_spare = radius * std::sin(angle);
        m_haveSpare = true;
        return radius * std::cos(angle);
    }

private:
    std::mt19937_64 m_engine;
    double m_spare = 0;
    bool m_haveSpare = false;
};

}  // namespace signet::attacks
