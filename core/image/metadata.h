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
/// Those of the first frame are the file's; further pictures of JPEG, HEIF and AVIF files have their own,
/// further pages and frames of other formats none that are read. Never throws: broken metadata is a warning.
Metadata readMetadata(std::span<const std::uint8_t> file, int frame = 1);

/// encoded, an RGB picture, with the EXIF, IPTC, XMP, ICC profile, comment and PNG texts of source, as far as
/// its format holds them. Orientation is reset to 1 (the pixels are already turned), the pixel dimensions are
/// those of the encoded image, and the profile is one of its pixels (profileForRgb). Each part is carried on
/// its own: warning (may be null) names every part or field that was not, and why. frame: the one of source
/// that encoded shows.
std::vector<std::uint8_t> carryMetadata(std::span<const std::uint8_t> source,
                                        std::vector<std::uint8_t> encoded, std::string* warning,
                                        int frame = 1);

}  // namespace signet::image
