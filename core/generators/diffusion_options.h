#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/generators/denoiser_options.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::generators {

inline constexpr const char* kDiffusionTask = "diffusion";

/// Everything that decides the training of a diffusion: of pictures (ADM's base), of pictures told a smaller
/// one (ADM's upsampler, `low` > 0), or of an autoencoder's latents (LDM). Meanings and ranges stand in the
/// walk in diffusion_options.cpp; the defaults are those of paper A's base for FFHQ (papers.md 1.7).
struct DiffusionTrainingOptions : training::RunOptions, training::OptimiserOptions {
    DiffusionTrainingOptions();

    std::string data;
    bool mirror = true;
    bool bf16 = true;
    bool recompute = false;

    int low = 0;
    std::string base;
    std::string autoencoder;
    bool scaleLatents = false;
    DenoiserOptions network;

    double classDropout = 0.1;
    DiffusionDraw draw;

    int validationImages = 256;
    int distanceImages = 0;

    /// Throws BadOption.
    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static DiffusionTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::generators
