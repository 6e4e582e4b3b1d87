#pragma once

namespace signet::kernels {

/// Whether this program has the kernels for a GPU (nvcc was there when it was built).
bool builtForGpu();

/// What a CUDA error is called.
const char* gpuErrorText(int error);

}  // namespace signet::kernels
