#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace signet::image {

struct MetadataEntry {
    std::string group;  ///< "EXIF", "IPTC", "XMP", "PNG", "ICC"
    std::string key;    ///< e.g. "Exif.Photo.DateTimeOriginal"
    std::string value;  ///< as text, valid UTF-8, at most 4,096 characters
};

struct Metadata {
    std::vector<MetadataEntry> entries;
    bool hasIccProfile = false;
    std::vector<std::uint8_t> thumbnail;  ///< the file of the thumbnail in the EXIF data; empty: none
    std::string warning;  ///< why nothing or only a part could be read; empty when all is well
};

/// EXIF with its thumbnail, IPTC, XMP and the ICC profile's presence, through Exiv2, and a PNG's text chunks.
/// Never throws: broken metadata is a warning.
Metadata readMetadata(std::span<const std::uint8_t> file);

/// encoded with the EXIF, IPTC, XMP and ICC profile of source; orientation is reset to 1 (the pixels are
/// already turned) and the pixel dimensions are those of the encoded image. warning (may be null) says what
/// could not be carried (BMP takes none; broken source metadata is dropped).
std::vector<std::uint8_t> carryMetadata(std::span<const std::uint8_t> source,
                                        std::vector<std::uint8_t> encoded, std::string* warning);

}  // namespace signet::image
