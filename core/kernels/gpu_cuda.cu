#include <cuda_runtime.h>

#include "core/kernels/gpu.h"

namespace signet::kernels {

bool builtForGpu() {
    return true;
}

const char* gpuErrorText(int error) {
    return cudaGetErrorString(static_cast<cudaError_t>(error));
}

}  // namespace signet::kernels
