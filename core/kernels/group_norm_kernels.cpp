#include "core/kernels/group_norm_kernels.h"

#include <bit>

#include "core/kernels/vector_clones.h"

namespace signet::kernels {
namespace {

SIGNET_INLINE float load(float value) {
    return value;
}
SIGNET_INLINE float load(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}
SIGNET_INLINE void store(float& to, float value) {
    to = value;
}
/// Round to nearest, ties to even.
SIGNET_INLINE void store(std::uint16_t& to, float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    to = static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/// e^x to 3 units of the last place: 2^n times the Taylor polynomial of the rest, |rest| <= ln(2) / 2.
SIGNET_INLINE float exponential(float x) {
    x = x < -87 ? -87 : (x > 88 ? 88 : x);
    constexpr float kRound = 12582912;  // 1.5 * 2^23: adding it rounds to an integer, held in the low bits
    const float shifted = x * 1.44269504f + kRound;
    const float n = shifted - kRound;
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    const float p =
        1 + r * (1 + r * (0.5f + r * (1.f / 6 + r * (1.f / 24 + r * (1.f / 120 + r * (1.f / 720))))));
    const std::uint32_t exponent = (std::bit_cast<std::uint32_t>(shifted) - 0x4b400000u + 127u) << 23;
    return p * std::bit_cast<float>(exponent);
}

SIGNET_INLINE float sigmoid(float z) {
    return 1 / (1 + exponential(-z));
}

/// SplitMix64's finaliser (G. Steele et al., "Fast splittable pseudorandom number generators", OOPSLA 2014).
SIGNET_INLINE std::uint32_t rowSeed(std::uint64_t seed, std::int64_t row) {
    std::uint64_t z = seed + static_cast<std::uint64_t>(row + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<std::uint32_t>(z >> 32);
}

/// Factor of one value: 0 or mask.kept. Murmur3's 32-bit finaliser of row and channel.
SIGNET_INLINE float dropFactor(std::uint32_t row, std::int64_t channel, const DropoutMask& mask) {
    std::uint32_t h = row + static_cast<std::uint32_t>(channel) * 0x9e3779b9u;
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    h ^= h >> 16;
    return h < mask.threshold ? 0 : mask.kept;
}

template <typename T>
SIGNET_INLINE void addMomentsImpl(const T* __restrict x, std::int64_t rows, std::int64_t channels,
                                  float* __restrict sum, float* __restrict squares) {
    for (std::int64_t row = 0; row < rows; ++row, x += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float value = load(x[c]);
            sum[c] += value;
            squares[c] += value * value;
        }
    }
}

template <bool Silu, bool Drop, typename T>
SIGNET_INLINE void normalizeImpl(const T* __restrict x, T* __restrict y, std::int64_t rows,
                                 std::int64_t channels, std::int64_t firstRow, const ChannelCoefficients& k,
                                 const DropoutMask& mask) {
    for (std::int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
        const std::uint32_t seed = rowSeed(mask.seed, firstRow + row);
        for (std::int64_t c = 0; c < channels; ++c) {
            const float z = load(x[c]) * k.factor[c] + k.offset[c];
            float value = Silu ? z * sigmoid(z) : z;
            if constexpr (Drop) value *= dropFactor(seed, c, mask);
            store(y[c], value);
        }
    }
}

template <bool Silu, bool Drop, typename T>
SIGNET_INLINE void differentiateImpl(const T* __restrict x, const T* __restrict dy, T* __restrict dz,
                                     std::int64_t rows, std::int64_t channels, std::int64_t firstRow,
                                     const ChannelCoefficients& k, const DropoutMask& mask,
                                     float* __restrict dFactor, float* __restrict dOffset) {
    for (std::int64_t row = 0; row < rows; ++row, x += channels, dy += channels, dz += channels) {
        const std::uint32_t seed = rowSeed(mask.seed, firstRow + row);
        for (std::int64_t c = 0; c < channels; ++c) {
            const float value = load(x[c]);
            const float z = value * k.factor[c] + k.offset[c];
            float gradient = load(dy[c]);
            if constexpr (Drop) gradient *= dropFactor(seed, c, mask);
            if constexpr (Silu) {
                const float s = sigmoid(z);
                gradient *= s * (1 + z * (1 - s));
            }
            dOffset[c] += gradient;
            dFactor[c] += gradient * (value - k.mean[c]) * k.inverseDeviation[c];
            store(dz[c], gradient);
        }
    }
}

template <typename T>
SIGNET_INLINE void finishImpl(const T* __restrict x, T* __restrict dz, std::int64_t rows,
                              std::int64_t channels, const float* a, const float* b, const float* c) {
    for (std::int64_t row = 0; row < rows; ++row, x += channels, dz += channels) {
        for (std::int64_t i = 0; i < channels; ++i)
            store(dz[i], load(dz[i]) * a[i] - load(x[i]) * b[i] - c[i]);
    }
}

template <typename T>
SIGNET_INLINE void normalizeTyped(const T* __restrict x, T* __restrict y, std::int64_t rows,
                                  std::int64_t channels, std::int64_t firstRow, const ChannelCoefficients& k,
                                  bool silu, const DropoutMask& mask) {
    if (silu && mask.threshold)
        normalizeImpl<true, true>(x, y, rows, channels, firstRow, k, mask);
    else if (silu)
        normalizeImpl<true, false>(x, y, rows, channels, firstRow, k, mask);
    else if (mask.threshold)
        normalizeImpl<false, true>(x, y, rows, channels, firstRow, k, mask);
    else
        normalizeImpl<false, false>(x, y, rows, channels, firstRow, k, mask);
}

template <typename T>
SIGNET_INLINE void differentiateTyped(const T* __restrict x, const T* __restrict dy, T* __restrict dz,
                                      std::int64_t rows, std::int64_t channels, std::int64_t firstRow,
                                      const ChannelCoefficients& k, bool silu, const DropoutMask& mask,
                                      float* dFactor, float* dOffset) {
    if (silu && mask.threshold)
        differentiateImpl<true, true>(x, dy, dz, rows, channels, firstRow, k, mask, dFactor, dOffset);
    else if (silu)
        differentiateImpl<true, false>(x, dy, dz, rows, channels, firstRow, k, mask, dFactor, dOffset);
    else if (mask.threshold)
        differentiateImpl<false, true>(x, dy, dz, rows, channels, firstRow, k, mask, dFactor, dOffset);
    else
        differentiateImpl<false, false>(x, dy, dz, rows, channels, firstRow, k, mask, dFactor, dOffset);
}

}  // namespace

SIGNET_CLONES void addMoments(Values x, std::int64_t rows, std::int64_t channels, float* __restrict sum,
                              float* squares) {
    if (x.bfloat16)
        addMomentsImpl(static_cast<const std::uint16_t*>(x.data), rows, channels, sum, squares);
    else
        addMomentsImpl(static_cast<const float*>(x.data), rows, channels, sum, squares);
}

SIGNET_CLONES void normalizeRows(Values x, void* y, std::int64_t rows, std::int64_t channels,
                                 std::int64_t firstRow, const ChannelCoefficients& k, bool silu,
                                 const DropoutMask& mask) {
    if (x.bfloat16)
        normalizeTyped(static_cast<const std::uint16_t*>(x.data), static_cast<std::uint16_t*>(y), rows,
                       channels, firstRow, k, silu, mask);
    else
        normalizeTyped(static_cast<const float*>(x.data), static_cast<float*>(y), rows, channels, firstRow, k,
                       silu, mask);
}

SIGNET_CLONES void differentiateRows(Values x, const void* dy, void* dz, std::int64_t rows,
                                     std::int64_t channels, std::int64_t firstRow,
                                     const ChannelCoefficients& k, bool silu, const DropoutMask& mask,
                                     float* dFactor, float* dOffset) {
    if (x.bfloat16)
        differentiateTyped(static_cast<const std::uint16_t*>(x.data), static_cast<const std::uint16_t*>(dy),
                           static_cast<std::uint16_t*>(dz), rows, channels, firstRow, k, silu, mask, dFactor,
                           dOffset);
    else
        differentiateTyped(static_cast<const float*>(x.data), static_cast<const float*>(dy),
                           static_cast<float*>(dz), rows, channels, firstRow, k, silu, mask, dFactor,
                           dOffset);
}

SIGNET_CLONES void finishGradient(Values x, void* dz, std::int64_t rows, std::int64_t channels,
                                  const float* a, const float* b, const float* c) {
    if (x.bfloat16)
        finishImpl(static_cast<const std::uint16_t*>(x.data), static_cast<std::uint16_t*>(dz), rows, channels,
                   a, b, c);
    else
        finishImpl(static_cast<const float*>(x.data), static_cast<float*>(dz), rows, channels, a, b, c);
}

}  // namespace signet::kernels
