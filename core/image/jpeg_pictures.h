#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace signet::image::codecs {

/// Where the JPEG stream that bytes begin with ends: behind its EOI marker; bytes.size() where it ends early.
std::size_t jpegEnd(std::span<const std::uint8_t> bytes);

/// The pictures of a JPEG file, the first one with all that lies before the second: those that its
/// multi-picture index lists (CIPA DC-007, APP2 "MPF"), and JPEG streams that follow one another without one.
std::vector<std::span<const std::uint8_t>> jpegPictures(std::span<const std::uint8_t> bytes);

}  // namespace signet::image::codecs
