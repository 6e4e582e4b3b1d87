#include "core/nn/runtime.h"

#include <ATen/autocast_mode.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <fstream>
#include <mutex>

#include "core/base/error.h"

namespace signet::nn {
namespace {

bool cudaUsable() {
    static std::once_flag once;
    std::call_once(once, [] {
        // libtorch_cuda.so registers its kernels when it is opened; without a driver opening it would only
        // cost time.
        if (void* driver = dlopen("libcuda.so.1", RTLD_LAZY)) {
            dlclose(driver);
            dlopen("libtorch_cuda.so", RTLD_LAZY | RTLD_GLOBAL);
        }
    });
    return at::hasCUDA() && torch::cuda::is_available();
}

}  // namespace

torch::Device deviceFromName(const std::string& name) {
    if (name == "cpu") return torch::kCPU;
    if (name == "auto") return cudaUsable() ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
    if (name.starts_with("cuda")) {
        if (!cudaUsable())
            throw Error(
                ErrorCode::Environment,
                fmt::format(
                    "device {} was asked for, but LibTorch finds no usable GPU here; use --device cpu",
                    name));
        try {
            return torch::Device(name);
        } catch (const c10::Error&) {
            throw Error(ErrorCode::BadOption,
                        fmt::format("\"{}\" is not a device; use auto, cpu or cuda:N", name));
        }
    }
    throw Error(ErrorCode::BadOption, fmt::format("\"{}\" is not a device; use auto, cpu or cuda:N", name));
}

std::string runtimeDescription() {
    return fmt::format("LibTorch {}, {}", TORCH_VERSION, at::get_cpu_capability());
}

bool processorHasBf16() {
    static const bool has = [] {
        std::ifstream info("/proc/cpuinfo");
        for (std::string line; std::getline(info, line);) {
            if (line.starts_with("flags"))
                return line.find("avx512_bf16") != std::string::npos ||
                       line.find("amx_bf16") != std::string::npos;
        }
        return false;
    }();
    return has;
}

Bf16Guard::Bf16Guard(bool enabled)
    : m_enabled(enabled), m_before(at::autocast::is_autocast_enabled(at::kCPU)) {
    if (!m_enabled) return;
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    at::autocast::increment_nesting();
}

Bf16Guard::~Bf16Guard() {
    if (!m_enabled) return;
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(at::kCPU, m_before);
}

}  // namespace signet::nn
