#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/generators/generator.h"
#include "core/models/manifest.h"

namespace signet::generators {

/// Makes a model of kind "generator" of a published checkpoint: read(its tensors) gives the generator with
/// their weights. folder is made, the model called as it. Throws as training::importModel.
models::Manifest importGenerator(
    const std::filesystem::path& checkpoint, const std::filesystem::path& folder, const std::string& title,
    const std::function<std::unique_ptr<Generator>(const nn::TensorMap& tensors)>& read);

}  // namespace signet::generators
