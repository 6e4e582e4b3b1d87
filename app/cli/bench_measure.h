#pragma once

#include <chrono>
#include <vector>

namespace signet::cli {

template <typename F>
double secondsOf(F&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values);

/// Starts the kernel's count of this process's peak memory anew, so that what went before does not stand in
/// the figure of the work measured.
void resetPeakMemory();

}  // namespace signet::cli
