#pragma once

#include <cstdint>
#include <span>

#include "core/image/image.h"

namespace signet::image {

/// The EXIF orientation 1..8 of a JPEG, PNG, WebP or TIFF file (its first page); 1 where there is none or it
/// cannot be read. Never throws and never reads outside bytes.
int readOrientation(std::span<const std::uint8_t> bytes, Format format);

/// image turned and mirrored so that it stands as orientation (1..8) says it is to be shown.
Image orient(Image image, int orientation);

/// True where the orientation swaps width and height (5..8).
inline bool swapsSides(int orientation) {
    return orientation >= 5 && orientation <= 8;
}

}  // namespace signet::image
