#pragma once

#include <exiv2/exiv2.hpp>
#include <exiv2/webpimage.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace signet::image {

/// Exiv2's XMP parser and its log are process-wide: one caller at a time. For core/image alone.
class Exiv2Session {
public:
    Exiv2Session();
    const std::string& firstError() const { return s_firstError; }

private:
    static void keepFirst(int level, const char* text);
    static inline std::mutex s_mutex;
    static inline std::string s_firstError;
    std::lock_guard<std::mutex> m_lock;
};

/// A file of a format that Exiv2 parses whole (JPEG, PNG, WebP, TIFF). Exiv2's own guess is not asked: its
/// reader of QuickTime loops for ever on some BigTIFF files. Throws what Exiv2 throws.
Exiv2::Image::AutoPtr openWithExiv2(std::span<const std::uint8_t> file, Format format);

/// What a file tells beside its pixels, whatever its format.
struct RawMetadata {
    Exiv2::ExifData exif;
    Exiv2::IptcData iptc;
    Exiv2::XmpData xmp;
    std::string comment;                ///< of a JPEG
    std::vector<std::uint8_t> profile;  ///< ICC, of the pixels as they are decoded; empty: none

    bool empty() const {
        return exif.empty() && iptc.empty() && xmp.empty() && comment.empty() && profile.empty();
    }
};

/// The part of a file whose metadata are those of a frame; none where it has none of its own.
std::optional<std::span<const std::uint8_t>> metadataOwner(std::span<const std::uint8_t> file, Format format,
                                                           int frame);

/// In a session. frame: of HEIF and AVIF files. Throws what Exiv2 and the decoders throw.
RawMetadata readRawMetadata(std::span<const std::uint8_t> file, Format format, int frame);

}  // namespace signet::image
