#pragma once

#include "core/generators/autoencoder_fields.h"
#include "core/generators/denoiser_options.h"

namespace signet::generators {

/// latent-diffusion's form, as manifests name it.
inline constexpr const char* kLdmArch = "ldm";

/// Of its weights: what is denoised is the latent times this, one number.
inline constexpr const char* kScaleFactor = "scale_factor";

/// Networks of a latent diffusion model and how it is sampled; the defaults of sampling are paper A's for
/// FFHQ.
struct LdmOptions {
    DenoiserOptions denoiser = {};
    nn::AutoencoderOptions autoencoder = {};
    DiffusionDraw draw{.steps = 200, .ddim = true, .eta = 1, .everySoMany = true};

    int side() const { return denoiser.side * autoencoder.factor(); }
    /// Throws BadOption.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static LdmOptions fromJson(const Json& json);
};

}  // namespace signet::generators
