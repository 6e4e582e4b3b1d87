#include "core/kernels/affine_leaky_relu_kernels.h"
#include "core/kernels/vector_clones.h"

namespace signet::kernels {
namespace {

/// A picture's numbers, one a channel each; a channel of what is left out has what changes nothing.
template <bool Scaled, bool Biased>
SIGNET_INLINE void rows(const float* __restrict x, float* __restrict y, const LayerNumbers& n,
                        const float* __restrict scale, const float* noise, float strength,
                        std::int64_t channels, std::int64_t count) {
    const float negative = n.slope * n.gain;
    for (std::int64_t row = 0; row < count; ++row, x += channels, y += channels) {
        const float level = noise ? strength * noise[row] : 0;
        for (std::int64_t c = 0; c < channels; ++c) {
            float value = x[c];
            if constexpr (Scaled) value *= scale[c];
            value += level;
            if constexpr (Biased) value += n.bias[c];
            y[c] = value * (value > 0 ? n.gain : negative);
        }
    }
}

template <bool Scaled, bool Differentiated>
SIGNET_INLINE void gradientRows(const float* __restrict x, const float* __restrict y,
                                const float* __restrict dy, float* __restrict dx, const LayerNumbers& n,
                                const float* __restrict scale, const float* noise, std::int64_t channels,
                                std::int64_t count, float* __restrict sums) {
    const float negative = n.slope * n.gain;
    float* __restrict sum = sums;
    float* __restrict withX = sums + channels;
    float* __restrict withNoise = sums + 2 * channels;
    for (std::int64_t row = 0; row < count; ++row, y += channels, dy += channels) {
        const float level = noise ? noise[row] : 0;
        for (std::int64_t c = 0; c < channels; ++c) {
            const float before = dy[c] * (y[c] > 0 ? n.gain : negative);
            sum[c] += before;
            withNoise[c] += before * level;
            if constexpr (Scaled) withX[c] += before * x[c];
            if constexpr (Differentiated) dx[c] = Scaled ? before * scale[c] : before;
        }
        if constexpr (Scaled) x += channels;
        if constexpr (Differentiated) dx += channels;
    }
}

const float* noiseOf(const LayerShape& shape, const LayerNumbers& n, std::int64_t picture,
                     std::int64_t first) {
    if (!n.noise) return nullptr;
    return n.noise + (n.noisePerPicture ? picture * shape.places : 0) + first;
}

}  // namespace

SIGNET_CLONES void layerRows(const float* x, float* y, const LayerShape& shape, const LayerNumbers& n,
                             std::int64_t picture, std::int64_t first, std::int64_t count) {
    const float* scale = n.scale ? n.scale + picture * shape.channels : nullptr;
    const float* noise = noiseOf(shape, n, picture, first);
    const float strength = noise ? *n.strength : 0;
    if (scale && n.bias)
        rows<true, true>(x, y, n, scale, noise, strength, shape.channels, count);
    else if (scale)
        rows<true, false>(x, y, n, scale, noise, strength, shape.channels, count);
    else if (n.bias)
        rows<false, true>(x, y, n, scale, noise, strength, shape.channels, count);
    else
        rows<false, false>(x, y, n, scale, noise, strength, shape.channels, count);
}

SIGNET_CLONES void layerGradientRows(const float* x, const float* y, const float* dy, float* dx,
                                     const LayerShape& shape, const LayerNumbers& n, std::int64_t picture,
                                     std::int64_t first, std::int64_t count, float* sums) {
    const float* scale = n.scale ? n.scale + picture * shape.channels : nullptr;
    const float* noise = noiseOf(shape, n, picture, first);
    if (scale && dx)
        gradientRows<true, true>(x, y, dy, dx, n, scale, noise, shape.channels, count, sums);
    else if (scale)
        gradientRows<true, false>(x, y, dy, dx, n, scale, noise, shape.channels, count, sums);
    else if (dx)
        gradientRows<false, true>(x, y, dy, dx, n, scale, noise, shape.channels, count, sums);
    else
        gradientRows<false, false>(x, y, dy, dx, n, scale, noise, shape.channels, count, sums);
}

}  // namespace signet::kernels
