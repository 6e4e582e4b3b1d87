#include "core/generators/style_generator.h"

#include <torch/torch.h>

#include <map>

namespace signet::generators {

using torch::Tensor;

namespace {

constexpr const char* kMapping = "style.";
constexpr std::int64_t kMeanOf = 4096;  ///< latents, for the mean style
constexpr std::uint64_t kMeanSeed = 1;

nn::SynthesisImpl::Shape synthesisShape(const StyleGeneratorOptions& o) {
    nn::SynthesisImpl::Shape shape{o.side, {o.featureBase, o.featureMost}};
    const bool mapped = o.mappingLayers > 0;
    shape.input = mapped ? 0 : o.latent;
    shape.style = mapped ? o.style : 0;
    shape.modulatedFrom = o.modulatedFrom;
    shape.modulatedTo = o.modulatedTo;
    return shape;
}

}  // namespace

StyleGenerator::StyleGenerator(const StyleGeneratorOptions& options) : m_options(options) {
    m_options.validate();
    const auto& o = m_options;
    if (o.mappingLayers > 0)
        m_mapping = nn::Mapping(o.latent, o.style, o.mappingLayers, o.mappingRate, o.normalised);
    m_synthesis = nn::Synthesis(synthesisShape(o));
}

Tensor StyleGenerator::meanStyle() {
    const std::lock_guard lock(*m_meanGuard);  // threads draw at once
    if (!m_meanStyle.defined()) {
        const auto device = m_synthesis->parameters().front().device();
        auto random = at::make_generator<at::CPUGeneratorImpl>(kMeanSeed);
        const auto z = torch::randn({kMeanOf, m_options.latent}, random).to(device);
        m_meanStyle = m_mapping(z).mean(0, true);
    }
    return m_meanStyle;
}

Tensor StyleGenerator::draw(const Tensor& z, const nn::NoiseSource& noise, double truncation) {
    const auto layers = m_synthesis->shape().layers();
    if (!m_mapping) return m_synthesis(z, z.new_zeros({z.size(0), layers, 0}), noise);
    Tensor style = m_mapping(z);
    if (truncation != 1) style = torch::lerp(meanStyle(), style, truncation);
    return m_synthesis(Tensor(), style.unsqueeze(1).expand({-1, layers, -1}), noise);
}

Tensor StyleGenerator::drawFrom(const Tensor& latents, const std::vector<at::Generator>& random,
                                const DrawSettings& settings, const WorkContext& /*context*/) {
    return draw(latents.to(m_synthesis->parameters().front().device()), random, settings.truncation);
}

void StyleGenerator::to(torch::Device device) {
    if (m_mapping) m_mapping->to(device);
    m_synthesis->to(device);
    m_meanStyle = Tensor();
}

std::int64_t StyleGenerator::parameterCount() const {
    return nn::parameterCount(*m_synthesis) + (m_mapping ? nn::parameterCount(*m_mapping) : 0);
}

nn::TensorMap StyleGenerator::state() const {
    nn::TensorMap all = nn::stateDict(*m_synthesis);
    if (m_mapping) nn::addWithPrefix(all, nn::stateDict(*m_mapping), kMapping);
    return all;
}

void StyleGenerator::load(const nn::TensorMap& state) {
    nn::TensorMap mapping, synthesis = state;
    if (m_mapping) {
        mapping = nn::withoutPrefix(state, kMapping);
        std::erase_if(synthesis, [](const auto& entry) { return entry.first.starts_with(kMapping); });
        nn::checkStateDict(*m_mapping, mapping);  // all or none
    }
    nn::loadStateDict(*m_synthesis, synthesis);
    if (m_mapping) nn::loadStateDict(*m_mapping, mapping);
    m_meanStyle = Tensor();
}

}  // namespace signet::generators
