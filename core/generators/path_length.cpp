#include "core/generators/path_length.h"

#include <torch/torch.h>

#include <cmath>

#include "core/generators/player.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr double kMemory = 0.99;

}  // namespace

Tensor PathLength::penalty(const Tensor& pictures, const Tensor& styles, at::Generator random,
                           training::ProcessGroup& group, training::StepResult& result) {
    const auto pixels = static_cast<double>(pictures.size(2) * pictures.size(3));
    const Tensor direction = torch::randn(pictures.sizes(), random).to(pictures.device()) / std::sqrt(pixels);
    const Tensor slope = torch::autograd::grad({(pictures * direction).sum()}, {styles}, {}, true, true)[0];
    const Tensor lengths = slope.square().sum(2).mean(1).sqrt();
    const double now = group.mean(lengths.detach().mean().to(torch::kCPU, torch::kFloat64)).item<double>();
    mean += (1 - kMemory) * (now - mean);
    note(result, "path_length", lengths.mean(), group);
    return (lengths - mean).square().mean();
}

}  // namespace signet::generators
