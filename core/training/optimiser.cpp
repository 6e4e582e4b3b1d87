#include "core/training/optimiser.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/training/learning_rate.h"

namespace signet::training {

using torch::Tensor;

namespace {

std::vector<Tensor> tensorsOf(const nn::NamedParameters& parameters) {
    std::vector<Tensor> tensors;
    for (const auto& [name, parameter] : parameters) tensors.push_back(parameter);
    return tensors;
}

}  // namespace

Optimiser::Optimiser(const nn::NamedParameters& parameters, const OptimiserOptions& options, int steps,
                     ProcessGroup& group, bool someUnused)
    : m_options(options),
      m_steps(steps),
      m_averaging(group, tensorsOf(parameters), someUnused),
      m_adam(parameters, {.maxGradientNorm = options.clip}) {
    if (options.ema > 0) m_average.emplace(parameters, options.ema);
}

double Optimiser::learningRate() const {
    const double warm =
        m_options.warmUp > 0 ? std::min(1.0, static_cast<double>(m_done + 1) / m_options.warmUp) : 1.0;
    return m_options.learningRate * warm *
           rateFactor({m_options.decayFrom, m_options.finalRate}, m_done, m_steps);
}

void Optimiser::requireFinite(std::string_view term, double value) const {
    if (!std::isfinite(value))
        throw Error(ErrorCode::Internal,
                    fmt::format("the loss term \"{}\" is not finite at step {}: the run stops at its last "
                                "checkpoint; try a smaller learningRate",
                                term, m_done + 1));
}

void Optimiser::step(const Tensor& norm, double value) {
    m_adam.step(learningRate(), norm, value);
    if (m_average) m_average->update();
    ++m_done;
}

WeightAverage::InUse Optimiser::useAverage() {
    return WeightAverage::InUse(m_average ? &*m_average : nullptr);
}

void Optimiser::restartAverage() {
    if (m_average) m_average->reset();
}

nn::SafeTensors Optimiser::stateWith(const nn::TensorMap& networks) const {
    nn::SafeTensors state;
    nn::addWithPrefix(state.tensors, networks, "net.");
    nn::addWithPrefix(state.tensors, m_adam.state(), "adam.");
    if (m_average) nn::addWithPrefix(state.tensors, m_average->state(), "average.");
    for (auto& [name, tensor] : state.tensors) tensor = tensor.to(torch::kCPU);
    state.metadata = {{"step", std::to_string(m_done)}};
    return state;
}

void Optimiser::restore(const nn::SafeTensors& state) {
    const std::uint64_t done = stateNumber(state, "step");
    m_adam.load(nn::withoutPrefix(state.tensors, "adam."));
    if (m_average) m_average->load(nn::withoutPrefix(state.tensors, "average."));
    m_done = done;
}

const std::string& stateText(const nn::SafeTensors& state, const std::string& key) {
    const auto at = state.metadata.find(key);
    if (at == state.metadata.end())
        throw Error(ErrorCode::Corrupt, fmt::format("the checkpoint lacks \"{}\"", key));
    return at->second;
}

std::uint64_t stateNumber(const nn::SafeTensors& state, const std::string& key) {
    const std::string& text = stateText(state, key);
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) throwUnreadableState();
    return number;
}

void throwUnreadableState() {
    throw Error(ErrorCode::Corrupt, "the checkpoint's state cannot be read");
}

void throwOtherNetworks() {
    throw Error(ErrorCode::BadOption,
                "the checkpoint is of another network; resume it with the configuration it was started with");
}

}  // namespace signet::training
