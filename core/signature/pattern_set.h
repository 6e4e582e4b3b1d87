#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/signature/secret_key.h"

namespace signet::signature {

/// The real Fourier functions of a tile of size x size chips (a torus) with kMin <= |f| <= kMax, f = (fx, fy)
/// in cycles a tile. Each pair f, -f gives two dimensions: sqrt 2 cos(2 pi (fx x + fy y) / size), then sqrt 2
/// sin of it. The mean of the product of two of them over the tile is 1 or 0, so a tile whose coefficients
/// have the length 1 has the root mean square 1. A tile is row-major, [size, size]: element y * size + x.
class PatternBand {
public:
    /// Throws BadOption unless 0 < kMin <= kMax < size / 2.
    explicit PatternBand(int size = 32, double kMin = 2, double kMax = 11);

    struct Mode {
        int fx = 0, fy = 0;
        bool operator==(const Mode&) const = default;
    };
    /// One of each pair: fy > 0, or fy = 0 and fx > 0; by rising fy, then fx. Mode m has the dimensions 2m,
    /// 2m + 1.
    const std::vector<Mode>& modes() const { return m_modes; }
    int size() const { return m_size; }
    std::size_t chips() const { return static_cast<std::size_t>(m_size) * static_cast<std::size_t>(m_size); }
    /// N, the dimensions of the band: 368 by default.
    std::size_t dimensions() const { return 2 * m_modes.size(); }

    /// The functions, [N, size, size].
    std::span<const float> basis() const { return m_basis; }

    /// The coefficients [N] of the part of a tile that lies in the band: means of the tile times each
    /// function.
    std::vector<float> project(std::span<const float> tile) const;
    /// The tile [size, size] of coefficients [N].
    std::vector<float> synthesise(std::span<const float> coefficients) const;

private:
    int m_size;
    std::vector<Mode> m_modes;
    std::vector<float> m_basis;
};

/// Amplitude of the synchronisation pattern beside patterns of amplitude 1 for each of n bits: a third of
/// their power, a quarter of all. 1 where there are no bits.
double syncAmplitude(std::size_t bits);

/// The patterns of a key: bits + 1 orthonormal vectors of the band, uniformly distributed (Haar) over the
/// keys. Pattern 0 synchronises, pattern i carries bit i - 1 of a code. For a vector of the band that knows
/// nothing of the key the squared correlation with one pattern is therefore distributed as Beta(1/2, (N -
/// 1)/2), the share of its energy in the span of k patterns as Beta(k/2, (N - k)/2):
/// metrics::log10EnergyShareTail.
///
/// Mapping: KeyStream(key, "signet patterns").normal(), N numbers for pattern 0, then N for pattern 1 ...;
/// each freed of its parts along those before it (modified Gram-Schmidt, twice, in double) and scaled to
/// length 1. The first patterns are the same for any number of them.
class PatternSet {
public:
    /// Throws BadOption unless 0 <= bits < band.dimensions().
    PatternSet(const PatternBand& band, const SecretKey& key, int bits = 128);

    std::size_t count() const { return m_bits + 1; }
    std::size_t dimensions() const { return m_dimensions; }
    /// [bits + 1, N], each row of length 1.
    std::span<const float> coefficients() const { return m_coefficients; }
    /// [N]
    std::span<const float> pattern(std::size_t i) const;

    /// The patterns as tiles of root mean square 1, [bits + 1, size, size]. band: the one of the constructor.
    std::vector<float> tiles(const PatternBand& band) const;

    /// The coefficients [N], of length 1, of the carrier of a codeword [bits] of +1 and -1:
    /// (a P0 + sum of codeword_i P_(i+1)) / sqrt(bits + a^2), a = syncAmplitude(bits).
    std::vector<float> carrier(std::span<const std::int8_t> codeword) const;

    /// The products of coefficients [N] with each pattern, [bits + 1].
    std::vector<float> correlate(std::span<const float> coefficients) const;

private:
    std::size_t m_bits;
    std::size_t m_dimensions;
    std::vector<float> m_coefficients;
};

}  // namespace signet::signature
