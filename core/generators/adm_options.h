#pragma once

#include <optional>

#include "core/generators/denoiser_options.h"

namespace signet::generators {

/// ADM's form, as manifests name it.
inline constexpr const char* kAdmArch = "adm";

/// Networks of an ADM model and how they are sampled; the defaults of sampling are paper A's.
struct AdmOptions {
    DenoiserOptions base = {};
    DiffusionDraw baseDraw = {};
    std::optional<DenoiserOptions> upsampler = {};
    DiffusionDraw upsamplerDraw{.steps = 50};

    int side() const { return upsampler ? upsampler->side : base.side; }
    /// Throws BadOption.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static AdmOptions fromJson(const Json& json);
};

}  // namespace signet::generators
