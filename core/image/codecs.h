#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/image.h"

/// What the codec files of this folder offer to decode.cpp and encode.cpp. Nothing outside core/image
/// includes this header.
namespace signet::image::codecs {

using ByteSpan = std::span<const std::uint8_t>;

/// Width and height as stored, before orientation.
struct Size {
    std::uint64_t width = 0;
    std::uint64_t height = 0;
};

/// The format by the first bytes. Throws Unsupported (another known format is named, with what to do) or
/// Corrupt (empty, unknown bytes).
Format detectFormat(ByteSpan bytes);

/// Throws Corrupt for an empty side and TooLarge over the limits; bytesPerPixel is of the decoded raster.
void checkLimits(Size size, std::uint64_t bytesPerPixel, const DecodeLimits& limits);

/// What the headers say of one frame.
struct Stored {
    Size size;  ///< as stored, or as shown where orientation is given
    int frames = 1;
    std::optional<int> orientation;  ///< 1..8; none: what readOrientation() says
};

/// Throws BadOption where frame is not within 1..frames.
void checkFrame(int frame, int frames);

/// Each throws Corrupt or Unsupported where the header cannot be read, BadOption where there is no such
/// frame.
Size probeJpeg(ByteSpan bytes);
Stored probePng(ByteSpan bytes, int frame);
Stored probeWebP(ByteSpan bytes, int frame);
Stored probeTiff(ByteSpan bytes, int frame);
Size probeBmp(ByteSpan bytes);
Stored probeGif(ByteSpan bytes, int frame);
Stored probeHeif(ByteSpan bytes, int frame);
Stored probeJxl(ByteSpan bytes, int frame);

/// Each decodes one frame as stored and fills DecodeInfo except for the orientation, which decode() reads and
/// applies; decodeTiff and decodeJxl fill it in, decodeHeif applies it. Throws as decode() does.
Decoded decodeJpeg(ByteSpan bytes, const DecodeOptions& options);
Decoded decodePng(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeWebP(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeTiff(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeBmp(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeGif(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeHeif(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeJxl(ByteSpan bytes, const DecodeOptions& options);

/// The frames of an animated PNG: how many there are (with a still picture that is no frame as the first),
/// and one beyond the first, composed.
int pngFrames(ByteSpan bytes);
Decoded decodeApngFrame(ByteSpan bytes, const DecodeOptions& options);

/// Metadata blocks of formats that Exiv2 does not read; each empty where there is none.
struct MetadataBlocks {
    std::vector<std::uint8_t> exif;  ///< a TIFF structure
    std::vector<std::uint8_t> xmp;
    std::vector<std::uint8_t> profile;  ///< of the pixels as they are decoded
};
MetadataBlocks readHeifMetadata(ByteSpan bytes, int frame);
MetadataBlocks readJxlMetadata(ByteSpan bytes);

/// Each expects what encode() has checked: a consistent image, quality in range, a depth and channels the
/// format takes. Throws TooLarge or Internal.
std::vector<std::uint8_t> encodeJpeg(const Image& image, const EncodeOptions& options);
std::vector<std::uint8_t> encodePng(const Image& image, const EncodeOptions& options);
std::vector<std::uint8_t> encodeWebP(const Image& image, const EncodeOptions& options);
std::vector<std::uint8_t> encodeTiff(const Image& image, const EncodeOptions& options);
std::vector<std::uint8_t> encodeBmp(const Image& image);

/// First row at which a decoder stopped: rows from there on become mid grey (alpha opaque).
void greyFrom(Image& image, int firstRow);

}  // namespace signet::image::codecs
