#include "core/training/adam.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "core/base/error.h"

namespace signet::training {

using torch::Tensor;

Adam::Adam(std::vector<std::pair<std::string, Tensor>> parameters, AdamOptions options)
    : m_parameters(std::move(parameters)), m_options(options) {
    for (const auto& [name, parameter] : m_parameters) {
        m_first.push_back(torch::zeros_like(parameter));
        m_second.push_back(torch::zeros_like(parameter));
    }
}

void Adam::zeroGradient() {
    for (auto& [name, parameter] : m_parameters) parameter.mutable_grad().reset();
}

double Adam::step(double learningRate) {
    const torch::NoGradGuard guard;
    std::vector<Tensor> parameters, gradients, first, second;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const Tensor& gradient = m_parameters[i].second.grad();
        if (!gradient.defined()) continue;
        parameters.push_back(m_parameters[i].second);
        gradients.push_back(gradient);
        first.push_back(m_first[i]);
        second.push_back(m_second[i]);
    }
    if (parameters.empty()) return 0;
    const auto norms = at::_foreach_norm(gradients);
    const double norm = torch::stack(norms).norm().item<double>();
    if (!std::isfinite(norm)) throw Error(ErrorCode::Internal, "the gradient is not finite");
    if (m_options.maxGradientNorm > 0 && norm > m_options.maxGradientNorm)
        at::_foreach_mul_(gradients, m_options.maxGradientNorm / norm);
    ++m_steps;
    const double correction1 = 1 - std::pow(m_options.beta1, static_cast<double>(m_steps));
    const double correction2 = 1 - std::pow(m_options.beta2, static_cast<double>(m_steps));
    at::_foreach_lerp_(first, gradients, 1 - m_options.beta1);
    at::_foreach_mul_(second, m_options.beta2);
    at::_foreach_addcmul_(second, gradients, gradients, 1 - m_options.beta2);
    auto denominator = at::_foreach_sqrt(second);
    at::_foreach_div_(denominator, std::sqrt(correction2));
    at::_foreach_add_(denominator, m_options.epsilon);
    at::_foreach_addcdiv_(parameters, first, denominator, -learningRate / correction1);
    return norm;
}

nn::TensorMap Adam::state() const {
    nn::TensorMap state;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        state["m." + m_parameters[i].first] = m_first[i];
        state["v." + m_parameters[i].first] = m_second[i];
    }
    state["steps"] = torch::tensor({m_steps}, torch::kInt64);
    return state;
}

void Adam::load(const nn::TensorMap& state) {
    const auto find = [&](const std::string& name, at::IntArrayRef shape) {
        const auto it = state.find(name);
        if (it == state.end() || it->second.sizes() != shape) {
            throw Error(
                ErrorCode::Corrupt,
                fmt::format("the checkpoint's optimiser state lacks \"{}\" or has it in another shape",
                            name));
        }
        return it->second;
    };
    std::vector<Tensor> first, second;
    for (const auto& [name, parameter] : m_parameters) {
        first.push_back(find("m." + name, parameter.sizes()));
        second.push_back(find("v." + name, parameter.sizes()));
    }
    m_steps = find("steps", {1}).item<std::int64_t>();
    for (std::size_t i = 0; i < first.size(); ++i) {
        m_first[i].copy_(first[i]);
        m_second[i].copy_(second[i]);
    }
}

}  // namespace signet::training
