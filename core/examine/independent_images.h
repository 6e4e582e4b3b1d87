#pragma once

#include <filesystem>
#include <string>

#include "core/training/photo_set.h"

namespace signet::examine {

/// The images of a folder of which one was cut from each original (the first; original_path in the folder's
/// manifest.csv), so that they are independent; at most limit where that is > 0. Throws as listPhotos.
training::PhotoSet independentImages(const std::filesystem::path& folder, int limit);

}  // namespace signet::examine
