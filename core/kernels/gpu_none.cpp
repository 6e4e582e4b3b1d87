#include "core/kernels/affine_leaky_relu_kernels.h"
#include "core/kernels/gpu.h"
#include "core/kernels/up_fir_down_kernels.h"

namespace signet::kernels {
namespace {

constexpr int kNotBuilt = 1;  ///< never called: hasKernels() asks builtForGpu() first

}  // namespace

bool builtForGpu() {
    return false;
}

const char* gpuErrorText(int /*error*/) {
    return "built without nvcc";
}

int upFirDownOnGpu(const float* /*x*/, float* /*y*/, const UpFirDownShape& /*shape*/, void* /*stream*/) {
    return kNotBuilt;
}

int layerOnGpu(const float* /*x*/, float* /*y*/, const LayerShape& /*shape*/, const LayerNumbers& /*numbers*/,
               void* /*stream*/) {
    return kNotBuilt;
}

int layerGradientOnGpu(const float* /*x*/, const float* /*y*/, const float* /*dy*/, float* /*dx*/,
                       const LayerShape& /*shape*/, const LayerNumbers& /*numbers*/, float* /*sums*/,
                       void* /*stream*/) {
    return kNotBuilt;
}

}  // namespace signet::kernels
