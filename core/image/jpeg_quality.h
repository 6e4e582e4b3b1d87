#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace signet::image {

struct JpegQuality {
    int quality = 0;  ///< 1..100 in the terms of the Independent JPEG Group's library
    bool standardTables =
        false;  ///< the luminance table is that library's for this quality, to the last entry
};

/// The quality a JPEG was last saved with, from its luminance quantisation table: the library's quality whose
/// table is nearest. Other programs scale their own tables, for which this is an approximation. head: the
/// first bytes of the file, at least up to the tables. Nothing when no such table is found in it.
std::optional<JpegQuality> estimateJpegQuality(std::span<const std::uint8_t> head);

}  // namespace signet::image
