#include "core/removal/remover_network.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/nn/channels_last.h"

namespace signet::removal {

RemoverNetwork::RemoverNetwork(const RemoverOptions& options) {
    options.validate();
    if (options.isPapers()) {
        constexpr int kHeadWidth = 64;
        nn::UNetOptions unet;
        unet.imageSize = options.side;
        unet.baseWidth = options.unetWidth;
        unet.multipliers = options.unetMultipliers;
        unet.blocksPerLevel = options.unetBlocks;
        unet.attentionFactors = options.unetAttention;
        unet.groups = options.unetGroups;
        unet.headWidth = std::min(kHeadWidth, options.unetWidth);
        m_unet = nn::UNet(unet);
        m_step = 1 << (options.unetMultipliers.size() - 1);
    } else {
        m_restorer = nn::Restorer(options.widths);
    }
    nn::keepChannelsLast(module());
}

torch::Tensor RemoverNetwork::change(const torch::Tensor& x) {
    const auto input = nn::channelsLast(x);
    return m_unet ? torch::tanh(m_unet(input)) - x : m_restorer(input);
}

torch::nn::Module& RemoverNetwork::module() const {
    if (m_unet) return *m_unet.ptr();
    return *m_restorer.ptr();
}

}  // namespace signet::removal
