#include "core/signature/restoring.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/nn/channels_last.h"
#include "core/nn/image_random.h"
#include "core/nn/runtime.h"

namespace signet::signature {

using torch::Tensor;

namespace {

nn::NamedParameters parametersOf(const torch::nn::Module& module) {
    nn::NamedParameters parameters;
    nn::addParameters(parameters, module, "");
    return parameters;
}

nn::UNet onDevice(const TrainingOptions& options, torch::Device device) {
    nn::UNet network(injectorUNet(options.network, false));
    nn::keepChannelsLast(*network);
    network->to(device);
    return network;
}

/// Adam at one rate throughout.
training::OptimiserOptions optimiserOf(const TrainingOptions& options) {
    training::OptimiserOptions optimiser;
    optimiser.learningRate = options.auxiliaryRate;
    optimiser.decayFrom = 1;
    optimiser.clip = 0;
    return optimiser;
}

void wantGradients(const nn::NamedParameters& parameters, bool wanted) {
    for (auto [name, parameter] : parameters) parameter.set_requires_grad(wanted);
}

}  // namespace

Restoring::Restoring(const TrainingOptions& options, torch::Device device, training::ProcessGroup& group)
    : m_bf16(options.bf16 && nn::deviceHasBf16(device)),
      m_pools(options.auxiliary == "pool"),
      m_snapshots(options.snapshots),
      m_snapshotEvery(static_cast<std::uint64_t>(options.snapshotEvery)),
      m_device(device),
      m_live(onDevice(options, device)),
      m_earlier(onDevice(options, device)),
      m_parameters(parametersOf(*m_live)),
      m_optimiser(m_parameters, optimiserOf(options), options.steps, group) {
    m_live->checkpointing = m_earlier->checkpointing = options.checkpointing;
    wantGradients(parametersOf(*m_earlier), false);
}

Tensor Restoring::learn(const Tensor& marked, const Tensor& original, std::uint64_t stepsDone,
                        StepRandom& random, std::int64_t firstImage) {
    wantGradients(m_parameters, true);
    m_optimiser.zeroGradient();
    nn::reseedDropout(*m_live, random.bits(), firstImage);
    Tensor image;
    {
        const nn::Bf16Guard guard(m_bf16, m_device.type());
        image = torch::tanh(m_live(marked.detach())).to(torch::kFloat32);
    }
    const Tensor error = (image - original).square().mean();
    m_optimiser.backward(error);
    const Tensor norm = m_optimiser.gradientNorm();
    m_optimiser.step(norm, norm.item<double>());
    if (m_pools && (stepsDone + 1) % m_snapshotEvery == 0) {
        nn::TensorMap state;
        for (const auto& [name, tensor] : nn::stateDict(*m_live)) state[name] = tensor.detach().clone();
        m_kept.push_back(std::move(state));
        if (static_cast<int>(m_kept.size()) > m_snapshots) m_kept.pop_front();
    }
    return error.detach();
}

Tensor Restoring::restored(const Tensor& pictures, StepRandom& random, std::int64_t firstImage) {
    const auto chosen = m_pools ? random.index(m_kept.size() + 1) : m_kept.size();
    nn::UNet& network = chosen < m_kept.size() ? m_earlier : m_live;
    if (chosen < m_kept.size()) nn::loadStateDict(*m_earlier, m_kept[chosen]);
    wantGradients(m_parameters, false);
    nn::reseedDropout(*network, random.bits(), firstImage);
    const nn::Bf16Guard guard(m_bf16, m_device.type());
    return torch::tanh(network(pictures)).to(torch::kFloat32);
}

nn::TensorMap Restoring::tensors() const {
    nn::TensorMap all = m_optimiser.stateWith({}).tensors;
    nn::addWithPrefix(all, nn::stateDict(*m_live), "live.");
    for (std::size_t i = 0; i < m_kept.size(); ++i)
        nn::addWithPrefix(all, m_kept[i], fmt::format("snapshot{}.", i));
    return all;
}

void Restoring::restore(const nn::TensorMap& tensors) {
    nn::loadStateDict(*m_live, nn::withoutPrefix(tensors, "live."));
    // The number of its steps stands with the moments alone.
    const auto steps = nn::entryOf(tensors, "adam.steps", {1}, "restoration attacker").item<std::int64_t>();
    m_optimiser.restore({tensors, {{"step", std::to_string(steps)}}});
    m_kept.clear();
    for (std::size_t i = 0;; ++i) {
        auto state = nn::withoutPrefix(tensors, fmt::format("snapshot{}.", i));
        if (state.empty()) break;
        nn::checkStateDict(*m_earlier, state);
        m_kept.push_back(std::move(state));
    }
}

}  // namespace signet::signature
