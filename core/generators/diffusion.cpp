#include "core/generators/diffusion.h"

#include <torch/torch.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr double kHalfLevel = 1.0 / 255;  ///< of 8-bit values in [-1,1]
constexpr double kBlack = -0.999, kWhite = 0.999;
constexpr double kLeastProbability = 1e-12;

Tensor meanOfEach(const Tensor& x) {
    return x.flatten(1).mean(1);
}

/// Of two normal distributions by means and log variances, in nats (Kullback & Leibler).
Tensor divergence(const Tensor& mean1, const Tensor& log1, const Tensor& mean2, const Tensor& log2) {
    return 0.5 * (log2 - log1 - 1 + (log1 - log2).exp() + (mean1 - mean2).square() * (-log2).exp());
}

Tensor normalShare(const Tensor& x) {
    return 0.5 * (1 + torch::erf(x * std::numbers::sqrt2 / 2));
}

/// Log of the probability, in nats, that a normal distribution gives to 8-bit values (Ho et al. 2020, Eq.
/// 13).
Tensor logLikelihood(const Tensor& pictures, const Tensor& mean, const Tensor& logVariance) {
    const Tensor inverse = (-0.5 * logVariance).exp();
    const Tensor below = normalShare((pictures - mean + kHalfLevel) * inverse);
    const Tensor above = normalShare((pictures - mean - kHalfLevel) * inverse);
    const Tensor share =
        torch::where(pictures < kBlack, below, torch::where(pictures > kWhite, 1 - above, below - above));
    return share.clamp_min(kLeastProbability).log();
}

}  // namespace

Tensor normalOf(const std::vector<at::Generator>& random, const Tensor& x) {
    std::vector<Tensor> parts;
    auto shape = x.sizes().vec();
    shape[0] = 1;
    for (const auto& generator : random) parts.push_back(torch::randn(shape, generator));
    return torch::cat(parts).to(x.device());
}

Diffusion::Diffusion(NoiseSchedule schedule, Form form) : m_schedule(std::move(schedule)), m_form(form) {
    const auto column = [&](const std::function<double(int)>& value) {
        std::vector<double> values;
        for (int step = 0; step < m_schedule.steps(); ++step) values.push_back(value(step));
        return torch::tensor(values, torch::kFloat64);
    };
    m_kept = column([&](int step) { return m_schedule.kept(step); });
    m_keptBefore = column([&](int step) { return m_schedule.kept(step - 1); });
    m_beta = column([&](int step) { return m_schedule.beta(step); });
    m_logBeta = m_beta.log();
    m_posteriorLog = column([&](int step) { return m_schedule.posteriorLogVariance(step); });
    std::vector<std::int64_t> numbers;
    for (int step = 0; step < m_schedule.steps(); ++step) numbers.push_back(m_schedule.networkStep(step));
    m_networkSteps = torch::tensor(numbers, torch::kInt64);
}

Tensor Diffusion::at(const Tensor& column, const Tensor& steps, const Tensor& like) const {
    return column.index_select(0, steps.to(torch::kCPU))
        .to(like.device(), torch::kFloat32)
        .view({-1, 1, 1, 1});
}

Tensor Diffusion::networkSteps(const Tensor& steps) const {
    return m_networkSteps.index_select(0, steps.to(torch::kCPU)).to(steps.device());
}

Tensor Diffusion::noised(const Tensor& pictures, const Tensor& steps, const Tensor& noise) const {
    return at(m_kept.sqrt(), steps, pictures) * pictures + at((1 - m_kept).sqrt(), steps, pictures) * noise;
}

Tensor Diffusion::pictureOf(const Tensor& x, const Tensor& noise, const Tensor& steps) const {
    return at(m_kept.rsqrt(), steps, x) * x - at((1 / m_kept - 1).sqrt(), steps, x) * noise;
}

Tensor Diffusion::posteriorMean(const Tensor& picture, const Tensor& x, const Tensor& steps) const {
    const Tensor ofPicture = m_beta * m_keptBefore.sqrt() / (1 - m_kept);
    const Tensor ofX = (1 - m_keptBefore) * (1 - m_beta).sqrt() / (1 - m_kept);
    return at(ofPicture, steps, x) * picture + at(ofX, steps, x) * x;
}

Tensor Diffusion::logVariance(const Tensor& said, const Tensor& steps) const {
    const Tensor share = (said + 1) / 2;
    return share * at(m_logBeta, steps, said) + (1 - share) * at(m_posteriorLog, steps, said);
}

Diffusion::Loss Diffusion::loss(const Denoiser& network, const Tensor& pictures, const Tensor& steps,
                                const Tensor& noise) const {
    const Tensor x = noised(pictures, steps, noise);
    const Tensor said = network(x, networkSteps(steps)).to(torch::kFloat32);
    if (!m_form.learnsVariance) return {(said - noise).square().mean(), {}};
    const auto parts = said.chunk(2, 1);
    const Tensor logs = logVariance(parts[1], steps);
    const Tensor mean = posteriorMean(pictureOf(x, parts[0].detach(), steps), x, steps);
    const Tensor apart =
        meanOfEach(divergence(posteriorMean(pictures, x, steps), at(m_posteriorLog, steps, x), mean, logs));
    const Tensor unlikely = -meanOfEach(logLikelihood(pictures, mean, logs));
    const Tensor bound = torch::where(steps == 0, unlikely, apart).mean() / std::numbers::ln2;
    return {(parts[0] - noise).square().mean(), bound};
}

Tensor Diffusion::sample(const Denoiser& network, Tensor x, const std::vector<at::Generator>& random,
                         const Draw& draw, const WorkContext& context) const {
    const int all = m_schedule.steps();
    for (int step = all - 1; step >= 0 && !context.stop.stop_requested(); --step) {
        context.report(static_cast<std::uint64_t>(all - 1 - step), static_cast<std::uint64_t>(all), "step");
        const Tensor steps = torch::full({x.size(0)}, step, torch::kInt64).to(x.device());
        const Tensor said = network(x, networkSteps(steps)).to(torch::kFloat32);
        const auto parts = said.chunk(m_form.learnsVariance ? 2 : 1, 1);
        Tensor picture = pictureOf(x, parts[0], steps);
        if (m_form.clamps) picture = picture.clamp(-1, 1);
        if (draw.ddim) {
            const double kept = m_schedule.kept(step), before = m_schedule.kept(step - 1);
            const double deviation =
                draw.eta * std::sqrt((1 - before) / (1 - kept)) * std::sqrt(1 - kept / before);
            const Tensor noise = (x - std::sqrt(kept) * picture) / std::sqrt(1 - kept);
            x = std::sqrt(before) * picture +
                std::sqrt(std::max(0.0, 1 - before - deviation * deviation)) * noise;
            if (deviation > 0) x = x + deviation * normalOf(random, x);
        } else {
            const Tensor mean = posteriorMean(picture, x, steps);
            if (step == 0) {
                x = mean;
                break;
            }
            const Tensor logs =
                m_form.learnsVariance ? logVariance(parts[1], steps) : at(m_posteriorLog, steps, x);
            x = mean + (0.5 * logs).exp() * normalOf(random, x);
        }
    }
    return x;
}

}  // namespace signet::generators
