#pragma once

#include "core/base/json.h"

namespace signet::generators {

/// StyleGAN2's form, as manifests and options name it.
inline constexpr const char* kStyleGan2Arch = "stylegan2";

/// A generator of StyleGAN2's form, plain or issued from a fingerprinting one. Meanings and ranges stand in
/// the walk in style_generator_options.cpp; the defaults are config E at 128 px.
struct StyleGeneratorOptions {
    int side = 128;
    int latent = 512;
    int style = 512;
    int mappingLayers = 8;
    double mappingRate = 0.01;
    bool normalised = true;
    int featureBase = 8192, featureMost = 512;
    int modulatedFrom = 4, modulatedTo = 1024;

    bool operator==(const StyleGeneratorOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static StyleGeneratorOptions fromJson(const Json& json);
};

}  // namespace signet::generators
