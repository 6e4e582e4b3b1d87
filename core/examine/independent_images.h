#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/models/manifest.h"
#include "core/training/photo_set.h"

namespace signet::examine {

/// The images of a folder of which one was cut from each original (the first; original_path in the folder's
/// manifest.csv), so that they are independent; at most limit where that is > 0. Throws as listPhotos.
training::PhotoSet independentImages(const std::filesystem::path& folder, int limit);

/// How many of these are in a model's list of training files; nothing: it has none. Throws Corrupt.
std::optional<int> knownTo(const models::Manifest& manifest, const std::vector<models::ListedFile>& images);

}  // namespace signet::examine
