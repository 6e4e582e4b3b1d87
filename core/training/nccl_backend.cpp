// A library of its own, opened only where a group trains on GPUs: it is linked with libtorch_cuda, which the
// program is not.
#define USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

/// Gives group NCCL for tensors on GPUs. Every rank has chosen its device before.
extern "C" void signetAddNccl(c10d::ProcessGroup& group, const c10::intrusive_ptr<c10d::Store>& store,
                              std::chrono::milliseconds timeout) {
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = timeout;
    group.setBackend(
        c10::DeviceType::CUDA, c10d::ProcessGroup::BackendType::NCCL,
        c10::make_intrusive<c10d::ProcessGroupNCCL>(store, group.getRank(), group.getSize(), options));
}
