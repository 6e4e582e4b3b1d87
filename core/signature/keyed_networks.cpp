#include "core/signature/keyed_networks.h"

#include <torch/torch.h>

#include "core/base/error.h"
#include "core/base/option_fields.h"
#include "core/nn/channels_last.h"
#include "core/signature/pattern_set.h"
#include "core/signature/visibility.h"
#include "core/training/run_options.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr double kLogitScale = 0.1;  ///< of the extractor's output, so that the first logits are about 1

template <typename Options>
auto walkOfNetwork(Options& o) {
    return [&o](auto&& visit) {
        using I = OptionInfo;
        constexpr const char* kNetwork = training::kNetworkGroup;
        visit(o.bits, I{"bits", kNetwork, "Coded bits of the carrier.", 1, 512, "bits"});
        visit(o.carrier.chips,
              I{"chips", kNetwork, "Chips on the short side of a picture.", 32, 512, "chips"});
        visit(o.carrier.tile, I{"tile", kNetwork, "Side of the tile that repeats.", 8, 64, "chips"});
        visit(o.carrier.lowest,
              I{"lowest", kNetwork, "Lowest frequency of the carrier's band.", 1, 32, "cycles/tile"});
        visit(o.carrier.highest, I{"highest", kNetwork, "Highest frequency.", 1, 32, "cycles/tile"});
        visit(o.injectorWidths,
              I{"injectorWidths", kNetwork, "Channels of the injector's three levels.", 8, 512});
        visit(o.extractorWidths,
              I{"extractorWidths", kNetwork, "Channels of the extractor's three levels.", 8, 512});
        visit(o.level, I{"level", kNetwork, "Visibility of the residual at strength 1; training sets it.",
                         0.01, 100, "grey levels"});
    };
}

}  // namespace

void KeyedOptions::validate() const {
    checkFields(walkOfNetwork(*this));
    const double nyquist = carrier.tile / 2.0;
    if (carrier.highest >= nyquist || carrier.lowest > carrier.highest)
        throw Error(ErrorCode::BadOption, "lowest is at most highest, and highest less than half of tile");
    if (carrier.band().dimensions() <= static_cast<std::size_t>(bits))
        throw Error(ErrorCode::BadOption,
                    "the band has fewer modes than patterns are needed: choose fewer bits or a wider band");
}

Json KeyedOptions::toJson() const {
    return fieldsToJson(walkOfNetwork(*this));
}

KeyedOptions KeyedOptions::fromJson(const Json& json) {
    return optionsFrom<KeyedOptions>(
        json, [](auto& options) { return walkOfNetwork(options); }, "network options are");
}

std::vector<OptionDescription> KeyedOptions::describe() {
    const KeyedOptions standard;
    return describeFields(walkOfNetwork(standard));
}

bool KeyedOptions::sameNetworks(const KeyedOptions& other) const {
    return bits == other.bits && carrier == other.carrier && injectorWidths == other.injectorWidths &&
           extractorWidths == other.extractorWidths;
}

KeyedNetworks::KeyedNetworks(KeyedOptions options)
    : m_options(options), m_injector(m_options.injectorWidths), m_extractor(m_options.extractorWidths) {
    m_options.validate();
    nn::keepChannelsLast(*m_injector);
    nn::keepChannelsLast(*m_extractor);
}

KeyedNetworks KeyedNetworks::ofModel(const Json& networkOptions, const std::filesystem::path& weights,
                                     const std::string& sha256, torch::Device device) {
    KeyedNetworks networks(KeyedOptions::fromJson(networkOptions));
    networks.load(nn::loadSafeTensors(weights, sha256).tensors);
    networks.to(device);
    networks.train(false);
    networks.freeze();
    return networks;
}

Tensor KeyedNetworks::residual(const Tensor& picture, const Tensor& carrier, double level) {
    const auto raw = m_injector(nn::channelsLast(torch::avg_pool2d(picture, 2)), carrier).to(torch::kFloat32);
    return atVisibility(picture, raw, level);
}

Tensor KeyedNetworks::estimate(const Tensor& picture) {
    return m_extractor(nn::channelsLast(picture)).to(torch::kFloat32) * kLogitScale;
}

void KeyedNetworks::train(bool on) {
    m_injector->train(on);
    m_extractor->train(on);
}

void KeyedNetworks::freeze() {
    for (auto& parameter : m_injector->parameters()) parameter.requires_grad_(false);
    for (auto& parameter : m_extractor->parameters()) parameter.requires_grad_(false);
}

void KeyedNetworks::to(torch::Device device) {
    m_injector->to(device);
    m_extractor->to(device);
}

nn::TensorMap KeyedNetworks::state() {
    nn::TensorMap all;
    nn::addWithPrefix(all, nn::stateDict(*m_injector), "injector.");
    nn::addWithPrefix(all, nn::stateDict(*m_extractor), "extractor.");
    return all;
}

void KeyedNetworks::load(const nn::TensorMap& state) {
    const auto injector = nn::withoutPrefix(state, "injector.");
    nn::checkStateDict(*m_injector, injector);  // both or neither
    nn::loadStateDict(*m_extractor, nn::withoutPrefix(state, "extractor."));
    nn::loadStateDict(*m_injector, injector);
}

}  // namespace signet::signature
