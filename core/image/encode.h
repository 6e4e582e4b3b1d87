#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.h"

namespace signet::image {

struct EncodeOptions {
    Format format = Format::Png;
    int quality = 95;        ///< JPEG and WebP: 1..100; WebP 100 is lossless
    bool subsample = false;  ///< JPEG: 4:2:0 instead of 4:4:4
    int pngCompression = 3;  ///< 0..9
};

/// Encodes to PNG (8/16 bit), JPEG (8 bit), WebP (8 bit), TIFF (8/16 bit, deflate) or BMP (8 bit, no alpha).
/// 16-bit samples are rounded for 8-bit formats. Throws Unsupported (a format that is read only), BadOption
/// (quality, or alpha in a format without it), TooLarge (the format's side limit: JPEG 65,500 px, WebP 16,383
/// px).
std::vector<std::uint8_t> encode(const Image& image, const EncodeOptions& options);

}  // namespace signet::image
