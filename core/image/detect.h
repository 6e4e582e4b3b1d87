#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "core/image/image.h"

namespace signet::image {

/// What bytes are by their first ones.
struct Kind {
    std::optional<Format> format;  ///< one that is read; none: something else
    std::string name;  ///< "JPEG", "PDF", "MP4 or QuickTime video", ...; empty: nothing that is known here
};

/// The kind of a file, or of what follows in one, by its content and never by its name. The first
/// kKindBytes are enough (of a Truevision TGA without its footer the header decides).
inline constexpr std::size_t kKindBytes = 4096;
Kind kindOf(std::span<const std::uint8_t> bytes);

/// The format of a file by its content; none where that is another kind. Throws what readStart throws.
std::optional<Format> formatOfFile(const std::filesystem::path& path);

}  // namespace signet::image
