#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image/decode.h"
#include "core/image/image.h"
#include "core/models/model_store.h"

namespace signet::examine {

struct Finding;

/// How an image came and what it is like: what decides whether a calibration speaks of it.
struct ImageCondition {
    image::Format format = image::Format::Png;
    int width = 0;  ///< px, after orientation
    int height = 0;
    std::optional<int> jpegQuality;  ///< estimated from its quantisation tables
    bool losslessWebp = false;
    std::string colour;  ///< DecodeInfo::colour
    bool damaged = false;
    double greyShare = 0;       ///< see greyShare()
    double graphicMeasure = 0;  ///< see graphicMeasure()
};

/// bytes: the file; decode: how shown was decoded; shown: after orientation, perhaps reduced.
ImageCondition conditionOf(std::span<const std::uint8_t> bytes, const image::Header& header,
                           const image::DecodeInfo& decode, const image::Image& shown);

/// "photographs reduced to 256 × 256 px (unchanged, JPEG of quality 90 or ...)": what a calibration was
/// measured on.
std::string conditionOf(const models::Calibration& calibration);

/// Why an image lies outside the conditions a calibration was measured under, in plain text; empty: it lies
/// inside, as far as the file shows. How it was treated before it became this file is not known. Reasons:
/// - codec: a JPEG under the calibration's lowest quality, a lossy WebP (its quality cannot be told);
/// - size: a side under that of the calibration's squares;
/// - shape: more than twice as long as wide (kWidestShape): cameras give 1:1 to 16:9;
/// - colour: stored otherwise than as RGB, or all grey (a signature lies mostly in colour differences);
/// - damage: pixels that are missing or made up;
/// - content: no photograph by graphicMeasure;
/// - geometry: the signature was read from a turned, mirrored or cropped frame.
std::vector<std::string> outsideConditions(const models::Calibration& calibration,
                                           const ImageCondition& image, const Finding& finding);

inline constexpr double kWidestShape = 2.0;

/// Share of pixels whose channels differ by at most 4 levels. Looked at after reducing to a short side of 256
/// px.
double greyShare(const image::Image& image);
inline constexpr double kGreyFrom = 0.995;  ///< share from which an image has no colour to speak of

/// Tells drawings, charts and screenshots from photographs: of the image reduced to a short side of 256 px,
/// in its 8 x 8 blocks that are not flat (a channel spans more than 16 levels), the share of neighbouring
/// pixels that are exactly equal, 0..1. What a camera takes has noise and texture wherever it has anything;
/// what a program draws has even ground beside its edges. 1 where every block is flat. Chosen on the first
/// half of a set of graphics (by SHA-256 of the file name) and photographs for training; measured on the
/// other half and other photographs: see resources/help/calibration.md.
double graphicMeasure(const image::Image& image);
inline constexpr double kGraphicFrom = 0.20;  ///< measure from which an image is not taken for a photograph

}  // namespace signet::examine
