#pragma once

#include <cstddef>
#include <cstdint>

namespace signet::kernels {

// Loops over rows of channels, compiled for several instruction sets and chosen at run time. Sums and
// coefficients are float.

/// rows x channels values; y, dy and dz beside them are of the same type.
struct Values {
    const void* data;
    bool bfloat16;  ///< else float
};

/// What one image's channels are multiplied with, n values each.
struct ChannelCoefficients {
    const float* factor;  ///< z = x * factor + offset is what SiLU takes
    const float* offset;
    const float* mean;  ///< xhat = (x - mean) * inverseDeviation
    const float* inverseDeviation;
};

struct DropoutMask {
    std::uint64_t seed = 0;
    std::uint32_t threshold = 0;  ///< a hash below it drops the value; 0: nothing is dropped
    float kept = 1;               ///< factor on what is kept
};

/// Adds each channel's sum and sum of squares over rows x channels values.
void addMoments(Values x, std::int64_t rows, std::int64_t channels, float* sum, float* squares);

/// y = dropout(silu(z)) or dropout(z). firstRow numbers the rows of the whole tensor: it decides the mask.
void normalizeRows(Values x, void* y, std::int64_t rows, std::int64_t channels, std::int64_t firstRow,
                   const ChannelCoefficients& coefficients, bool silu, const DropoutMask& mask);

/// dz, the gradient with respect to z, from that of y; adds dz to dOffset and dz * xhat to dFactor.
void differentiateRows(Values x, const void* dy, void* dz, std::int64_t rows, std::int64_t channels,
                       std::int64_t firstRow, const ChannelCoefficients& coefficients, bool silu,
                       const DropoutMask& mask, float* dFactor, float* dOffset);

/// dx = dz * a - x * b - c, in the place of dz.
void finishGradient(Values x, void* dz, std::int64_t rows, std::int64_t channels, const float* a,
                    const float* b, const float* c);

}  // namespace signet::kernels
