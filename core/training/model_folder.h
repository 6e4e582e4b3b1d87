#pragma once

#include <string>
#include <vector>

#include "core/models/manifest.h"
#include "core/nn/safetensors.h"

namespace signet::training {

/// The networks of a model.
struct ModelWeights {
    std::vector<std::string> roles;  ///< WeightFile::roles
    std::string format;              ///< "signet-signature": what the file's header calls it
    nn::TensorMap state;
};

/// Writes weights.safetensors and manifest.json (validated: false) into model.folder, which is created if
/// needed. model: all that does not follow from the weights.
void writeModelFolder(models::Manifest model, const ModelWeights& weights);

}  // namespace signet::training
