#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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
    bool applyOrientation = true;  ///< turn and mirror as the file says it is to be shown
    /// Which of the frames, pages or pictures of the file, from 1 on. A frame of an animation comes as it is
    /// shown: on the canvas, over what the frames before it left there.
    int frame = 1;
    DecodeLimits limits;
};

/// How the pixels came to be: stored with each examination so that it can be repeated.
struct DecodeInfo {
    Format format = Format::Png;
    std::string decoder;  ///< library and version, e.g. "libjpeg-turbo 2.1.5"
    int storedWidth = 0;  ///< as in the file, before orientation and scaling
    int storedHeight = 0;
    int bitDepth = 8;  ///< stored bits a sample
    /// "rgb", "grey", "palette", "cmyk", "ycck", "lab", with "+alpha" where there is alpha
    std::string colour;
    bool chromaSubsampled = false;  ///< JPEG: chroma stored at less than full resolution
    int orientation = 1;            ///< as EXIF counts it, 1..8 (HEIF and AVIF: turned by their decoder, 1)
    bool orientationApplied = false;
    int scaleDenominator = 1;           ///< of a scaled decode
    int frames = 1;                     ///< frames, pages or pictures in the file (see frameWord)
    int frame = 1;                      ///< the one decoded
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

/// What the frames of a file of this format are called: "frame", "page" (TIFF) or "picture" (JPEG, HEIF,
/// AVIF).
std::string_view frameWord(Format format);

/// Width, height and format from the headers alone, after orientation, of one frame, and how many there are.
/// Throws Unsupported, Corrupt, or BadOption (no such frame).
struct Header {
    Format format = Format::Png;
    int width = 0;
    int height = 0;
    int frames = 1;
};
Header probe(std::span<const std::uint8_t> bytes, int frame = 1);

/// Decodes one frame of a file of any Format. CMYK/YCCK JPEG becomes RGB (recorded and warned of); palette
/// becomes RGB or RGBA; grey with alpha becomes RGBA. More frames than one, and bytes behind the picture's
/// end, are warned of with their number and kind. Checks the limits on the header before any pixel memory is
/// taken. Throws Unsupported (format or variant), Corrupt (no picture can be made of it), TooLarge (limits),
/// BadOption (no such frame).
Decoded decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options = {});

}  // namespace signet::image
