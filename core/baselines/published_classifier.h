#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/models/manifest.h"

namespace signet::baselines {

/// Makes a model of kind "classifier" of a published ResNet's checkpoint with torchvision's names (Wang et
/// al. 2020, Gragnaniello et al. 2021): a state dict, alone or as "model", with one output, its last layer
/// linear or a 1x1 convolution. Blocks and width are told from the tensors; what they do not tell is
/// options, ClassifierOptions as "key=value" each: down has to be there, the input is "whole" and normalised
/// as ImageNet's and the classes are "real" and "generated" where nothing else is said. Throws as
/// training::importModel; BadOption for options that do not fit, Corrupt where it is another architecture,
/// with the tensors that are missing and those that have no place, or has another number of outputs.
models::Manifest importClassifier(const std::filesystem::path& checkpoint,
                                  const std::filesystem::path& folder,
                                  const std::vector<std::string>& options);

}  // namespace signet::baselines
