#pragma once

namespace signet::signature {

/// Running accuracies remember 97 % a step.
inline void remember(double& running, double value) {
    constexpr double kMemory = 0.97;
    running = kMemory * running + (1 - kMemory) * value;
}

}  // namespace signet::signature
