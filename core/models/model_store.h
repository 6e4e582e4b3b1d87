#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/models/calibration.h"
#include "core/models/manifest.h"

namespace signet::models {

/// Names and manifests of all models under the data folder's models/ and the workspace's models/. Broken ones
/// are left out and named in warnings (may be null).
std::vector<Manifest> listModels(const std::filesystem::path& workspace,
                                 std::vector<std::string>* warnings = nullptr);

/// A model by name, or by the path of its folder. Throws NotFound (with the names there are), Corrupt.
Manifest findModel(const std::string& nameOrFolder, const std::filesystem::path& workspace);

/// calibration.json beside the manifest; nothing when the model has none. Throws Corrupt.
std::optional<Calibration> loadCalibration(const Manifest& manifest);

/// card.md as text; empty when there is none.
std::string loadCard(const Manifest& manifest);

/// Reads every file of weights and compares its SHA-256 with the manifest's. Throws HashMismatch, NotFound.
void verifyWeights(const Manifest& manifest);

void saveCalibration(const Manifest& manifest, const Calibration& calibration);

/// saveCalibration that keeps what was there as calibration-<UTC>.json beside it. Returns the path of that
/// copy, empty where there was none. Throws NoPermission with what to do about it, DiskFull.
std::filesystem::path replaceCalibration(const Manifest& manifest, const Calibration& calibration);

}  // namespace signet::models
