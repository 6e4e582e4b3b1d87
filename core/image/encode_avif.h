#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.h"

namespace signet::image {

/// An 8-bit RGB picture as an AVIF file, to measure what the codec does to it: AV1 by the encoder of libheif
/// (Debian's has libaom, at its speed 6), chroma 4:2:0, quality 1..100 as libheif counts it (100 is not
/// lossless either); the same bytes on every run. Pictures are not signed into AVIF (canEncode). Throws
/// Environment (this libheif has no AV1 encoder), TooLarge (memory; more than 65,535 px a side).
std::vector<std::uint8_t> encodeAvif(const Image& image, int quality);

}  // namespace signet::image
