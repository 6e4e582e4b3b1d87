#pragma once

#include <torch/types.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/nn/keyed.h"
#include "core/nn/safetensors.h"
#include "core/signature/carrier.h"

namespace signet::signature {

/// Architecture "keyed": which networks, and the carrier they are for. Meanings and ranges stand in the walk
/// in keyed_networks.cpp.
struct KeyedOptions {
    int bits = 128;  ///< coded bits of the carrier
    CarrierShape carrier;
    std::array<int, 3> injectorWidths{24, 32, 48};
    std::array<int, 3> extractorWidths{32, 48, 64};
    double level = 0.65;  ///< visibility of the residual at strength 1, grey levels

    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static KeyedOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
    /// Equal but for the level, which training changes.
    bool sameNetworks(const KeyedOptions& other) const;
};

/// Injector and extractor of a keyed signature: what of it is trained. Key, code and geometry enter by the
/// carrier only. Not thread-safe.
class KeyedNetworks {
public:
    explicit KeyedNetworks(KeyedOptions options);
    /// Those of a trained model: weights verified, in evaluation on the device, frozen. networkOptions:
    /// KeyedOptions as JSON. Throws HashMismatch, Corrupt, NotFound, BadOption.
    static KeyedNetworks ofModel(const Json& networkOptions, const std::filesystem::path& weights,
                                 const std::string& sha256, torch::Device device);

    /// What signing adds, atVisibility() of this level, one value a chip: [B,3,h,w] in [-1,1] units. picture:
    /// [B,3,2h,2w] in [-1,1]; carrier: [B,1,h,w] of root mean square 1.
    torch::Tensor residual(const torch::Tensor& picture, const torch::Tensor& carrier, double level);
    /// An estimate of the carrier, [B,1,h,w] float32: the sum of its products with a carrier is a logit
    /// (log-odds that it is there rather than its opposite). picture: [B,3,2h,2w] in [-1,1].
    torch::Tensor estimate(const torch::Tensor& picture);

    const KeyedOptions& options() const { return m_options; }
    void setLevel(double level) { m_options.level = level; }
    nn::KeyedInjector& injector() { return m_injector; }
    nn::KeyedExtractor& extractor() { return m_extractor; }
    void train(bool on);
    void freeze();  ///< no gradient of the parameters is wanted any more
    void to(torch::Device device);

    /// "injector.<name>" and "extractor.<name>".
    nn::TensorMap state();
    /// Throws Corrupt where names or shapes are others; nothing is changed then.
    void load(const nn::TensorMap& state);

private:
    KeyedOptions m_options;
    nn::KeyedInjector m_injector;
    nn::KeyedExtractor m_extractor;
};

}  // namespace signet::signature
