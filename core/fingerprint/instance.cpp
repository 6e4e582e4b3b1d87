#include "core/fingerprint/instance.h"

#include <torch/torch.h>

#include <cmath>
#include <string>

#include "core/generators/residual_generator.h"
#include "core/generators/style_generator.h"

namespace signet::fingerprint {

using torch::Tensor;

namespace {

generators::StyleGeneratorOptions instanceOptions(const FingerprintOptions& o) {
    generators::StyleGeneratorOptions options;
    options.side = o.side;
    options.latent = o.latent;
    options.style = o.style;
    options.mappingLayers = o.variant == "published" ? 0 : o.mappingLayers;
    options.mappingRate = o.mappingRate;
    options.normalised = o.variant != "III";
    options.featureBase = o.featureBase;
    options.featureMost = o.featureMost;
    options.modulatedFrom = o.modulatedFrom;
    options.modulatedTo = o.modulatedTo;
    return options;
}

void forget(nn::TensorMap& state, const std::string& name) {
    state.erase(name + "weight");
    state.erase(name + "bias");
}

/// The first layer of variant III's mapping, which takes z and the bits, for z alone: what the bits add is in
/// its bias. Its weights are used times rate / sqrt(numbers taken), its bias times rate.
void bakeMapping(nn::TensorMap& mapping, const Tensor& bits, std::int64_t latent) {
    const Tensor both = mapping.at("1.weight");
    const double scale = 1 / std::sqrt(static_cast<double>(both.size(1)));
    mapping["1.bias"] = mapping.at("1.bias") + torch::mv(both.slice(1, latent), bits) * scale;
    mapping["1.weight"] = both.slice(1, 0, latent) * (scale * std::sqrt(static_cast<double>(latent)));
}

/// codes: [1,bits].
std::unique_ptr<generators::Generator> residualInstance(FingerprintNetworks& networks, const Tensor& codes) {
    const auto& o = networks.options();
    const Tensor style = networks.inputs(torch::zeros({1, o.latent}, codes.device()), codes).styles[0];
    nn::TensorMap state = nn::withoutPrefix(networks.state(), "generator.");
    for (auto& [name, conv] : networks.residualGenerator()->convolutionsByName()) {
        if (!conv->modulation) continue;
        state[name + "weight"] = conv->weight * conv->modulation(style).view({1, -1, 1, 1});
        forget(state, name + "modulation.");
    }
    auto instance = std::make_unique<generators::ResidualGenerator>(
        generators::residualGanOf(o.backbone),
        generators::ResidualGeneratorOptions{.side = o.side, .latent = o.latent, .width = o.width});
    instance->load(state);
    return instance;
}

/// codes: [1,bits].
std::unique_ptr<generators::Generator> styleInstance(FingerprintNetworks& networks, const Tensor& codes) {
    const auto& options = networks.options();
    nn::Synthesis synthesis = networks.generator();
    const nn::TensorMap whole = networks.state();
    nn::TensorMap state = nn::withoutPrefix(whole, "generator.");
    const auto inputs = networks.inputs(torch::zeros({1, options.latent}, codes.device()), codes);
    const Tensor styles = inputs.styles.select(1, 0);
    nn::TensorMap mapping;
    if (options.variant == "I") {
        mapping = nn::withoutPrefix(whole, "latent.");
        state["input.input"] = synthesis->fromInput(inputs.input).view({1, -1, 4, 4});
        forget(state, "input.");
    } else if (options.variant == "II") {
        mapping = nn::withoutPrefix(whole, "latent.");
        for (auto& [name, conv] : synthesis->convolutionsByName()) {
            if (conv->modulation.empty()) continue;
            const Tensor scale = conv->modulation[1](styles.slice(1, options.style));
            state[name + "weight"] = conv->weight * scale.view({1, 1, -1, 1, 1});
            forget(state, name + "modulation2.");
        }
    } else if (options.variant == "III") {
        mapping = nn::withoutPrefix(whole, "encoder.");
        bakeMapping(mapping, (options.signedBits ? codes * 2 - 1 : codes)[0], options.latent);
    } else {
        for (auto& [name, conv] : synthesis->convolutionsByName()) {
            state[name + "weight"] = (conv->bakedWeight(styles) / conv->gain()).unsqueeze(0);
            forget(state, name + "modulation.");
        }
    }
    nn::addWithPrefix(state, mapping, "style.");
    auto instance = std::make_unique<generators::StyleGenerator>(instanceOptions(options));
    instance->load(state);
    return instance;
}

}  // namespace

std::unique_ptr<generators::Generator> instanceOf(FingerprintNetworks& networks, const Tensor& code) {
    const torch::NoGradGuard guard;
    const Tensor codes = code.to(networks.device(), torch::kFloat32).unsqueeze(0);
    return networks.options().isResidual() ? residualInstance(networks, codes)
                                           : styleInstance(networks, codes);
}

}  // namespace signet::fingerprint
