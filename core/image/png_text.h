#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/image/metadata.h"

namespace signet::image {

/// The text chunks (tEXt, zTXt, iTXt) of a PNG file as entries "Png.Text.<keyword>" of the group "PNG", those
/// left out that hold EXIF, IPTC or XMP. Text that is not UTF-8 is read as Latin-1. At most maxEntries; stops
/// at the first chunk that contradicts the format. Never throws and never reads outside file.
std::vector<MetadataEntry> readPngText(std::span<const std::uint8_t> file, std::size_t maxEntries);

/// The same chunks as they are, each with length, type and CRC; none for another file than a PNG.
std::vector<std::span<const std::uint8_t>> pngTextChunks(std::span<const std::uint8_t> file);

/// A PNG file with these chunks before its end.
std::vector<std::uint8_t> withPngTextChunks(std::vector<std::uint8_t> png,
                                            const std::vector<std::span<const std::uint8_t>>& chunks);

}  // namespace signet::image
