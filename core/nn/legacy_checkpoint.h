#pragma once

#include <filesystem>
#include <string>

#include "core/nn/safetensors.h"

namespace signet::nn {

/// The tensors of a checkpoint as torch.save wrote them before PyTorch 1.6: five pickles (mark, version,
/// system, state dict, storage keys), then the storages. Contiguous copies of float32 and int64 tensors.
/// Reading one is reading data: of pickle's instructions only those that such files need are known, and of
/// the names in them those of tensors, storages and ordered dictionaries; no code of the file is ever run.
/// expectedSha256 (not empty) is compared before anything is parsed. Throws HashMismatch, Corrupt, NotFound,
/// TooLarge (over 1 GiB).
TensorMap loadLegacyCheckpoint(const std::filesystem::path& path, const std::string& expectedSha256 = {});

}  // namespace signet::nn
