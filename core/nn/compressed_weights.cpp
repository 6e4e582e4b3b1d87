#include "core/nn/compressed_weights.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/error.h"

namespace signet::nn {

using torch::Tensor;

namespace {

/// A vector a class, or a code: looked up, not multiplied with.
constexpr std::array kEmbeddings{"embedding.weight", "label_emb.weight", "classes.weight"};

constexpr std::int64_t kModulatedDimensions = 5;

/// [n]
Tensor magnitudes(const Tensor& weight) {
    return weight.detach().abs().flatten();
}

/// [channels,n], a row an output channel.
Tensor channelRows(const Tensor& weight) {
    return weight.reshape({weight.size(weight.dim() == kModulatedDimensions ? 1 : 0), -1});
}

Tensor quantised(const Tensor& weight, int bits) {
    const double most = (1 << (bits - 1)) - 1;
    const Tensor rows = channelRows(weight.detach().to(torch::kFloat64));
    const Tensor step = rows.abs().amax(1, true) / most;
    const Tensor levels = torch::round(rows / step.clamp_min(std::numeric_limits<double>::min()));
    return (levels * step).reshape(weight.sizes()).to(weight.scalar_type());
}

}  // namespace

bool isLayerWeight(const std::string& name, const Tensor& tensor) {
    return name.ends_with("weight") && tensor.dim() >= 2 &&
           std::none_of(kEmbeddings.begin(), kEmbeddings.end(),
                        [&](const char* embedding) { return name.ends_with(embedding); });
}

TensorMap prunedWeights(const TensorMap& state, double share) {
    if (!(share >= 0 && share <= 1))
        throw Error(ErrorCode::BadOption, "the share of the weights that are pruned lies between 0 and 1");
    std::vector<Tensor> all;
    for (const auto& [name, tensor] : state)
        if (isLayerWeight(name, tensor)) all.push_back(magnitudes(tensor));
    if (all.empty()) return state;
    const Tensor together = torch::cat(all);
    const std::int64_t count = std::llround(share * static_cast<double>(together.numel()));
    if (count == 0) return state;
    const Tensor largest = std::get<0>(together.kthvalue(count));  // of those that go
    std::int64_t ties = count - (together < largest).sum().item<std::int64_t>();
    TensorMap pruned = state;
    for (auto& [name, tensor] : pruned) {
        if (!isLayerWeight(name, tensor)) continue;
        const Tensor size = magnitudes(tensor);
        const Tensor equal = (size == largest).nonzero().flatten().slice(0, 0, ties);
        ties -= equal.size(0);
        tensor = tensor.detach() * (size >= largest).index_fill_(0, equal, false).view_as(tensor);
    }
    return pruned;
}

TensorMap quantisedWeights(const TensorMap& state, int bits) {
    if (bits < kFewestWeightBits || bits > kMostWeightBits)
        throw Error(ErrorCode::BadOption, fmt::format("a weight is quantised to {} to {} bits",
                                                      kFewestWeightBits, kMostWeightBits));
    TensorMap coarser = state;
    for (auto& [name, tensor] : coarser)
        if (isLayerWeight(name, tensor)) tensor = quantised(tensor, bits);
    return coarser;
}

}  // namespace signet::nn
