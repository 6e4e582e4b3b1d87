#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/image/image.h"

namespace signet::image {

/// The format a name's ending stands for (".jpg", ".jfif", ".heic", ...; any case); none for another ending.
std::optional<Format> formatOfName(const std::filesystem::path& path);

/// What is to be said of a file of this format whose name ends like another one's: "the name ends in .png,
/// the content is JPEG". Empty where they go together, and for endings that stand for no image format.
std::string endingConflict(const std::filesystem::path& path, Format format);

/// name with an ending of this format: as it is where it has one, with the ending of another image format
/// replaced, else with the format's own appended.
std::filesystem::path withEndingOf(const std::filesystem::path& name, Format format);

}  // namespace signet::image
