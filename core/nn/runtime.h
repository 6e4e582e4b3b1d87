#pragma once

#include <torch/types.h>

#include <string>

namespace signet::nn {

/// "auto", "cpu" or "cuda:N" as a device; auto is the first GPU that LibTorch can use, else the CPU.
/// libtorch_cuda.so is opened on the first use, where it and a driver are there. Throws Environment when a
/// GPU is asked for and cannot be had.
torch::Device deviceFromName(const std::string& name);

/// e.g. "LibTorch 2.11.0, cpu, AVX512".
std::string runtimeDescription();

/// True where bf16 arithmetic is in the processor's instruction set (AVX512-BF16 or AMX), so that autocast
/// gains speed.
bool processorHasBf16();

/// While alive, CPU operations of this thread run under bf16 autocast (if enabled is true); weights stay
/// float32.
class Bf16Guard {
public:
    explicit Bf16Guard(bool enabled);
    ~Bf16Guard();
    Bf16Guard(const Bf16Guard&) = delete;
    Bf16Guard& operator=(const Bf16Guard&) = delete;

private:
    bool m_enabled;
    bool m_before;
};

}  // namespace signet::nn
