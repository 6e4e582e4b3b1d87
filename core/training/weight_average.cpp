#include "core/training/weight_average.h"

#include <torch/torch.h>

#include <algorithm>

namespace signet::training {

using torch::Tensor;

WeightAverage::WeightAverage(nn::NamedParameters parameters, double decay)
    : m_parameters(std::move(parameters)), m_decay(decay) {
    reset();
}

void WeightAverage::reset() {
    m_steps = 0;
    m_average.clear();
    for (const auto& [name, parameter] : m_parameters) m_average.push_back(parameter.detach().clone());
}

void WeightAverage::update() {
    const torch::NoGradGuard guard;
    ++m_steps;
    const auto t = static_cast<double>(m_steps);
    const double decay = std::min(m_decay, (1 + t) / (10 + t));
    std::vector<Tensor> weights;
    for (const auto& [name, parameter] : m_parameters) weights.push_back(parameter);
    at::_foreach_lerp_(m_average, weights, 1 - decay);
}

void WeightAverage::swap() {
    for (std::size_t i = 0; i < m_average.size(); ++i) {
        const Tensor weight = m_parameters[i].second.data();
        m_parameters[i].second.set_data(m_average[i]);
        m_average[i] = weight;
    }
}

nn::TensorMap WeightAverage::state() const {
    nn::TensorMap state;
    for (std::size_t i = 0; i < m_average.size(); ++i) state[m_parameters[i].first] = m_average[i];
    state["steps"] = torch::tensor({m_steps}, torch::kInt64);
    return state;
}

void WeightAverage::load(const nn::TensorMap& state) {
    const auto find = [&](const std::string& name, at::IntArrayRef shape) {
        return nn::entryOf(state, name, shape, "average of the weights");
    };
    std::vector<Tensor> loaded;
    for (const auto& [name, parameter] : m_parameters) loaded.push_back(find(name, parameter.sizes()));
    m_steps = find("steps", {1}).item<std::int64_t>();
    for (std::size_t i = 0; i < loaded.size(); ++i) m_average[i].copy_(loaded[i]);
}

}  // namespace signet::training
