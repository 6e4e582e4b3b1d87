#pragma once

#include <torch/nn/modules/container/any.h>

#include <functional>
#include <memory>

#include "core/generators/gan_options.h"
#include "core/generators/player.h"

namespace signet::generators {

/// What verdicts, one a picture, are held to, by generator and discriminator; D(x) is the verdict on x.
struct CriticLoss {
    enum class Form {
        Logistic,    ///< softplus(-D(drawn)); softplus(D(drawn)) + softplus(-D(real)): StyleGAN2
        Hinge,       ///< -D(drawn); max(0, 1 + D(drawn)) + max(0, 1 - D(real)): SNGAN
        Wasserstein  ///< -D(drawn); D(drawn) - D(real): WGAN-GP
    };
    Form form = Form::Logistic;
    double gradientPenalty = 0;  ///< weight of it, see there
};

/// The mean of (|gradient of D at x| - 1)^2 over pictures x = share * real + (1 - share) * drawn (Gulrajani
/// et al. 2017, Eq. 3), differentiable in D's weights. real, drawn: [B,C,H,W]; share: [B,1,1,1] in [0,1].
torch::Tensor gradientPenalty(const std::function<torch::Tensor(const torch::Tensor&)>& critic,
                              const torch::Tensor& real, const torch::Tensor& drawn,
                              const torch::Tensor& share);

/// The discriminator that a generator learns against, with its loss, a gradient penalty where the loss has
/// one, and R1 every so many steps where the options have it. For one thread.
class Adversary {
public:
    /// critic: a module [B,3,side,side] -> [B,1], which stays in training mode. bf16: whether its forward
    /// passes run under that autocast; those of penalties do not.
    Adversary(torch::nn::AnyModule critic, CriticLoss loss, const GanOptions& options,
              training::Placement placement, bool bf16);

    /// What the generator lowers, mean over pictures. Gradients reach the pictures alone.
    torch::Tensor resistance(const torch::Tensor& pictures);
    /// One step on real pictures and as many detached drawn ones, and where this step has one, one of R1.
    /// step: of its own, from 0. random: what the gradient penalty draws from. factor: on the learning rate.
    /// Adds "loss_critic", "gradient_penalty", "r1".
    void learn(const torch::Tensor& real, const torch::Tensor& drawn, std::uint64_t step,
               const at::Generator& random, training::StepResult& result, double factor = 1);

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
    CriticLoss m_loss;
    double m_r1;
    int m_r1Every;
    torch::nn::AnyModule m_critic;
    std::shared_ptr<torch::nn::Module> m_module;  ///< the same
    Player m_player;
};

/// Weights without those of a discriminator ("critic.<name>").
nn::TensorMap withoutCritic(nn::TensorMap weights);

}  // namespace signet::generators
