#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace signet::image {

struct DecodeLimits {
    std::uint64_t maxPixels = 130'000'000;       ///< stored pixels; panoramas of 100 megapixels pass
    std::uint64_t maxDecodedBytes = 1ull << 30;  ///< bytes of the decoded raster
};

struct DecodeOptions {
    /// > 0: the decoder may deliver fewer pixels (JPEG DCT scaling by 1/2, 1/4, 1/8) as long as the short
    /// side stays at least this many pixels. 0: full size.
    int reduceToShortSide = 0;
    bool applyOrientation = true;  ///< turn and mirror by the EXIF orientation
    DecodeLimits limits;
};

/// How the pixels came to be: stored with each examination so that it can be repeated.
struct DecodeInfo {
    Format format = Format::Png;
    std::string decoder;  ///< library and version, e.g. "libjpeg-turbo 2.1.5"
    int storedWidth = 0;  ///< as in the file, before orientation and scaling
    int storedHeight = 0;
    int bitDepth = 8;    ///< stored bits a sample
    std::string colour;  ///< "rgb", "grey", "palette", "cmyk", "ycck", with "+alpha" where there is alpha
    bool chromaSubsampled = false;  ///< JPEG: chroma stored at less than full resolution
    int orientation = 1;            ///< EXIF orientation, 1..8
    bool orientationApplied = false;
    int scaleDenominator = 1;           ///< of a scaled decode
    int frames = 1;                     ///< frames or pages in the file; the first is decoded
    std::vector<std::string> warnings;  ///< e.g. "the JPEG data ends early; missing rows are grey"
    bool damaged = false;  ///< pixels are missing, made up or perhaps wrong: one of the warnings says how

    void warnOfDamage(std::string warning) {
        warnings.push_back(std::move(warning));
        damaged = true;
    }
};

struct Decoded {
    Image image;
    DecodeInfo info;
};

/// Width, height and format from the header alone, after orientation. Throws Unsupported or Corrupt.
struct Header {
    Format format = Format::Png;
    int width = 0;
    int height = 0;
};
Header probe(std::span<const std::uint8_t> bytes);

/// Decodes the first frame of a JPEG, PNG, WebP, TIFF or BMP file. CMYK/YCCK JPEG becomes RGB (recorded and
/// warned of); palette becomes RGB or RGBA; grey with alpha becomes RGBA. Checks the limits on the header
/// before any pixel memory is taken. Throws Unsupported (format or variant), Corrupt (no picture can be made
/// of it), TooLarge (limits).
Decoded decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options = {});

}  // namespace signet::image
