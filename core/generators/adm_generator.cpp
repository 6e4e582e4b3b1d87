#include "core/generators/adm_generator.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <utility>

#include "core/base/error.h"
#include "core/training/picture_tensors.h"

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kBase = "base.";
constexpr const char* kUpsampler = "upsampler.";
constexpr int kColours = 3;

}  // namespace

Tensor classesOf(const DrawSettings& settings, const DenoiserOptions& network, std::int64_t count) {
    if (!settings.label) return {};
    if (*settings.label < 0 || *settings.label >= network.classes)
        throw Error(
            ErrorCode::BadOption,
            network.classes == 0
                ? std::string("this model tells no classes apart: leave the label out")
                : fmt::format("the label {} is not one of 0 to {}", *settings.label, network.classes - 1));
    return torch::full({count}, *settings.label, torch::kInt64);
}

DiffusionDraw drawOf(DiffusionDraw own, const DrawSettings& settings) {
    if (settings.steps > 0) own.steps = settings.steps;
    if (settings.eta) {
        own.ddim = true;
        own.eta = *settings.eta;
    }
    return own;
}

Tensor enlarged(const Tensor& low, int side) {
    return torch::upsample_bilinear2d(low, {side, side}, false);
}

AdmGenerator::AdmGenerator(AdmOptions options)
    : m_options((options.validate(), std::move(options))), m_base(m_options.base) {
    if (m_options.upsampler) m_upsampler.emplace(*m_options.upsampler, kColours);
}

Tensor AdmGenerator::drawFrom(const Tensor& latents, const std::vector<at::Generator>& random,
                              const DrawSettings& settings, const WorkContext& context) {
    const Tensor classes = classesOf(settings, m_options.base, latents.size(0));
    const Tensor low = m_base.sample(m_base.noiseOf(latents), random, {}, classes, settings.guidance,
                                     drawOf(m_options.baseDraw, settings), context);
    if (!m_upsampler) return low;
    DiffusionDraw how = m_options.upsamplerDraw;
    if (settings.eta) how = drawOf(how, {.eta = settings.eta});
    const Tensor known = m_options.upsampler->classes > 0 ? classes : Tensor();
    return m_upsampler->sample(m_upsampler->noiseOf(latentsOf(random, m_upsampler->latent())), random,
                               besideOf(low), known, settings.guidance, how, context);
}

Tensor AdmGenerator::regenerated(const Tensor& pictures, double share,
                                 const std::vector<at::Generator>& random, const WorkContext& context) {
    if (!m_upsampler) return m_base.regenerated(pictures, share, random, {}, m_options.baseDraw, context);
    const int small = m_options.base.side;
    const Tensor low = m_base.regenerated(torch::adaptive_avg_pool2d(pictures, {small, small}), share, random,
                                          {}, m_options.baseDraw, context);
    return m_upsampler->regenerated(pictures, share, random, besideOf(low), m_options.upsamplerDraw, context);
}

Tensor AdmGenerator::besideOf(const Tensor& low) const {
    // Paper A hands the small pictures on as files of 8 bits.
    return enlarged(training::asSaved(low), m_options.upsampler->side);
}

std::int64_t AdmGenerator::parameterCount() const {
    return m_base.parameterCount() + (m_upsampler ? m_upsampler->parameterCount() : 0);
}

void AdmGenerator::to(torch::Device device) {
    m_base.to(device);
    if (m_upsampler) m_upsampler->to(device);
}

nn::TensorMap AdmGenerator::state() const {
    nn::TensorMap all;
    nn::addWithPrefix(all, m_base.state(), kBase);
    if (m_upsampler) nn::addWithPrefix(all, m_upsampler->state(), kUpsampler);
    return all;
}

void AdmGenerator::load(const nn::TensorMap& state) {
    const auto base = nn::withoutPrefix(state, kBase);
    m_base.check(base);  // all or none
    if (m_upsampler) m_upsampler->load(nn::withoutPrefix(state, kUpsampler));
    m_base.load(base);
}

}  // namespace signet::generators
