#include "core/fingerprint/network_adoption.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace signet::fingerprint {

using torch::Tensor;

namespace {

void adoptBits(const FingerprintNetworks& networks, nn::TensorMap& state) {
    const nn::TensorMap own = networks.state();
    const auto& options = networks.options();
    const Tensor ours = own.at(networks.layerOfBits()).to(torch::kCPU);
    const auto theirs = state.find(networks.layerOfBits());
    const std::int64_t others = ours.size(1) - options.bits;  // variant III: the latent's
    if (theirs == state.end() || theirs->second.dim() != 2 || theirs->second.size(1) <= others) return;
    const Tensor columns = theirs->second;
    const std::int64_t shared = std::min(ours.size(1), columns.size(1));
    const auto strength = [&](const Tensor& weight) {
        return weight.slice(1, others).square().mean().sqrt();
    };
    // Weights are used divided by the root of how many numbers their layer takes.
    theirs->second =
        torch::cat(
            {columns.slice(1, 0, shared), ours.slice(1, shared) * (strength(columns) / strength(ours))}, 1) *
        std::sqrt(static_cast<double>(ours.size(1)) / static_cast<double>(columns.size(1)));
    const std::int64_t kept = options.latent + shared - others;
    for (const char* name : {"decoder.final_linear.1.weight", "decoder.final_linear.1.bias"}) {
        const auto rows = state.find(name);
        if (rows != state.end() && rows->second.dim() > 0)
            rows->second =
                torch::cat({rows->second.slice(0, 0, kept), own.at(name).to(torch::kCPU).slice(0, kept)});
    }
}

/// Where the published variant's levels are plain convolutions that are modulated in state.
void adoptLevels(FingerprintNetworks& networks, nn::TensorMap& state) {
    if (networks.options().isResidual() || networks.options().variant != "published") return;
    std::vector<std::string> plain;
    for (const auto& [name, conv] : networks.generator()->convolutionsByName())
        if (conv->modulation.empty() && state.contains("generator." + name + "modulation.weight"))
            plain.push_back("generator." + name);
    if (plain.empty()) return;
    auto options = networks.options();
    options.modulatedFrom = FingerprintOptions().modulatedFrom;
    options.modulatedTo = FingerprintOptions().modulatedTo;
    FingerprintNetworks whole(options);
    whole.load(state);
    const auto neither = torch::full({1, options.bits}, kNeitherBit);
    const Tensor styles = whole.inputs(torch::zeros({1, options.latent}), neither).styles.select(1, 0);
    for (const auto& [ownName, conv] : whole.generator()->convolutionsByName()) {
        const std::string name = "generator." + ownName;
        if (std::find(plain.begin(), plain.end(), name) == plain.end()) continue;
        state[name + "weight"] = (nn::ModulatedConv(conv)->bakedWeight(styles) / conv->gain()).unsqueeze(0);
        state.erase(name + "modulation.weight");
        state.erase(name + "modulation.bias");
    }
}

}  // namespace

nn::TensorMap adopted(FingerprintNetworks& networks, nn::TensorMap state) {
    const torch::NoGradGuard guard;
    adoptBits(networks, state);
    adoptLevels(networks, state);
    return state;
}

}  // namespace signet::fingerprint
