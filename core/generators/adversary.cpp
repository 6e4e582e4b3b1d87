#include "core/generators/adversary.h"

#include <torch/torch.h>

#include <utility>

#include "core/nn/runtime.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kCritic = "critic.";

}  // namespace

Adversary::Adversary(int side, nn::FeatureMaps maps, const GanOptions& options, training::Placement placement,
                     bool bf16)
    : m_placement(std::move(placement)),
      m_bf16(bf16),
      m_r1(options.r1),
      m_r1Every(options.r1Every),
      m_critic(nn::ResidualCriticImpl::Shape{side, maps}),
      m_player((m_critic->to(m_placement.device), parametersOf(*m_critic, kCritic)), options.learningRate,
               options.r1Every) {}

Tensor Adversary::verdict(const Tensor& pictures) {
    const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
    return m_critic(pictures).to(torch::kFloat32);
}

void Adversary::wantGradients(bool wanted) {
    for (auto& [name, parameter] : m_player.parameters) parameter.requires_grad_(wanted);
}

Tensor Adversary::resistance(const Tensor& pictures) {
    wantGradients(false);
    const Tensor loss = torch::softplus(-verdict(pictures)).mean();
    wantGradients(true);
    return loss;
}

void Adversary::learn(const Tensor& real, const Tensor& drawn, std::uint64_t step,
                      training::StepResult& result) {
    auto& group = *m_placement.group;
    const Tensor loss = torch::softplus(verdict(drawn)).mean() + torch::softplus(-verdict(real)).mean();
    note(result, "loss_critic", loss, group);
    backward(loss, {&m_player}, group);
    m_player.learn();
    if (m_r1 <= 0 || step % static_cast<std::uint64_t>(m_r1Every) != 0) return;
    const Tensor here = real.detach().clone().requires_grad_(true);
    const Tensor slope = torch::autograd::grad({m_critic(here).sum()}, {here}, {}, true, true)[0];
    const Tensor squared = slope.square().sum({1, 2, 3}).mean();
    note(result, "r1", squared, group);
    backward(squared * (m_r1 / 2 * m_r1Every), {&m_player}, group);
    m_player.learn();
}

nn::TensorMap Adversary::state() const {
    nn::TensorMap state;
    nn::addWithPrefix(state, nn::stateDict(*m_critic), "net.critic.");
    nn::addWithPrefix(state, m_player.adam.state(), "adam.judging.");
    return state;
}

void Adversary::restore(const nn::TensorMap& state) {
    nn::loadStateDict(*m_critic, nn::withoutPrefix(state, "net.critic."));
    m_player.adam.load(nn::withoutPrefix(state, "adam.judging."));
}

void Adversary::startFrom(const nn::TensorMap& weights) {
    const auto own = nn::withoutPrefix(weights, kCritic);
    if (!own.empty()) nn::loadStateDict(*m_critic, own);
}

nn::TensorMap withoutCritic(nn::TensorMap weights) {
    std::erase_if(weights, [](const auto& entry) { return entry.first.starts_with(kCritic); });
    return weights;
}

}  // namespace signet::generators
