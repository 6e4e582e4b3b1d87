#include "core/nn/channels_last.h"

namespace signet::nn {

at::Tensor channelsLast(const at::Tensor& x) {
    return x.contiguous(at::MemoryFormat::ChannelsLast);
}

void keepChannelsLast(torch::nn::Module& module) {
    for (auto& parameter : module.parameters())
        if (parameter.dim() == 4) parameter.set_data(channelsLast(parameter.data()));
}

}  // namespace signet::nn
