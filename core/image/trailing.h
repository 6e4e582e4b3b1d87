#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/image/image.h"

namespace signet::image {

/// What lies behind the end of the picture's own data in a JPEG, PNG, GIF or WebP file, in words with its
/// size and kind: "19,268 bytes follow the end of the JPEG data: a JPEG picture". Empty where nothing does,
/// where the data ends early, and for formats that name no end.
std::string trailingBytes(std::span<const std::uint8_t> bytes, Format format);

}  // namespace signet::image
