#include "core/nn/runtime.h"

#include <ATen/autocast_mode.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
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

torch::Device deviceFromName(const std::string& name, int own) {
    if (name == "cpu") return torch::kCPU;
    if (name == "auto") {
        if (!cudaUsable()) return torch::kCPU;
        return {torch::kCUDA,
                static_cast<torch::DeviceIndex>(own % static_cast<int>(torch::cuda::device_count()))};
    }
    if (name.starts_with("cuda")) {
        if (!cudaUsable())
            throw Error(
                ErrorCode::Environment,
                fmt::format(
                    "device {} was asked for, but LibTorch finds no usable GPU here; use --device cpu",
                    name));
        try {
            const torch::Device device(name);
            if (const auto count = torch::cuda::device_count(); device.index() >= static_cast<int>(count))
                throw Error(ErrorCode::Environment,
                            fmt::format("device {} was asked for, but here are only {} GPUs, counted from 0",
                                        name, count));
            return {torch::kCUDA, std::max<torch::DeviceIndex>(device.index(), 0)};
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

bool deviceHasBf16(const torch::Device& device) {
    return device.is_cpu() ? processorHasBf16() : device.is_cuda();
}

std::optional<double> deviceMemoryMiB(const torch::Device& device) {
    if (device.is_cpu()) return std::nullopt;
    auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()));
    if (!allocator || !allocator->initialized()) return std::nullopt;
    const auto all = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
    return static_cast<double>(allocator->getDeviceStats(device.index()).reserved_bytes[all].current) /
           (1 << 20);
}

std::string busIdOf(const torch::Device& device) {
    if (!device.is_cuda()) return {};
    using BusId = int (*)(char*, int, int);
    const auto ask = reinterpret_cast<BusId>(dlsym(RTLD_DEFAULT, "cudaDeviceGetPCIBusId"));
    std::array<char, 32> text{};
    if (!ask || ask(text.data(), static_cast<int>(text.size()), device.index()) != 0) return {};
    return text.data();
}

Bf16Guard::Bf16Guard(bool enabled, torch::DeviceType device)
    : m_enabled(enabled), m_device(device), m_before(at::autocast::is_autocast_enabled(device)) {
    if (!m_enabled) return;
    at::autocast::set_autocast_enabled(m_device, true);
    at::autocast::set_autocast_dtype(m_device, at::kBFloat16);
    at::autocast::increment_nesting();
}

Bf16Guard::~Bf16Guard() {
    if (!m_enabled) return;
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(m_device, m_before);
}

}  // namespace signet::nn
