#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

#include "core/training/process_group.h"

namespace c10d {
class Logger;
class Reducer;
}  // namespace c10d

namespace signet::training {

/// Averages gradients over the ranks while backward still runs: c10d's Reducer, which fills buckets of 25 MiB
/// (the first of 1 MiB) in the order backward makes the gradients and sends each when it is full. Parameters
/// a step does not use are agreed on over the ranks and keep no gradient. Alone it does nothing. For the
/// training thread.
class GradientAveraging {
public:
    /// someUnused: a step may leave parameters out; the ranks then agree on which, and these keep no
    /// gradient. Without it, a parameter left out is an error at the next step.
    GradientAveraging(ProcessGroup& group, std::vector<torch::Tensor> parameters, bool someUnused);
    ~GradientAveraging();

    /// loss.backward() with gradients averaged afterwards. Throws Environment on a lost rank.
    void backward(const torch::Tensor& loss);

private:
    ProcessGroup& m_group;
    std::shared_ptr<c10d::Reducer> m_reducer;
    std::shared_ptr<c10d::Logger> m_logger;
    bool m_someUnused = false;
};

}  // namespace signet::training
