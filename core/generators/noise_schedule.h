#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace signet::generators {

/// How much noise a diffusion has at each of its timesteps (Ho et al. 2020; evaluation.md 4.2), in double.
/// Plain data; for any thread.
class NoiseSchedule {
public:
    /// "linear": beta from 1e-4 to 0.02 at 1000 steps, the same in all at other counts; "cosine": abar(t) =
    /// cos^2((t + 0.008) / 1.008 pi / 2), beta at most 0.999 (Nichol & Dhariwal 2021); "squared": beta the
    /// squares of a line between the roots of 0.0015 and 0.0195 (latent-diffusion). Throws BadOption.
    NoiseSchedule(const std::string& name, int steps);

    int steps() const { return static_cast<int>(m_betas.size()); }
    /// Timesteps as the network counts them, those of the schedule that was respaced.
    std::int64_t networkStep(int step) const { return m_networkSteps[static_cast<std::size_t>(step)]; }
    double beta(int step) const { return m_betas[static_cast<std::size_t>(step)]; }
    /// Product of 1 - beta up to and with step; of step -1 what is left where sampling ends: 1, or almost.
    double kept(int step) const { return step < 0 ? m_end : m_kept[static_cast<std::size_t>(step)]; }
    /// Of the step before given this one and the picture: beta (1 - kept(step - 1)) / (1 - kept(step)).
    double posteriorVariance(int step) const;
    /// Its logarithm, at step 0 that of step 1 (there it is 0).
    double posteriorLogVariance(int step) const;

    /// Its first count steps, from the picture on. Throws BadOption where there are fewer.
    NoiseSchedule upTo(int count) const;
    /// count of its steps, spread evenly from the first to the last: betas anew from what is kept at them
    /// (guided-diffusion's respacing). Throws BadOption where there are fewer, or count is not positive.
    NoiseSchedule respaced(int count) const;
    /// Every (steps / count)-th step from 1 on, which are some more where count does not divide the steps,
    /// and an end at kept(0): as latent-diffusion takes DDIM's steps. Throws BadOption as respaced().
    NoiseSchedule everySoMany(int count) const;

private:
    NoiseSchedule() = default;
    NoiseSchedule at(const std::vector<int>& chosen, double end) const;
    void requireSteps(int count) const;

    std::vector<double> m_betas, m_kept;
    double m_end = 1;
    std::vector<std::int64_t> m_networkSteps;
};

}  // namespace signet::generators
