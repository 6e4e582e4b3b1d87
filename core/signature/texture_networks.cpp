#include "core/signature/texture_networks.h"

#include <torch/torch.h>

#include "core/nn/channels_last.h"
#include "core/signature/geometry.h"
#include "core/signature/visibility.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr double kMostEvidence = 12;  ///< logits

}  // namespace

TextureNetworks::TextureNetworks(NetworkOptions options)
    : Networks(std::move(options)),
      m_injector(m_options.injectorWidths),
      m_detector(m_options.detectorWidths) {
    nn::keepChannelsLast(*m_injector);
    nn::keepChannelsLast(*m_detector);
}

Tensor TextureNetworks::residual(const Tensor& image, const Tensor& /*code*/) {
    const auto raw = m_injector(nn::channelsLast(torch::avg_pool2d(image, 2))).to(torch::kFloat32);
    return atVisibility(image, raw, m_options.level);
}

Tensor TextureNetworks::embed(const Tensor& image, const Tensor& code, const EmbeddingOptions& options) {
    return residual(image, code) * options.strength;
}

Tensor TextureNetworks::evidence(const Tensor& pictures) {
    const auto logits = m_detector(nn::channelsLast(pictures)).to(torch::kFloat32).squeeze(1);
    return torch::tanh(logits / kMostEvidence) * kMostEvidence;
}

Reading TextureNetworks::read(const Tensor& image, double /*aspect*/) {
    const auto cells = evidence(image);
    return {cells.mean({1, 2}), cells, {}, identityAffine(image.size(0)), 1};
}

}  // namespace signet::signature
