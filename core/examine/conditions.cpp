#include "core/examine/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/attacks/treatment_words.h"
#include "core/examine/examine.h"
#include "core/image/jpeg_quality.h"
#include "core/image/resample.h"

namespace signet::examine {
namespace {

/// Tells a frame that was located elsewhere from the rounding of one that was not, in units of half the
/// image.
constexpr double kMovedFrame = 0.1;
constexpr int kMeasuredSide = 256;
constexpr int kBlock = 8;
constexpr int kFlatSpan = 16;
constexpr int kGreySpan = 4;

/// The lowest quality of a codec among a calibration's, e.g. 50 of "jpeg:50"; nothing where it has none.
std::optional<int> lowestQuality(const models::Calibration& calibration, std::string_view codec) {
    std::optional<int> lowest;
    for (const std::string& spec : calibration.codecs) {
        if (!spec.starts_with(codec) || spec.size() <= codec.size() || spec[codec.size()] != ':') continue;
        int quality = 0;
        const char* begin = spec.data() + codec.size() + 1;
        const auto [stop, problem] = std::from_chars(begin, spec.data() + spec.size(), quality);
        if (problem == std::errc{} && stop == spec.data() + spec.size())
            lowest = std::min(lowest.value_or(quality), quality);
    }
    return lowest;
}

bool isLosslessWebp(std::span<const std::uint8_t> head) {
    return head.size() >= 16 && std::memcmp(head.data(), "RIFF", 4) == 0 &&
           std::memcmp(head.data() + 8, "WEBPVP8L", 8) == 0;
}

std::string codecProblem(const models::Calibration& calibration, const ImageCondition& image) {
    if (image.format == image::Format::Jpeg) {
        if (calibration.isAsTheyAre())
            return "it is a JPEG, and of which qualities the calibration's photographs were is not recorded";
        const auto lowest = lowestQuality(calibration, "jpeg");
        if (!lowest) return "it is a JPEG, and the calibration holds none";
        if (!image.jpegQuality) return "its JPEG quality cannot be told from the file";
        if (*image.jpegQuality < *lowest) {
            return fmt::format("its JPEG quality is about {}, under the calibration's lowest of {}",
                               *image.jpegQuality, *lowest);
        }
        return {};
    }
    if (image.format == image::Format::WebP)
        return image.losslessWebp ? std::string()
                                  : "the quality of a lossy WebP cannot be told from the file";
    if (image.format == image::Format::Png || image.format == image::Format::Tiff ||
        image.format == image::Format::Bmp)
        return {};
    return fmt::format("the calibration holds no photograph that went through its format ({})",
                       image::toString(image.format));
}

std::string colourProblem(const ImageCondition& image) {
    if (image.colour == "grey" || image.colour.starts_with("grey+"))
        return "it is stored in grey, and the calibration's photographs in colour";
    if (image.colour != "rgb" && image.colour != "rgb+alpha")
        return fmt::format("its colours are stored as {}, those of the calibration's photographs as RGB",
                           image.colour);
    if (image.greyShare >= kGreyFrom) return "it shows greys alone, and the calibration's photographs colour";
    return {};
}

image::Image reducedRgb(const image::Image& image) {
    const int side = std::min(image.width, image.height);
    if (side <= kMeasuredSide) return image::toRgb8(image);
    const double scale = static_cast<double>(kMeasuredSide) / side;
    return image::toRgb8(
        image::resize(image, std::max(kMeasuredSide, static_cast<int>(std::lround(image.width * scale))),
                      std::max(kMeasuredSide, static_cast<int>(std::lround(image.height * scale)))));
}

/// The share of equal neighbours within a block, or nothing for a flat one.
std::optional<double> equalNeighbours(const image::Image& rgb, int left, int top) {
    std::array<int, 3> lowest{255, 255, 255}, highest{0, 0, 0};
    int equal = 0;
    const auto pixel = [&](int x, int y) {
        return rgb.data.data() + (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(rgb.width) +
                                  static_cast<std::size_t>(left + x)) *
                                     3;
    };
    for (int y = 0; y < kBlock; ++y) {
        for (int x = 0; x < kBlock; ++x) {
            const std::uint8_t* p = pixel(x, y);
            for (std::size_t c = 0; c < 3; ++c) {
                lowest[c] = std::min<int>(lowest[c], p[c]);
                highest[c] = std::max<int>(highest[c], p[c]);
            }
            equal += x > 0 && std::memcmp(p, pixel(x - 1, y), 3) == 0;
            equal += y > 0 && std::memcmp(p, pixel(x, y - 1), 3) == 0;
        }
    }
    for (std::size_t c = 0; c < 3; ++c)
        if (highest[c] - lowest[c] > kFlatSpan) return equal / (2.0 * kBlock * (kBlock - 1));
    return std::nullopt;
}

double graphicMeasureOf(const image::Image& rgb) {
    double sum = 0;
    int blocks = 0;
    for (int top = 0; top + kBlock <= rgb.height; top += kBlock) {
        for (int left = 0; left + kBlock <= rgb.width; left += kBlock) {
            if (const auto share = equalNeighbours(rgb, left, top)) {
                sum += *share;
                ++blocks;
            }
        }
    }
    return blocks == 0 ? 1 : sum / blocks;
}

double greyShareOf(const image::Image& rgb) {
    std::size_t grey = 0;
    for (std::size_t i = 0; i < rgb.data.size(); i += 3) {
        const auto [low, high] = std::minmax({rgb.data[i], rgb.data[i + 1], rgb.data[i + 2]});
        grey += high - low <= kGreySpan;
    }
    return static_cast<double>(grey) / static_cast<double>(std::max<std::size_t>(1, rgb.pixelCount()));
}

}  // namespace

double greyShare(const image::Image& image) {
    return greyShareOf(reducedRgb(image));
}

double graphicMeasure(const image::Image& image) {
    return graphicMeasureOf(reducedRgb(image));
}

ImageCondition conditionOf(std::span<const std::uint8_t> bytes, const image::Header& header,
                           const image::DecodeInfo& decode, const image::Image& shown) {
    ImageCondition condition;
    condition.format = decode.format;
    condition.width = header.width;
    condition.height = header.height;
    if (decode.format == image::Format::Jpeg)
        if (const auto quality = image::estimateJpegQuality(bytes)) condition.jpegQuality = quality->quality;
    condition.losslessWebp = isLosslessWebp(bytes);
    condition.colour = decode.colour;
    condition.damaged = decode.damaged;
    const image::Image rgb = reducedRgb(shown);
    condition.greyShare = greyShareOf(rgb);
    condition.graphicMeasure = graphicMeasureOf(rgb);
    return condition;
}

std::vector<std::string> outsideConditions(const models::Calibration& calibration,
                                           const ImageCondition& image, const Finding& finding) {
    std::vector<std::string> reasons;
    const auto add = [&](std::string reason) {
        if (!reason.empty()) reasons.push_back(std::move(reason));
    };
    if (image.damaged) add("its data is damaged or ends early, so that not every pixel is the picture's");
    add(codecProblem(calibration, image));
    if (std::min(image.width, image.height) < calibration.side) {
        add(fmt::format("it has {} × {} px, less than the calibration's {} × {} px", image.width,
                        image.height, calibration.side, calibration.side));
    }
    if (std::max(image.width, image.height) > kWidestShape * std::min(image.width, image.height)) {
        add(fmt::format(
            "it is {:.1f} times as long as wide, and the calibration's photographs are square",
            static_cast<double>(std::max(image.width, image.height)) / std::min(image.width, image.height)));
    }
    add(colourProblem(image));
    if (image.graphicMeasure >= kGraphicFrom) {
        add(fmt::format(
            "it is hardly a photograph: {:.0f} % of neighbouring pixels around its edges are exactly "
            "equal, as in drawings and screenshots (photographs: under {:.0f} %)",
            100 * image.graphicMeasure, 100 * kGraphicFrom));
    }
    constexpr std::array<double, 6> kIdentity{1, 0, 0, 0, 1, 0};
    double moved = 0;
    for (std::size_t i = 0; i < 6; ++i) moved = std::max(moved, std::abs(finding.geometry[i] - kIdentity[i]));
    if (finding.presence != Presence::Absent && moved > kMovedFrame)
        add("the signature was read from a turned, mirrored or cropped frame, which the calibration does not "
            "hold");
    return reasons;
}

std::string conditionOf(const models::Calibration& calibration) {
    if (calibration.isAsTheyAre())
        return fmt::format("photographs as they are, of at least {0} px a side", calibration.side);
    return fmt::format("photographs reduced to {0} × {0} px ({1})", calibration.side,
                       attacks::inWords(calibration.codecs));
}

}  // namespace signet::examine
