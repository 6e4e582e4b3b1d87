#pragma once

#include <functional>
#include <string>
#include <vector>

namespace signet::kernels {

/// Seconds of a kernel and of the same composed of LibTorch's operators (planes in memory, as they come),
/// medians of rounds that take turns; forward and backward.
struct KernelTiming {
    std::string name;
    double forward, composedForward;
    double both, composedBoth;  ///< forward and backward together
};

/// Times the kernels on the layers of a StyleGAN2 of 64 px and of the paper's at 128 px. `going` is asked
/// between rounds; where it says false what was timed comes back. device: "cpu" or "cuda".
std::vector<KernelTiming> timeKernels(int rounds, int threads, const std::string& device,
                                      const std::function<bool()>& going);

}  // namespace signet::kernels
