#pragma once

#include <filesystem>
#include <string>

#include "core/models/manifest.h"

namespace signet::generators {

/// Makes a model of kind "generator" of a published StyleGAN2 checkpoint (a .pt file in the layout of the
/// PyTorch implementation most are shared in: state dicts "g_ema" and "g", or one alone), called as its
/// folder, which is made. Sizes are told from the tensors' shapes; mappingRate, which they do not tell, is
/// the factor on the mapping's learning rate it was trained with. No code of the file is run. Throws what
/// loadTorchCheckpoint throws; Corrupt where it is another architecture, with the tensors that are missing
/// and those that have no place; Exists where there is something called as the folder.
models::Manifest importStyleGan2(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                                 double mappingRate = 0.01);

}  // namespace signet::generators
