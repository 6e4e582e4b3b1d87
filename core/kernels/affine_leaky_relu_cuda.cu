#include <cuda_runtime.h>

#include "core/kernels/affine_leaky_relu_kernels.h"

namespace signet::kernels {
namespace {

constexpr int kThreads = 256, kWarp = 32;

struct PlaneNumbers {
    float scale, bias, strength;
    const float* noise;
};

__device__ PlaneNumbers numbersOf(const LayerShape& shape, const LayerNumbers& n, std::int64_t plane) {
    const std::int64_t picture = plane / shape.channels, channel = plane % shape.channels;
    return {n.scale ? n.scale[plane] : 1, n.bias ? n.bias[channel] : 0, n.noise ? *n.strength : 0,
            n.noise ? n.noise + (n.noisePerPicture ? picture * shape.places : 0) : nullptr};
}

/// One plane a block.
__global__ void forwardPlane(const float* __restrict__ x, float* __restrict__ y, LayerShape shape,
                             LayerNumbers n) {
    const std::int64_t plane = blockIdx.x;
    const PlaneNumbers own = numbersOf(shape, n, plane);
    x += plane * shape.places;
    y += plane * shape.places;
    for (std::int64_t i = threadIdx.x; i < shape.places; i += blockDim.x) {
        float value = x[i] * own.scale + own.bias;
        if (own.noise) value += own.strength * own.noise[i];
        y[i] = value * (value > 0 ? n.gain : n.slope * n.gain);
    }
}

/// The sum of all threads' values, in the first.
__device__ float blockSum(float value) {
    __shared__ float parts[kThreads / kWarp];
    for (int offset = kWarp / 2; offset > 0; offset /= 2) value += __shfl_down_sync(~0U, value, offset);
    if (threadIdx.x % kWarp == 0) parts[threadIdx.x / kWarp] = value;
    __syncthreads();
    float sum = 0;
    if (threadIdx.x == 0)
        for (const float part : parts) sum += part;
    __syncthreads();
    return sum;
}

__global__ void gradientPlane(const float* __restrict__ x, const float* __restrict__ y,
                              const float* __restrict__ dy, float* __restrict__ dx, LayerShape shape,
                              LayerNumbers n, float* sums) {
    const std::int64_t plane = blockIdx.x, offset = plane * shape.places;
    const PlaneNumbers own = numbersOf(shape, n, plane);
    float sum = 0, withX = 0, withNoise = 0;
    for (std::int64_t i = threadIdx.x; i < shape.places; i += blockDim.x) {
        const float before = dy[offset + i] * (y[offset + i] > 0 ? n.gain : n.slope * n.gain);
        sum += before;
        if (x) withX += before * x[offset + i];
        if (own.noise) withNoise += before * own.noise[i];
        if (dx) dx[offset + i] = before * own.scale;
    }
    sum = blockSum(sum);
    withX = blockSum(withX);
    withNoise = blockSum(withNoise);
    if (threadIdx.x != 0) return;
    sums += plane / shape.channels * kLayerSums * shape.channels + plane % shape.channels;
    sums[0] += sum;
    sums[shape.channels] += withX;
    sums[2 * shape.channels] += withNoise;
}

}  // namespace

int layerOnGpu(const float* x, float* y, const LayerShape& shape, const LayerNumbers& numbers, void* stream) {
    const auto planes = static_cast<unsigned>(shape.pictures * shape.channels);
    forwardPlane<<<planes, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(x, y, shape, numbers);
    return cudaGetLastError();
}

int layerGradientOnGpu(const float* x, const float* y, const float* dy, float* dx, const LayerShape& shape,
                       const LayerNumbers& numbers, float* sums, void* stream) {
    const auto planes = static_cast<unsigned>(shape.pictures * shape.channels);
    gradientPlane<<<planes, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(x, y, dy, dx, shape, numbers,
                                                                              sums);
    return cudaGetLastError();
}

}  // namespace signet::kernels
