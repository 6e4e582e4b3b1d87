#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"

namespace signet::attacks {

/// What one step of a perturbation does to an 8-bit RGB image. Every step ends in rounding to 8 bits.
enum class Kind {
    None,        ///< nothing
    Jpeg,        ///< libjpeg round trip at this quality, 4:2:0 chroma, 1..100
    WebP,        ///< libwebp round trip at this quality, 1..100 (100 is lossless)
    Resize,      ///< to this share of each side and back to the original size, 0.05..1
    Crop,        ///< centre crop to this share of the area, 0.01..1; the image gets smaller
    CropResize,  ///< the same crop, enlarged back to the original size
    Rotate,  ///< about the centre, degrees counter-clockwise, -180..180; bilinear, size kept, outside grey
             ///< 128
    Flip,    ///< mirrored left to right
    Blur,    ///< Gaussian of this sigma in pixels, 0.05..50, border reflected
    Noise,   ///< white Gaussian noise, sigma in units of the full range 0..1, 0.001..1, seeded
    Brightness,  ///< samples times this factor, 0..10, clamped
    Contrast,    ///< distance from the image's mean luminance times this factor, 0..10, clamped
    PaperText,   ///< paper A's augmentation as its text gives it (paper_augmentation.h), drawn by the seed
    PaperCode,   ///< paper A's augmentation as its public code gives it, drawn by the seed
};

/// One step: "jpeg:50" is {Jpeg, 50}. value is 0 for the kinds that take none.
struct Step {
    Kind kind = Kind::None;
    double value = 0;
    bool operator==(const Step&) const = default;
};

/// Steps in the order they are applied; no steps: the image stays as it is. A plain value.
struct Perturbation {
    std::vector<Step> steps;

    bool operator==(const Perturbation&) const = default;
};

/// Parses "jpeg:50", "flip", "resize:0.5+jpeg:75", "none". "none" steps are dropped. Throws BadOption naming
/// the step and the range allowed.
Perturbation parsePerturbation(std::string_view spec);

/// The specs of a list separated by commas, e.g. "none,jpeg:50,crop:0.5+flip". Throws BadOption.
std::vector<Perturbation> parsePerturbationList(std::string_view specs);

/// The canonical text: parsePerturbation(toSpec(p)) == p; numbers in their shortest form ("blur:2"); "none"
/// for no steps.
std::string toSpec(const Perturbation& perturbation);

/// [{"name": "jpeg", "value": 50}, {"name": "flip"}]
Json toJson(const Perturbation& perturbation);

/// The inverse. Throws BadOption.
Perturbation perturbationFromJson(const Json& json);

/// One line a step kind with its range, for --help.
std::string perturbationHelp();

/// image (any depth and channels) as 8-bit RGB with the steps applied. The result depends on nothing but the
/// three arguments (the random numbers are this program's own, not the standard library's). Throws BadOption
/// (a value out of range), TooLarge (over the side limit of a codec of the chain).
image::Image apply(const image::Image& image, const Perturbation& perturbation, std::uint64_t seed);

}  // namespace signet::attacks
