#include <cuda_runtime.h>

#include "core/kernels/up_fir_down_kernels.h"

namespace signet::kernels {
namespace {

constexpr int kTaps = 4, kThreads = 256;

/// One place of the result a thread.
__global__ void resample(const float* __restrict__ x, float* __restrict__ y, UpFirDownShape shape) {
    const float filter[kTaps] = {1.F / 8, 3.F / 8, 3.F / 8, 1.F / 8};
    const std::int64_t size = shape.toHeight * shape.toWidth;
    const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
         i < shape.planes * size; i += step) {
        const std::int64_t place = i % size;
        const float* plane = x + i / size * shape.height * shape.width;
        const std::int64_t top = place / shape.toWidth * shape.down - shape.before;
        const std::int64_t left = place % shape.toWidth * shape.down - shape.before;
        float sum = 0;
        for (int row = 0; row < kTaps; ++row) {
            const std::int64_t v = top + row;
            if (v < 0 || v % shape.up != 0 || v / shape.up >= shape.height) continue;
            float across = 0;
            for (int column = 0; column < kTaps; ++column) {
                const std::int64_t h = left + column;
                if (h < 0 || h % shape.up != 0 || h / shape.up >= shape.width) continue;
                across += filter[column] * plane[v / shape.up * shape.width + h / shape.up];
            }
            sum += filter[row] * across;
        }
        y[i] = sum * shape.gain;
    }
}

}  // namespace

int upFirDownOnGpu(const float* x, float* y, const UpFirDownShape& shape, void* stream) {
    const std::int64_t values = shape.planes * shape.toHeight * shape.toWidth;
    const auto blocks = static_cast<unsigned>(min((values + kThreads - 1) / kThreads, std::int64_t{1} << 20));
    resample<<<blocks, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(x, y, shape);
    return cudaGetLastError();
}

}  // namespace signet::kernels
