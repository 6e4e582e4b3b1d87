#include "core/kernels/placement.h"

#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/torch.h>

#include "core/kernels/gpu.h"

namespace signet::kernels {

using torch::Tensor;

namespace {

at::MemoryFormat formatOn(const torch::Device& device) {
    return device.is_cpu() ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

}  // namespace

bool hasKernels(const Tensor& x) {
    return x.scalar_type() == torch::kFloat32 && x.dim() == 4 && x.numel() > 0 &&
           (x.is_cpu() || (x.is_cuda() && builtForGpu()));
}

Tensor laidOut(const Tensor& x) {
    return x.contiguous(formatOn(x.device()));
}

Tensor emptyLaidOut(torch::IntArrayRef shape, const Tensor& like) {
    return torch::empty(shape, like.options().memory_format(formatOn(like.device())));
}

void* streamOf(const Tensor& x) {
    return c10::impl::VirtualGuardImpl(x.device().type()).getStream(x.device()).native_handle();
}

void requireLaunched(int error) {
    TORCH_CHECK(error == 0, "a kernel did not start: ", gpuErrorText(error));
}

}  // namespace signet::kernels
