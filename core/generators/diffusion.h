#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

#include "core/base/progress.h"
#include "core/generators/noise_schedule.h"

namespace signet::generators {

/// What a network says of noisy pictures. x: [B,C,H,W]; timesteps: [B], int64, as the network counts them.
/// Returns the noise in x, [B,C,H,W], with a learned variance [B,2C,H,W].
using Denoiser = std::function<torch::Tensor(const torch::Tensor& x, const torch::Tensor& timesteps)>;

/// Gaussian diffusion: what a network that tells noise is trained with, and how pictures are drawn with it
/// (Ho et al. 2020; Nichol & Dhariwal 2021; Song et al. 2021, DDIM; evaluation.md 4.2). For one thread.
class Diffusion {
public:
    struct Form {
        bool learnsVariance = true;  ///< between beta and the posterior's, on a logarithmic scale
        bool clamps = true;          ///< what is taken for the picture in sampling lies in [-1,1]
    };
    Diffusion(NoiseSchedule schedule, Form form);

    /// sqrt(kept) x + sqrt(1 - kept) noise. pictures, noise: [B,C,H,W]; steps: [B], int64, of the schedule.
    torch::Tensor noised(const torch::Tensor& pictures, const torch::Tensor& steps,
                         const torch::Tensor& noise) const;

    struct Loss {
        torch::Tensor noise;  ///< mean squared error of the noise
        torch::Tensor bound;  ///< of the variance alone: the variational bound's term in bits a number, at
                              ///< the first step the likelihood of 8-bit values; undefined where the
                              ///< variance is not learned
    };
    /// Means over the batch of what a training adds up.
    Loss loss(const Denoiser& network, const torch::Tensor& pictures, const torch::Tensor& steps,
              const torch::Tensor& noise) const;

    struct Draw {
        bool ddim = false;  ///< else ancestral
        double eta = 0;     ///< of DDIM: 0 draws nothing on the way, 1 as much as an ancestral step
    };
    /// From noise to pictures. x: [B,C,H,W], standard normal; random: a generator of the CPU for each
    /// picture. What it has come to where the work is stopped; reports the steps done.
    torch::Tensor sample(const Denoiser& network, torch::Tensor x, const std::vector<at::Generator>& random,
                         const Draw& draw, const WorkContext& context = {}) const;
    const NoiseSchedule& schedule() const { return m_schedule; }

private:
    /// A column of the schedule at each picture's step, [B,1,1,1].
    torch::Tensor at(const torch::Tensor& column, const torch::Tensor& steps,
                     const torch::Tensor& like) const;
    torch::Tensor pictureOf(const torch::Tensor& x, const torch::Tensor& noise,
                            const torch::Tensor& steps) const;
    torch::Tensor posteriorMean(const torch::Tensor& picture, const torch::Tensor& x,
                                const torch::Tensor& steps) const;
    /// said: what the network says of it, [B,C,H,W].
    torch::Tensor logVariance(const torch::Tensor& said, const torch::Tensor& steps) const;
    torch::Tensor networkSteps(const torch::Tensor& steps) const;

    NoiseSchedule m_schedule;
    Form m_form;
    torch::Tensor m_kept, m_keptBefore, m_beta, m_logBeta, m_posteriorLog;  ///< [steps], float64
    torch::Tensor m_networkSteps;                                           ///< [steps], int64
};

/// Standard normal numbers like x, [B,...], those of each picture of its own generator of the CPU.
torch::Tensor normalOf(const std::vector<at::Generator>& random, const torch::Tensor& x);

}  // namespace signet::generators
