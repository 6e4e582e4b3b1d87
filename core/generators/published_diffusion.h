#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/models/manifest.h"

namespace signet::generators {

/// What a published diffusion's tensors do not tell.
struct PublishedDiffusion {
    /// DenoiserOptions, "key=value" each, where they differ from their defaults and from what the shapes
    /// tell: side, headWidth or heads, headsFirst, schedule ... An unknown key is an error.
    std::vector<std::string> options = {};
    std::string base = {};  ///< of an upsampler: name or folder of the model that draws what it enlarges
    std::filesystem::path workspace = {};  ///< where models are looked for by name too
};

/// Makes a model of kind "generator" of a checkpoint of guided-diffusion (a bare state dict, its EMA's as
/// well), which becomes a generator of the form "adm", or with options.base the second diffusion of that
/// model. Widths, levels, attention, classes and whether the variance is learned are told from the tensors'
/// shapes. Throws as importGenerator; BadOption for options that do not fit, or where the side is not told.
models::Manifest importAdm(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                           const PublishedDiffusion& published);

/// The same of a checkpoint of latent-diffusion (.ckpt): its first stage, its diffusion in the averaged
/// weights where it has them, its classes' vectors, its latents' scale.
models::Manifest importLdm(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                           const PublishedDiffusion& published);

}  // namespace signet::generators
