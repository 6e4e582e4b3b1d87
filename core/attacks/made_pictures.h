#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/image/image.h"

namespace signet::attacks {

/// Kinds of pictures that no set of photographs holds and in which a detector may see what is not there:
/// "flats" (one colour or a slope), "gratings" (one or two periodic patterns), "noise" (white or coarse),
/// "drawings" (lines, shapes and words on one colour) and "scans" (pages of text under uneven light, slightly
/// turned, as JPEG leaves them).
std::span<const std::string_view> madeFamilies();

/// The picture of this number of a family, 8-bit RGB, short side 192 to 448 px, up to 1.6 times as long. It
/// depends on the three arguments alone. Throws BadOption for an unknown family.
image::Image madePicture(std::string_view family, std::uint64_t seed, std::uint64_t number);

}  // namespace signet::attacks
