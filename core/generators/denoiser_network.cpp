#include "core/generators/denoiser_network.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kClasses = "classes.";

nn::UNetOptions unetOptions(const DenoiserOptions& o, int beside) {
    nn::UNetOptions unet;
    unet.imageSize = o.side;
    unet.inChannels = o.channels + beside;
    unet.outChannels = (o.learnedVariance ? 2 : 1) * o.channels;
    unet.baseWidth = o.width;
    unet.multipliers = o.multipliers;
    unet.blocksPerLevel = o.blocks;
    unet.attentionFactors = o.attentionFactors;
    unet.headWidth = o.headWidth;
    unet.heads = o.heads;
    unet.headsFirst = o.headsFirst;
    unet.conditioning = o.scaleShift ? nn::Conditioning::ScaleShift : nn::Conditioning::Added;
    unet.resamplingBlocks = o.resamplingBlocks;
    unet.context = o.context;
    unet.classes = o.classes > 0 && o.context == 0 ? o.classes + (o.noneClass ? 1 : 0) : 0;
    unet.dropout = o.dropout;
    unet.groups = o.groups;
    return unet;
}

}  // namespace

DenoiserNetwork::DenoiserNetwork(DenoiserOptions options, int beside) : m_options(std::move(options)) {
    m_options.validate();
    m_network = nn::UNet(unetOptions(m_options, beside));
    if (m_options.context > 0) m_classes = torch::nn::Embedding(classCount(), m_options.context);
    train(false);
}

Tensor DenoiserNetwork::toldClasses(const Tensor& classes, const Tensor& x) const {
    if (classes.defined()) return classes.to(x.device());
    if (!m_options.noneClass)
        throw Error(ErrorCode::BadOption,
                    fmt::format("this model draws pictures of one of its classes, 0 to {}: name one",
                                m_options.classes - 1));
    return torch::full({x.size(0)}, m_options.classes, torch::kInt64).to(x.device());
}

Tensor DenoiserNetwork::forward(const Tensor& x, const Tensor& timesteps, const Tensor& beside,
                                const Tensor& classes) {
    nn::UNetConditions conditions{.timesteps = timesteps};
    if (m_options.classes > 0) {
        const Tensor told = toldClasses(classes, x);
        if (m_classes)
            conditions.context = m_classes(told).unsqueeze(1);
        else
            conditions.classes = told;
    }
    return m_network(beside.defined() ? torch::cat({x, beside}, 1) : x, conditions);
}

Denoiser DenoiserNetwork::denoiser(const Tensor& beside, const Tensor& classes, double guidance) {
    if (guidance != 1 && classes.defined() && !m_options.noneClass)
        throw Error(ErrorCode::BadOption,
                    "this model was not trained without its classes, which guidance needs: leave it at 1");
    return [=, this](const Tensor& x, const Tensor& timesteps) {
        const Tensor said = forward(x, timesteps, beside, classes);
        if (guidance == 1 || !classes.defined() || m_options.classes == 0) return said;
        const Tensor plain = forward(x, timesteps, beside, {});
        const auto noise = [&](const Tensor& both) { return both.slice(1, 0, m_options.channels); };
        const Tensor guided = noise(plain) + guidance * (noise(said) - noise(plain));
        return torch::cat({guided, said.slice(1, m_options.channels)}, 1);
    };
}

Tensor DenoiserNetwork::sample(const Tensor& noise, const std::vector<at::Generator>& random,
                               const Tensor& beside, const Tensor& classes, double guidance,
                               const DiffusionDraw& draw, const WorkContext& context) {
    const NoiseSchedule whole(m_options.schedule, m_options.timesteps);
    const Diffusion diffusion(draw.everySoMany ? whole.everySoMany(draw.steps) : whole.respaced(draw.steps),
                              form());
    return diffusion.sample(denoiser(beside, classes, guidance), noise, random, {draw.ddim, draw.eta},
                            context);
}

Tensor DenoiserNetwork::regenerated(const Tensor& x, double share, const std::vector<at::Generator>& random,
                                    const Tensor& beside, const DiffusionDraw& draw,
                                    const WorkContext& context) {
    if (share <= 0) return x;
    const auto shareOf = [&](int steps) { return static_cast<int>(std::lround(share * steps)); };
    const int noisy = std::clamp(shareOf(m_options.timesteps), 1, m_options.timesteps);
    // The first and the last of them at least.
    const int passes = std::clamp(shareOf(draw.steps), std::min(2, noisy), noisy);
    const NoiseSchedule whole(m_options.schedule, m_options.timesteps);
    const Diffusion diffusion(whole.upTo(noisy).respaced(passes), form());
    const Tensor last = torch::full({x.size(0)}, passes - 1, torch::kInt64);
    return diffusion.sample(denoiser(beside, {}, 1), diffusion.noised(x, last, normalOf(random, x)), random,
                            {draw.ddim, draw.eta}, context);
}

Tensor DenoiserNetwork::noiseOf(const Tensor& latents) const {
    return latents.to(device()).view({-1, m_options.channels, m_options.side, m_options.side});
}

Diffusion::Form DenoiserNetwork::form() const {
    return {.learnsVariance = m_options.learnedVariance, .clamps = m_options.clamped};
}

Diffusion DenoiserNetwork::diffusion() const {
    return {NoiseSchedule(m_options.schedule, m_options.timesteps), form()};
}

nn::NamedParameters DenoiserNetwork::parameters(const std::string& prefix) const {
    nn::NamedParameters parameters;
    nn::addParameters(parameters, *m_network, prefix);
    if (m_classes) nn::addParameters(parameters, *m_classes, prefix + kClasses);
    return parameters;
}

std::int64_t DenoiserNetwork::parameterCount() const {
    return nn::parameterCount(*m_network) + (m_classes ? nn::parameterCount(*m_classes) : 0);
}

torch::Device DenoiserNetwork::device() const {
    return m_network->parameters().front().device();
}

void DenoiserNetwork::to(torch::Device device) {
    m_network->to(device);
    if (m_classes) m_classes->to(device);
}

void DenoiserNetwork::train(bool on) {
    m_network->train(on);
}

nn::TensorMap DenoiserNetwork::state() const {
    nn::TensorMap all = nn::stateDict(*m_network);
    if (m_classes) nn::addWithPrefix(all, nn::stateDict(*m_classes), kClasses);
    return all;
}

nn::TensorMap DenoiserNetwork::ofNetwork(nn::TensorMap state) const {
    if (m_classes) std::erase_if(state, [](const auto& entry) { return entry.first.starts_with(kClasses); });
    return state;
}

void DenoiserNetwork::check(const nn::TensorMap& state) const {
    nn::checkStateDict(*m_network, ofNetwork(state));
    if (m_classes) nn::checkStateDict(*m_classes, nn::withoutPrefix(state, kClasses));
}

void DenoiserNetwork::load(const nn::TensorMap& state) {
    check(state);
    nn::loadStateDict(*m_network, ofNetwork(state));
    if (m_classes) nn::loadStateDict(*m_classes, nn::withoutPrefix(state, kClasses));
}

}  // namespace signet::generators
