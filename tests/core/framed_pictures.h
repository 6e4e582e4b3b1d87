#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/signature/picture_hash.h"

/// Pictures as they are signed, and as they turn up, with the map that a reading would find.
namespace signet::tests {

/// Patches of light and colour of all sizes; each seed gives others.
image::Image scene(int width, int height, std::uint64_t seed);

/// What is done to a picture, in this order.
struct Treatment {
    std::string name = {};
    double crop = 1;    ///< share of the area, at a random place
    double aspect = 0;  ///< width / height of a crop; 0: as it is
    double scale = 1;
    double stretch = 1;  ///< of the width
    bool mirrored = false;
    double turn = 0;               ///< degrees, the size kept but for odd quarter turns
    double perspective = 0;        ///< depth changes by up to this share over the view
    double page = 1;               ///< share of the area of the page that it lies on
    std::string colours = "none";  ///< core/attacks

    /// All that a signature is to survive.
    static const std::vector<Treatment>& all();
};

/// A treated picture; the page and what lies beyond the borders show ground.
struct TreatedView {
    image::Image picture;
    signature::ChipSize size;
    signature::FrameMap toFrame;  ///< with the small errors of a reading
    std::vector<signature::ChipPoint> outline;

    signature::SeenSigns seen(bool withOutline = false) const;
};
TreatedView treated(const image::Image& picture, const image::Image& ground, const Treatment& treatment,
                    StepRandom& random);

/// A map as somebody may have who copies a signature onto another picture: it fits that picture at any shift,
/// at times scaled, turned or mirrored.
signature::FrameMap forgedMap(const signature::FrameMap& map, StepRandom& random);

}  // namespace signet::tests
