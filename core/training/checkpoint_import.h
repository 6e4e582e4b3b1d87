#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/models/manifest.h"
#include "core/training/model_folder.h"

// What importing a published checkpoint has in common, whatever its network.
namespace signet::training {

/// Throws Corrupt: "this is not a NETWORK as Signet reads them: WHAT".
[[noreturn]] void throwOtherArchitecture(const std::string& network, const std::string& what);

/// Throws as throwOtherArchitecture with the names of tensors that are missing, have no place or another
/// shape.
void requireSameTensors(const std::string& network, const nn::TensorMap& wanted, const nn::TensorMap& given);

/// A tensor's size along a dimension. Throws as throwOtherArchitecture where there is no such tensor.
std::int64_t sizeAlong(const std::string& network, const nn::TensorMap& state, const std::string& name,
                       std::int64_t dimension);

/// What a checkpoint becomes: all that a manifest says but for the folder, the name and where it is from.
struct ImportedModel {
    models::Manifest manifest;
    ModelWeights weights;
};

/// Makes a model of a published checkpoint: read(its tensors). folder is made, the model called as it. No
/// code of the file is run. Throws what loadTorchCheckpoint and read throw, with the file's name before,
/// Exists where there is something called as the folder.
models::Manifest importModel(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                             const std::function<ImportedModel(const nn::TensorMap& tensors)>& read);

}  // namespace signet::training
