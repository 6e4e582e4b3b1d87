#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/nn/safetensors.h"
#include "core/training/process_group.h"

/// Ranks as processes of this machine, for tests that need no launcher.
namespace signet::tests {

/// What one rank came to.
struct RankResult {
    int status = -1;            ///< exit status; 128 + signal when killed
    nn::TensorMap tensors;      ///< what the body returned
    std::string error;          ///< message of the signet::Error that ended the body
    std::string code = "none";  ///< and its code
    double seconds = 0;         ///< how long the body took
};

/// Forks `size` ranks that meet at 127.0.0.1 and runs body in each, with one computing thread; size 1 stands
/// alone. The calling process must not have run a backward pass itself. Results are in rank order.
std::vector<RankResult> onRanks(int size, const std::function<nn::TensorMap(training::ProcessGroup&)>& body,
                                std::chrono::seconds patience = std::chrono::seconds(30));

}  // namespace signet::tests
