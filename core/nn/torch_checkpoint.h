#pragma once

#include <filesystem>
#include <string>

#include "core/nn/safetensors.h"

namespace signet::nn {

/// The tensors of a checkpoint as torch.save writes them: a zip file (since PyTorch 1.6), or before it five
/// pickles (mark, version, system, object, storage keys) and the storages. A tensor in a dictionary of the
/// object's is named by the keys on the way, joined by '/' ("g_ema/conv1.conv.weight"); what else the object
/// holds is left out. Contiguous copies as float32 tensors, of
/// whole numbers as int64. Reading one is reading data: of
/// pickle's instructions only those that such files need are known, and of the names in them those of
/// tensors, storages and ordered dictionaries, others are refused by name; no code of the file is ever run.
/// expectedSha256 (not empty) is compared before anything is parsed. Throws HashMismatch, Corrupt (also for
/// what is no checkpoint at all, saying what it looks like), NotFound, TooLarge (over 8 GiB, unpacked too).
TensorMap loadTorchCheckpoint(const std::filesystem::path& path, const std::string& expectedSha256 = {});

/// The same of a file's bytes.
TensorMap parseTorchCheckpoint(std::span<const std::uint8_t> bytes);

inline constexpr std::uint64_t kMaxCheckpointBytes = 8ull << 30;

}  // namespace signet::nn
