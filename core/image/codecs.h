#pragma once

#include <cstdint>
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

/// The warning that a file holds more frames or pages than the one decoded.
std::string framesWarning(int frames, const char* what);

/// Each throws Corrupt or Unsupported where the header cannot be read.
Size probeJpeg(ByteSpan bytes);
Size probePng(ByteSpan bytes);
Size probeWebP(ByteSpan bytes);
Size probeTiff(ByteSpan bytes);
Size probeBmp(ByteSpan bytes);

/// Each decodes the first frame as stored (orientation is applied by decode()) and fills DecodeInfo except
/// for the orientation. Throws as decode() does.
Decoded decodeJpeg(ByteSpan bytes, const DecodeOptions& options);
Decoded decodePng(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeWebP(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeTiff(ByteSpan bytes, const DecodeOptions& options);
Decoded decodeBmp(ByteSpan bytes, const DecodeOptions& options);

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
