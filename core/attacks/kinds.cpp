#include "core/attacks/kinds.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace signet::attacks {
namespace {

constexpr ValueRange kQuality{1, 100, 1};
constexpr ValueRange kAreaShare{0.01, 1};
constexpr ValueRange kDegrees{-180, 180};
constexpr ValueRange kFactor{0, 10};

constexpr std::array kKinds{
    KindInfo{Kind::None, "none", {}, "nothing", "unchanged"},
    KindInfo{Kind::Jpeg, "jpeg", kQuality, "JPEG round trip at this quality (4:2:0)", "JPEG of quality {}"},
    KindInfo{Kind::WebP, "webp", kQuality, "WebP round trip at this quality (100: lossless)",
             "WebP of quality {}"},
    KindInfo{Kind::Avif, "avif", kQuality, "AVIF round trip at this quality (4:2:0)", "AVIF of quality {}"},
    KindInfo{Kind::Resize, "resize", ValueRange{0.05, 1}, "to this share of each side and back",
             "scaled to {} of the side"},
    KindInfo{Kind::Scale, "scale", ValueRange{0.05, 4}, "both sides times this factor, not resized back",
             "both sides × {}"},
    KindInfo{Kind::Blur, "blur", ValueRange{0.05, 50}, "Gaussian blur, sigma in pixels",
             "blurred with σ {} px"},
    KindInfo{Kind::Median, "median", ValueRange{3, 15, 2}, "median of so many by so many pixels, odd",
             "median of {} px"},
    KindInfo{Kind::Noise, "noise", ValueRange{0.001, 1},
             "Gaussian noise, sigma as a share of the full range; seeded", "noise of σ {}"},
    KindInfo{Kind::Crop, "crop", kAreaShare, "centre crop to this share of the area; the image gets smaller",
             "cropped to {} of the area"},
    KindInfo{Kind::CropResize, "cropresize", kAreaShare, "the same crop, resized back to the original size",
             "cropped to {} of the area and scaled back"},
    KindInfo{Kind::CropAt, "crop-at", kAreaShare, "crop to this share of the area at a random place; seeded",
             "cropped at a random place to {} of the area"},
    KindInfo{Kind::CropAspect, "crop-aspect", ValueRange{0.1, 10},
             "largest crop of this width / height at a random place; seeded",
             "cropped at a random place to a width of {} of the height"},
    KindInfo{Kind::Rotate, "rotate", kDegrees,
             "degrees counter-clockwise about the centre; size kept, outside grey 128", "turned by {}°"},
    KindInfo{Kind::RotateOut, "rotate-out", kDegrees,
             "the same, the canvas enlarged so that nothing is cut off",
             "turned by {}° on an enlarged canvas"},
    KindInfo{Kind::RotateAny,
             "rotate-any",
             {},
             "rotate by an angle of -180..180 degrees; seeded",
             "turned by any angle"},
    KindInfo{Kind::RotateOutAny,
             "rotate-out-any",
             {},
             "rotate-out by such an angle; seeded",
             "turned by any angle on an enlarged canvas"},
    KindInfo{Kind::Turn, "turn", ValueRange{90, 270, 90},
             "by 90, 180 or 270 degrees counter-clockwise, exactly", "turned by {}° without loss"},
    KindInfo{Kind::Flip, "flip", {}, "mirror left to right", "mirrored"},
    KindInfo{Kind::FlipVertical, "flip-vertical", {}, "mirror top to bottom", "mirrored top to bottom"},
    KindInfo{Kind::Stretch, "stretch", ValueRange{0.25, 4},
             "the width or the height times this factor; seeded", "stretched × {} along one side"},
    KindInfo{Kind::Perspective, "perspective", ValueRange{0, 0.2},
             "corners moved by up to this share of the sides; outside grey 128; seeded",
             "seen at an angle (corners moved by up to {} of the side)"},
    KindInfo{Kind::Brightness, "brightness", kFactor, "samples times this factor", "brightness × {}"},
    KindInfo{Kind::Contrast, "contrast", kFactor, "distance from the mean luminance times this factor",
             "contrast × {}"},
    KindInfo{Kind::Gamma, "gamma", ValueRange{0.1, 10}, "samples (0..1) to the power of this exponent",
             "gamma {}"},
    KindInfo{Kind::Equalise, "equalise", {}, "histogram of each channel equalised", "equalised"},
    KindInfo{Kind::Grey, "grey", {}, "luminance alone, in all three channels", "made grey"},
    KindInfo{Kind::Saturation, "saturation", kFactor, "distance from the pixel's grey times this factor",
             "saturation × {}"},
    KindInfo{Kind::Hue, "hue", ValueRange{-0.5, 0.5},
             "hue moved by this share of the colour circle, from red towards green",
             "hue moved by {} of the colour circle"},
    KindInfo{Kind::Posterise, "posterise", ValueRange{1, 8, 1}, "so many upper bits of each sample kept",
             "posterised to {} bits"},
    KindInfo{Kind::Palette, "palette", ValueRange{2, 256, 1},
             "reduced to so many colours by median cut, as for a GIF, not dithered", "reduced to {} colours"},
    KindInfo{Kind::Overlay, "overlay", ValueRange{0.01, 0.9},
             "a plate with logo and text over this share of the area; seeded",
             "text and logo over {} of the area"},
    KindInfo{Kind::Paste, "paste", ValueRange{0.1, 1},
             "on a larger page of which it covers this share; seeded",
             "pasted on a page, over {} of its area"},
    KindInfo{Kind::PaperText,
             "paper-text",
             {},
             "rotation, blur and flip as drawn in paper A's text; seeded",
             "turned, blurred and mirrored as in the text of paper A"},
    KindInfo{Kind::PaperCode,
             "paper-code",
             {},
             "rotation, blur and flip as drawn in paper A's code; seeded",
             "turned, blurred and mirrored as in the code of paper A"},
};

}  // namespace

bool ValueRange::holds(double value) const {
    if (!(value >= low && value <= high)) return false;
    const double steps = spacing > 0 ? (value - low) / spacing : 0;
    return steps == std::floor(steps);
}

std::span<const KindInfo> kinds() {
    return kKinds;
}

const KindInfo& infoOf(Kind kind) {
    return *std::find_if(kKinds.begin(), kKinds.end(),
                         [&](const KindInfo& info) { return info.kind == kind; });
}

const KindInfo* findKind(std::string_view name) {
    const auto found =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const KindInfo& info) { return info.name == name; });
    return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace signet::attacks
