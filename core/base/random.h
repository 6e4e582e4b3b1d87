#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace signet {

/// One seed made of two numbers (SplitMix64's finaliser, Steele et al. 2014): neighbours share no bits.
inline std::uint64_t mixedSeed(std::uint64_t seed, std::uint64_t number) {
    std::uint64_t z = seed + 0x9e3779b97f4a7c15ull * (number + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

/// So many fair bits, 0 or 1 each, of a source of random words: the lowest bit of each.
template <typename Source>
std::vector<std::uint8_t> drawnBits(int count, Source&& word) {
    std::vector<std::uint8_t> bits(static_cast<std::size_t>(count));
    for (auto& bit : bits) bit = word() & 1;
    return bits;
}

/// Random numbers of one step of a long run. Seeded by (seed, stream, step) alone, so a resumed run draws
/// what the uninterrupted one would have drawn and no generator state has to be stored. Own transforms: std's
/// distributions differ between libraries.
class StepRandom {
public:
    StepRandom(std::uint64_t seed, std::uint64_t stream, std::uint64_t step) {
        std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                               static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(step),
                               static_cast<std::uint32_t>(step >> 32)};
        m_engine.seed(sequence);
    }

    std::uint64_t bits() { return m_engine(); }
    /// [0, 1)
    double uniform() { return static_cast<double>(m_engine() >> 11) * 0x1.0p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// 0 .. n-1
    std::uint64_t index(std::uint64_t n) {
        return static_cast<std::uint64_t>(uniform() * static_cast<double>(n));
    }
    /// low .. high, both among them
    int between(int low, int high) {
        return low + static_cast<int>(index(static_cast<std::uint64_t>(high - low) + 1));
    }
    bool chance(double p) { return uniform() < p; }
    double normal() {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    std::mt19937_64 m_engine;
};

}  // namespace signet
