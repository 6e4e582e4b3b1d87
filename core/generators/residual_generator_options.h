#pragma once

#include "core/base/json.h"

namespace signet::generators {

/// The two forms of ResidualGenerator, as manifests and options name them.
inline constexpr const char* kSnganArch = "sngan";
inline constexpr const char* kWganGpArch = "wgan-gp";

/// Ranges stand in the walk in residual_generator_options.cpp; for what they are see
/// nn::ResidualGeneratorImpl::Shape.
struct ResidualGeneratorOptions {
    int side = 128;
    int latent = 128;
    int width = 0;

    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static ResidualGeneratorOptions fromJson(const Json& json);
};

}  // namespace signet::generators
