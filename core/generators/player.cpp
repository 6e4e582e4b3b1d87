#include "core/generators/player.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace signet::generators {

using torch::Tensor;

Player::Player(nn::NamedParameters named, const PlayerOptions& o)
    : parameters(std::move(named)),
      rate(o.every > 0 ? o.rate * o.every / (o.every + 1) : o.rate),
      adam(parameters, {.beta1 = o.beta1,
                        .beta2 = o.every > 0 ? std::pow(o.beta2, o.every / (o.every + 1.0)) : o.beta2}) {}

nn::NamedParameters parametersOf(const torch::nn::Module& module, const char* prefix) {
    nn::NamedParameters parameters;
    nn::addParameters(parameters, module, prefix);
    return parameters;
}

void backward(const Tensor& loss, const std::vector<Player*>& players, training::ProcessGroup& group) {
    for (Player* player : players) player->adam.zeroGradient();
    loss.backward();
    if (group.size() == 1) return;
    std::vector<Tensor> gradients, flat;
    for (Player* player : players)
        for (const auto& [name, parameter] : player->parameters)
            if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    for (const Tensor& gradient : gradients) flat.push_back(gradient.flatten());
    const Tensor mean = group.mean(torch::cat(flat));
    std::int64_t at = 0;
    const torch::NoGradGuard guard;
    for (Tensor& gradient : gradients) {
        gradient.copy_(mean.slice(0, at, at + gradient.numel()).view_as(gradient));
        at += gradient.numel();
    }
}

void note(training::StepResult& result, const char* name, const Tensor& value,
          training::ProcessGroup& group) {
    const double mean = group.mean(value.detach().to(torch::kCPU, torch::kFloat64)).item<double>();
    if (!std::isfinite(mean))
        throw Error(ErrorCode::Internal, std::string("the loss term ") + name + " is not finite");
    result.values.emplace_back(name, mean);
}

at::Generator generatorOf(std::uint64_t seed) {
    return at::make_generator<at::CPUGeneratorImpl>(seed);
}

}  // namespace signet::generators
