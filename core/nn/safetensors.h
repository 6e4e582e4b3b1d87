#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file_io.h"

namespace signet::nn {

using TensorMap = std::map<std::string, torch::Tensor>;
using TextMap = std::map<std::string, std::string>;

/// A safetensors file: u64 little-endian header length, JSON header, raw tensor bytes. Loading one is reading
/// data: no code in the file is ever run.
struct SafeTensors {
    TensorMap tensors;
    TextMap metadata;  ///< the header's "__metadata__"
};

/// Parses bytes of a safetensors file. Every length and offset is checked before memory is taken: throws
/// Corrupt when the header is longer than the file (or than 16 MiB), is not the JSON it should be, names an
/// unknown dtype, or when offsets are negative, out of range, overlapping, or do not match shape and dtype.
SafeTensors parseSafeTensors(std::span<const std::uint8_t> bytes);

/// Reads and parses a file; expectedSha256 (not empty) is compared before anything is parsed. Throws
/// HashMismatch, Corrupt, NotFound.
SafeTensors loadSafeTensors(const std::filesystem::path& path, const std::string& expectedSha256 = {});

/// The bytes of a safetensors file: contiguous CPU copies of tensors in name order (float32, float64,
/// float16, bfloat16, int64, int32, int16, int8, uint8, bool), the header padded with spaces to a multiple
/// of 8.
Bytes serializeSafeTensors(const TensorMap& tensors, const TextMap& metadata);

/// Parameters and buffers of a module under their state-dict names.
TensorMap stateDict(const torch::nn::Module& module);

/// Throws Corrupt naming the first missing, extra or differently shaped entry.
void checkStateDict(const torch::nn::Module& module, const TensorMap& tensors);

/// Copies tensors into the module's parameters and buffers of the same name. Throws Corrupt naming the first
/// missing, extra or differently shaped entry; nothing is copied in that case.
void loadStateDict(torch::nn::Module& module, const TensorMap& tensors);

/// The entries of tensors whose name starts with prefix, without it.
TensorMap withoutPrefix(const TensorMap& tensors, const std::string& prefix);

/// Adds the entries of part to tensors under prefix + name.
void addWithPrefix(TensorMap& tensors, const TensorMap& part, const std::string& prefix);

/// The entry of a checkpoint's part called what. Throws Corrupt naming one that is missing or has another
/// shape.
const torch::Tensor& entryOf(const TensorMap& part, const std::string& name, at::IntArrayRef shape,
                             const std::string& what);

/// Parameters under their names, in their modules' order.
using NamedParameters = std::vector<std::pair<std::string, torch::Tensor>>;

/// Adds a module's to those of others, under prefix + name.
void addParameters(NamedParameters& parameters, const torch::nn::Module& module, const std::string& prefix);

/// Trainable parameters.
std::int64_t parameterCount(const torch::nn::Module& module);

}  // namespace signet::nn
