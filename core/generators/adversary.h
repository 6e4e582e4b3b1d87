#pragma once

#include "core/generators/gan_options.h"
#include "core/generators/player.h"
#include "core/nn/stylegan2.h"

namespace signet::generators {

/// The discriminator that a generator learns against: a residual critic with the logistic loss, and R1 every
/// so many steps (StyleGAN2; paper B's code). For one thread.
class Adversary {
public:
    /// Random weights, by torch's generator. bf16: whether its forward passes run under that autocast.
    Adversary(int side, nn::FeatureMaps maps, const GanOptions& options, training::Placement placement,
              bool bf16);

    /// softplus(-verdict), mean over pictures: what the generator lowers. Gradients reach the pictures alone.
    torch::Tensor resistance(const torch::Tensor& pictures);
    /// One step on real pictures and detached drawn ones, and where this step has one, one of R1. Adds
    /// "loss_critic", "r1".
    void learn(const torch::Tensor& real, const torch::Tensor& drawn, std::uint64_t step,
               training::StepResult& result);

    /// "net.critic.<name>" and "adam.judging.<name>".
    nn::TensorMap state() const;
    void restore(const nn::TensorMap& state);
    /// The weights of a run's networks, where the discriminator's ("critic.<name>") are among them.
    void startFrom(const nn::TensorMap& weights);

private:
    torch::Tensor verdict(const torch::Tensor& pictures);
    void wantGradients(bool wanted);

    training::Placement m_placement;
    bool m_bf16;
    double m_r1;
    int m_r1Every;
    nn::ResidualCritic m_critic;
    Player m_player;
};

/// Weights without those of a discriminator ("critic.<name>").
nn::TensorMap withoutCritic(nn::TensorMap weights);

}  // namespace signet::generators
