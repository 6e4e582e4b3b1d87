#include "core/training/adam.h"

#include <torch/torch.h>

#include <cmath>
#include <optional>

#include "core/base/error.h"

namespace signet::training {

using torch::Tensor;

Adam::Adam(nn::NamedParameters parameters, AdamOptions options)
    : m_parameters(std::move(parameters)), m_options(options) {
    for (const auto& [name, parameter] : m_parameters) {
        m_first.push_back(torch::zeros_like(parameter));
        m_second.push_back(torch::zeros_like(parameter));
    }
}

void Adam::zeroGradient() {
    for (auto& [name, parameter] : m_parameters) parameter.mutable_grad().reset();
}

Tensor Adam::gradientNorm() const {
    const torch::NoGradGuard guard;
    std::vector<Tensor> gradients;
    for (const auto& [name, parameter] : m_parameters)
        if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    return gradients.empty() ? torch::zeros({}) : torch::stack(at::_foreach_norm(gradients)).norm();
}

void Adam::step(double learningRate, const Tensor& norm, double value) {
    if (!std::isfinite(value)) throw Error(ErrorCode::Internal, "the gradient is not finite");
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
    if (parameters.empty()) return;
    ++m_steps;
    // The update divides the gradient by a scale: what clips it.
    std::optional<Tensor> scale;
    if (m_options.maxGradientNorm > 0)
        scale = (norm / m_options.maxGradientNorm).clamp_min(1).to(torch::kFloat32);
    const std::vector<Tensor> steps(
        parameters.size(),
        torch::full({}, static_cast<double>(m_steps), parameters.front().options().dtype(torch::kFloat32)));
    at::_fused_adam_(parameters, gradients, first, second, {}, steps, learningRate, m_options.beta1,
                     m_options.beta2, 0, m_options.epsilon, false, false, scale);
}

double Adam::step(double learningRate) {
    const Tensor norm = gradientNorm();
    const double value = norm.item<double>();
    step(learningRate, norm, value);
    return value;
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
        return nn::entryOf(state, name, shape, "optimiser state");
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
