#pragma once

#include <cstdint>

namespace signet::kernels {

/// Values of `pictures` x `places` x `channels`: on the CPU in this order, on a GPU with the places last.
struct LayerShape {
    std::int64_t pictures, places, channels;
};

/// What affineLeakyRelu() says; null for what is left out.
struct LayerNumbers {
    const float* scale;  ///< pictures x channels
    const float* noise;  ///< (pictures or 1) x places
    bool noisePerPicture;
    const float* strength;  ///< one number
    const float* bias;      ///< channels
    float slope, gain;
};

/// Sums that the gradient of a layer's numbers is made of, for each part of a picture and channel: of the
/// gradient before the activation, of it times x, of it times noise.
inline constexpr int kLayerSums = 3;

/// y of places [first, first + count) of a picture; x and y stand at the first of them.
void layerRows(const float* x, float* y, const LayerShape& shape, const LayerNumbers& numbers,
               std::int64_t picture, std::int64_t first, std::int64_t count);

/// dx of the same from y and its gradient; adds to sums, kLayerSums x channels. x may be null where there is
/// no scale; dx may be null.
void layerGradientRows(const float* x, const float* y, const float* dy, float* dx, const LayerShape& shape,
                       const LayerNumbers& numbers, std::int64_t picture, std::int64_t first,
                       std::int64_t count, float* sums);

/// The same of whole tensors in the memory of a GPU, on a CUDA stream; sums: [pictures,kLayerSums,channels].
/// Return the CUDA error, 0 for none.
int layerOnGpu(const float* x, float* y, const LayerShape& shape, const LayerNumbers& numbers, void* stream);
int layerGradientOnGpu(const float* x, const float* y, const float* dy, float* dx, const LayerShape& shape,
                       const LayerNumbers& numbers, float* sums, void* stream);

}  // namespace signet::kernels
