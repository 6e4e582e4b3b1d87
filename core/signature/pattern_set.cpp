#include "core/signature/pattern_set.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/signature/key_stream.h"

namespace signet::signature {
namespace {

/// The product of two vectors, in four sums so that it can be computed four at a time, always in the same
/// order.
template <typename T>
T dot(std::span<const T> a, std::span<const T> b) {
    std::array<T, 4> sums{};
    std::size_t i = 0;
    for (; i + 4 <= a.size(); i += 4)
        for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
    T rest = 0;
    for (; i < a.size(); ++i) rest += a[i] * b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest;
}

void addScaled(std::span<float> to, std::span<const float> what, float factor) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}

void checkLength(std::size_t length, std::size_t expected, const char* what) {
    if (length != expected)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} of {} numbers; {} are needed", what, length, expected));
}

}  // namespace

PatternBand::PatternBand(int size, double kMin, double kMax) : m_size(size) {
    if (!(kMin > 0 && kMin <= kMax && 2 * kMax < size))
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a band from {} to {} cycles does not fit a tile of {} chips", kMin, kMax, size));
    const int reach = static_cast<int>(kMax);
    for (int fy = 0; fy <= reach; ++fy) {
        for (int fx = -reach; fx <= reach; ++fx) {
            const double squared = fx * fx + fy * fy;
            const bool otherOfPair = fy == 0 && fx <= 0;
            if (!otherOfPair && squared >= kMin * kMin && squared <= kMax * kMax) m_modes.push_back({fx, fy});
        }
    }
    // Every angle is a multiple of one turn / size.
    std::vector<float> cosines, sines;
    for (int i = 0; i < size; ++i) {
        const double angle = 2 * std::numbers::pi * i / size;
        cosines.push_back(static_cast<float>(std::numbers::sqrt2 * std::cos(angle)));
        sines.push_back(static_cast<float>(std::numbers::sqrt2 * std::sin(angle)));
    }
    m_basis.reserve(dimensions() * chips());
    for (const Mode& mode : m_modes) {
        for (const std::vector<float>* wave : {&cosines, &sines}) {
            for (int y = 0; y < size; ++y) {
                for (int x = 0; x < size; ++x) {
                    const int turn = (mode.fx * x + mode.fy * y) % size;
                    m_basis.push_back((*wave)[static_cast<std::size_t>(turn < 0 ? turn + size : turn)]);
                }
            }
        }
    }
}

std::vector<float> PatternBand::project(std::span<const float> tile) const {
    checkLength(tile.size(), chips(), "a tile");
    std::vector<float> coefficients(dimensions());
    const float scale = 1.0f / static_cast<float>(chips());
    for (std::size_t d = 0; d < coefficients.size(); ++d)
        coefficients[d] = scale * dot(tile, basis().subspan(d * chips(), chips()));
    return coefficients;
}

std::vector<float> PatternBand::synthesise(std::span<const float> coefficients) const {
    checkLength(coefficients.size(), dimensions(), "coefficients");
    std::vector<float> tile(chips(), 0);
    for (std::size_t d = 0; d < coefficients.size(); ++d)
        addScaled(tile, basis().subspan(d * chips(), chips()), coefficients[d]);
    return tile;
}

double syncAmplitude(std::size_t bits) {
    return bits > 0 ? std::sqrt(static_cast<double>(bits) / 3) : 1;
}

PatternSet::PatternSet(const PatternBand& band, const SecretKey& key, int bits)
    : m_bits(static_cast<std::size_t>(bits)), m_dimensions(band.dimensions()) {
    if (bits < 0 || count() > m_dimensions)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} bits do not fit a band of {} dimensions", bits, m_dimensions));
    KeyStream stream(key, "signet patterns");
    std::vector<double> vectors(count() * m_dimensions);
    const auto row = [&](std::size_t i) {
        return std::span(vectors).subspan(i * m_dimensions, m_dimensions);
    };
    for (std::size_t i = 0; i < count(); ++i) {
        const std::span<double> vector = row(i);
        for (double& x : vector) x = stream.normal();
        for (int pass = 0; pass < 2; ++pass) {
            for (std::size_t j = 0; j < i; ++j) {
                const std::span<const double> before = row(j);
                const double along = dot<double>(vector, before);
                for (std::size_t d = 0; d < m_dimensions; ++d) vector[d] -= along * before[d];
            }
        }
        const double length = std::sqrt(dot<double>(vector, vector));
        for (double& x : vector) x /= length;
    }
    m_coefficients.assign(vectors.begin(), vectors.end());
}

std::span<const float> PatternSet::pattern(std::size_t i) const {
    return coefficients().subspan(i * m_dimensions, m_dimensions);
}

std::vector<float> PatternSet::tiles(const PatternBand& band) const {
    std::vector<float> tiles;
    tiles.reserve(count() * band.chips());
    for (std::size_t i = 0; i < count(); ++i) {
        const std::vector<float> tile = band.synthesise(pattern(i));
        tiles.insert(tiles.end(), tile.begin(), tile.end());
    }
    return tiles;
}

std::vector<float> PatternSet::carrier(std::span<const std::int8_t> codeword) const {
    checkLength(codeword.size(), m_bits, "a codeword");
    const double n = static_cast<double>(m_bits);
    const double synchronisation = syncAmplitude(m_bits);
    const double scale = 1 / std::sqrt(n + synchronisation * synchronisation);
    std::vector<float> sum(m_dimensions, 0);
    addScaled(sum, pattern(0), static_cast<float>(scale * synchronisation));
    for (std::size_t i = 0; i < m_bits; ++i) {
        if (codeword[i] != 1 && codeword[i] != -1)
            throw Error(ErrorCode::BadOption, "a codeword consists of +1 and -1");
        addScaled(sum, pattern(i + 1), static_cast<float>(scale * codeword[i]));
    }
    return sum;
}

std::vector<float> PatternSet::correlate(std::span<const float> coefficients) const {
    checkLength(coefficients.size(), m_dimensions, "coefficients");
    std::vector<float> products(count());
    for (std::size_t i = 0; i < count(); ++i) products[i] = dot(coefficients, pattern(i));
    return products;
}

}  // namespace signet::signature
