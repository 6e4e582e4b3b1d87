#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace signet::image {

/// The ICC profile that RGB pixels must carry which were made from pixels with this profile.
struct RgbProfile {
    std::vector<std::uint8_t> profile;  ///< empty: none
    std::string note;                   ///< what became of the original one; empty: it is carried as it is
};

/// An RGB profile is kept as it is. Grey pixels repeated in three channels get a profile with the grey one's
/// tone curve (and sRGB's primaries, which grey does not touch), so that they look the same. Of all other
/// colour spaces (CMYK, Lab) the pixels were turned into RGB without the profile: they are marked as sRGB.
RgbProfile profileForRgb(std::span<const std::uint8_t> profile);

}  // namespace signet::image
