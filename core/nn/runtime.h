#pragma once

#include <torch/types.h>

#include <optional>
#include <string>

namespace signet::nn {

/// "auto", "cpu" or "cuda:N" as a device; auto is a GPU where LibTorch can use one (of several the own-th,
/// counted round), else the CPU. libtorch_cuda.so is opened on the first use, where it and a driver are
/// there. Throws Environment when a GPU is asked for and cannot be had.
torch::Device deviceFromName(const std::string& name, int own = 0);

/// e.g. "LibTorch 2.11.0, cpu, AVX512".
std::string runtimeDescription();

/// True where bf16 arithmetic is in the processor's instruction set (AVX512-BF16 or AMX), so that autocast
/// gains speed.
bool processorHasBf16();

/// The same of a device; of GPUs it is taken for granted.
bool deviceHasBf16(const torch::Device& device);

/// Memory that LibTorch holds on a GPU, in MiB; nothing for the CPU.
std::optional<double> deviceMemoryMiB(const torch::Device& device);

/// The PCI address of a GPU, "0000:3B:00.0"; empty for the CPU and where CUDA does not say.
std::string busIdOf(const torch::Device& device);

/// While alive, operations of this thread on such a device run under bf16 autocast (if enabled is true);
/// weights stay float32.
class Bf16Guard {
public:
    explicit Bf16Guard(bool enabled, torch::DeviceType device = torch::kCPU);
    ~Bf16Guard();
    Bf16Guard(const Bf16Guard&) = delete;
    Bf16Guard& operator=(const Bf16Guard&) = delete;

private:
    bool m_enabled;
    torch::DeviceType m_device;
    bool m_before;
};

}  // namespace signet::nn
