#include "core/generators/adversary.h"

#include <torch/torch.h>

#include <utility>

#include "core/nn/runtime.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kCritic = "critic.";

Tensor generatorLoss(CriticLoss::Form form, const Tensor& drawn) {
    if (form == CriticLoss::Form::Logistic) return torch::softplus(-drawn).mean();
    return -drawn.mean();
}

Tensor discriminatorLoss(CriticLoss::Form form, const Tensor& drawn, const Tensor& real) {
    switch (form) {
        case CriticLoss::Form::Hinge:
            return torch::relu(1 + drawn).mean() + torch::relu(1 - real).mean();
        case CriticLoss::Form::Wasserstein:
            return drawn.mean() - real.mean();
        case CriticLoss::Form::Logistic:
            break;
    }
    return torch::softplus(drawn).mean() + torch::softplus(-real).mean();
}

}  // namespace

Tensor gradientPenalty(const std::function<Tensor(const Tensor&)>& critic, const Tensor& real,
                       const Tensor& drawn, const Tensor& share) {
    const Tensor between = torch::lerp(drawn.to(real.scalar_type()), real, share).detach();
    between.requires_grad_(true);
    const Tensor slope = torch::autograd::grad({critic(between).sum()}, {between}, {}, true, true)[0];
    return (torch::linalg_vector_norm(slope.flatten(1), 2, at::IntArrayRef{1}) - 1).square().mean();
}

Adversary::Adversary(torch::nn::AnyModule critic, CriticLoss loss, const GanOptions& options,
                     training::Placement placement, bool bf16)
    : m_placement(std::move(placement)),
      m_bf16(bf16),
      m_loss(loss),
      m_r1(options.r1),
      m_r1Every(options.r1Every),
      m_critic(std::move(critic)),
      m_module(m_critic.ptr()),
      m_player((m_module->to(m_placement.device), parametersOf(*m_module, kCritic)),
               {.rate = options.learningRate,
                .beta2 = options.beta2,
                .every = options.r1 > 0 ? options.r1Every : 0}) {}

Tensor Adversary::verdict(const Tensor& pictures) {
    const nn::Bf16Guard guard(m_bf16, m_placement.device.type());
    return m_critic.forward(pictures).to(torch::kFloat32);
}

void Adversary::wantGradients(bool wanted) {
    for (auto& [name, parameter] : m_player.parameters) parameter.requires_grad_(wanted);
}

Tensor Adversary::resistance(const Tensor& pictures) {
    wantGradients(false);
    const Tensor loss = generatorLoss(m_loss.form, verdict(pictures));
    wantGradients(true);
    return loss;
}

void Adversary::learn(const Tensor& real, const Tensor& drawn, std::uint64_t step,
                      const at::Generator& random, training::StepResult& result, double factor) {
    auto& group = *m_placement.group;
    const Tensor onDrawn = verdict(drawn), onReal = verdict(real);
    Tensor loss = discriminatorLoss(m_loss.form, onDrawn, onReal);
    note(result, "loss_critic", loss, group);
    if (m_loss.gradientPenalty > 0) {
        const Tensor share = torch::rand({real.size(0), 1, 1, 1}, random).to(real.device());
        const Tensor penalty = gradientPenalty(
            [this](const Tensor& pictures) { return m_critic.forward(pictures); }, real, drawn, share);
        note(result, "gradient_penalty", penalty, group);
        loss = loss + penalty * m_loss.gradientPenalty;
    }
    backward(loss, {&m_player}, group);
    m_player.learn(factor);
    if (m_r1 <= 0 || step % static_cast<std::uint64_t>(m_r1Every) != 0) return;
    const Tensor here = real.detach().clone().requires_grad_(true);
    const Tensor slope = torch::autograd::grad({m_critic.forward(here).sum()}, {here}, {}, true, true)[0];
    const Tensor squared = slope.square().sum({1, 2, 3}).mean();
    note(result, "r1", squared, group);
    backward(squared * (m_r1 / 2 * m_r1Every), {&m_player}, group);
    m_player.learn(factor);
}

nn::TensorMap Adversary::state() const {
    nn::TensorMap state;
    nn::addWithPrefix(state, nn::stateDict(*m_module), "net.critic.");
    nn::addWithPrefix(state, m_player.adam.state(), "adam.judging.");
    return state;
}

void Adversary::restore(const nn::TensorMap& state) {
    nn::loadStateDict(*m_module, nn::withoutPrefix(state, "net.critic."));
    m_player.adam.load(nn::withoutPrefix(state, "adam.judging."));
}

void Adversary::startFrom(const nn::TensorMap& weights) {
    const auto own = nn::withoutPrefix(weights, kCritic);
    if (!own.empty()) nn::loadStateDict(*m_module, own);
}

nn::TensorMap withoutCritic(nn::TensorMap weights) {
    std::erase_if(weights, [](const auto& entry) { return entry.first.starts_with(kCritic); });
    return weights;
}

}  // namespace signet::generators
