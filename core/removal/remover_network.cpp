#include "core/removal/remover_network.h"

#include <torch/torch.h>

#include "core/nn/channels_last.h"
#include "core/signature/networks.h"

namespace signet::removal {
namespace {

signature::NetworkOptions injectorOf(const RemoverOptions& options) {
    signature::NetworkOptions network;
    network.workSide = options.side;
    network.injectorWidth = options.unetWidth;
    network.injectorMultipliers = options.unetMultipliers;
    network.injectorBlocks = options.unetBlocks;
    network.injectorAttention = options.unetAttention;
    network.injectorGroups = options.unetGroups;
    return network;
}

}  // namespace

RemoverNetwork::RemoverNetwork(const RemoverOptions& options) {
    options.validate();
    if (options.isPapers()) {
        m_unet = nn::UNet(signature::injectorUNet(injectorOf(options), false));
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
