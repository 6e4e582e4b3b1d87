#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/generators/generator.h"
#include "core/models/manifest.h"

namespace signet::generators {

/// Throws Corrupt: "this is not a NETWORK as Signet reads them: WHAT".
[[noreturn]] void throwOtherArchitecture(const std::string& network, const std::string& what);

/// Throws as throwOtherArchitecture with the names of tensors that are missing, have no place or another
/// shape.
void requireSameTensors(const std::string& network, const nn::TensorMap& wanted, const nn::TensorMap& given);

/// A tensor's size along a dimension. Throws as throwOtherArchitecture where there is no such tensor.
std::int64_t sizeAlong(const std::string& network, const nn::TensorMap& state, const std::string& name,
                       std::int64_t dimension);

/// Makes a model of kind "generator" of a published checkpoint: read(its tensors) gives the generator with
/// their weights. folder is made, the model called as it. No code of the file is run. Throws what
/// loadTorchCheckpoint and read throw, with the file's name before, Exists where there is something called as
/// the folder.
models::Manifest importGenerator(
    const std::filesystem::path& checkpoint, const std::filesystem::path& folder, const std::string& title,
    const std::function<std::unique_ptr<Generator>(const nn::TensorMap& tensors)>& read);

}  // namespace signet::generators
