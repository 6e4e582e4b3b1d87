#pragma once

#include <functional>
#include <string>
#include <vector>

namespace signet::kernels {

/// A layer to be timed, by the kernels and composed of LibTorch's operators (planes in memory, as they come);
/// each call does it once, and waits for a GPU.
struct KernelCase {
    std::string name;
    std::function<void()> forward, composedForward;
    std::function<void()> both, composedBoth;  ///< forward and backward
};

/// Layers of a StyleGAN2 of 64 px and of the paper's at 128 px. device: "cpu" or "cuda".
std::vector<KernelCase> kernelCases(int threads, const std::string& device);

}  // namespace signet::kernels
