#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace signet::attacks {

/// What one step of a perturbation does to an 8-bit RGB image. Every step ends in rounding to 8 bits. Each
/// has its name, range and meaning in kinds.cpp and its exact semantics in the header of its operation:
/// degradation_ops.h, geometric_ops.h, colour_ops.h, compositing_ops.h, paper_augmentation.h.
enum class Kind {
    None,
    Jpeg,
    WebP,
    Avif,
    Resize,
    Scale,
    Blur,
    Median,
    Noise,
    Crop,
    CropResize,
    CropAt,
    CropAspect,
    Rotate,
    RotateOut,
    RotateAny,
    RotateOutAny,
    Turn,
    Flip,
    FlipVertical,
    Stretch,
    Perspective,
    Brightness,
    Contrast,
    Gamma,
    Equalise,
    Grey,
    Saturation,
    Hue,
    Posterise,
    Palette,
    Overlay,
    Paste,
    PaperText,
    PaperCode,
};

/// The values a step may have: all from low to high, or with a spacing low, low + spacing, ... high alone.
struct ValueRange {
    double low = 0;
    double high = 0;
    double spacing = 0;

    bool holds(double value) const;
};

struct KindInfo {
    Kind kind;
    std::string_view name;            ///< in specs and records
    std::optional<ValueRange> range;  ///< nothing: the kind takes no value
    std::string_view meaning;         ///< for --help; "seeded": drawn by the seed
    std::string_view words;           ///< in reports, {} where the value stands (treatment_words.h)
};

/// All of them, one row a kind.
std::span<const KindInfo> kinds();

const KindInfo& infoOf(Kind kind);

/// Null where there is no kind of this name.
const KindInfo* findKind(std::string_view name);

}  // namespace signet::attacks
