#include "core/image/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/error.h"
#include "core/image/large_buffer.h"

namespace signet::image {

namespace {

struct FormatNames {
    std::string_view name;
    std::string_view display;
    std::string_view ending;
};

/// In the order of Format.
constexpr std::array<FormatNames, 9> kNames{{{"jpeg", "JPEG", ".jpg"},
                                             {"png", "PNG", ".png"},
                                             {"webp", "WebP", ".webp"},
                                             {"tiff", "TIFF", ".tif"},
                                             {"bmp", "BMP", ".bmp"},
                                             {"gif", "GIF", ".gif"},
                                             {"heif", "HEIF/HEIC", ".heic"},
                                             {"avif", "AVIF", ".avif"},
                                             {"jxl", "JPEG XL", ".jxl"}}};

const FormatNames& namesOf(Format format) {
    return kNames[static_cast<std::size_t>(format)];
}

}  // namespace

std::string_view toString(Format format) {
    return namesOf(format).name;
}

std::string_view displayName(Format format) {
    return namesOf(format).display;
}

std::string readFormats() {
    std::string text;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (i > 0) text += i + 1 == kNames.size() ? " and " : ", ";
        text += kNames[i].display;
    }
    return text;
}

bool canEncode(Format format) {
    return format < Format::Gif;
}

Format formatFromName(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower == "jpg" || lower == "jpeg") return Format::Jpeg;
    if (lower == "png") return Format::Png;
    if (lower == "webp") return Format::WebP;
    if (lower == "tif" || lower == "tiff") return Format::Tiff;
    if (lower == "bmp") return Format::Bmp;
    throw Error(
        ErrorCode::BadOption,
        fmt::format("'{}' is not an image format that is written; use jpeg, png, webp, tiff or bmp", name));
}

std::string_view extensionOf(Format format) {
    return namesOf(format).ending;
}

Image makeImage(int width, int height, int channels, int depth) {
    Image image;
    image.width = width;
    image.height = height;
    image.channels = channels;
    image.depth = depth;
    const std::size_t bytes = image.sampleCount() * static_cast<std::size_t>(depth / 8);
    reserveLarge(image.data, bytes);
    image.data.resize(bytes);
    return image;
}

namespace {

/// 0..65535 to 0..255, rounded to nearest.
inline std::uint8_t to8(std::uint16_t value) {
    return static_cast<std::uint8_t>((value * 255u + 32767u) / 65535u);
}
inline std::uint8_t to8(std::uint8_t value) {
    return value;
}

template <typename Sample>
void copyRgb(const Sample* from, int channels, std::size_t pixels, std::uint8_t* to) {
    if (channels == 1) {
        for (std::size_t i = 0; i < pixels; ++i) to[3 * i] = to[3 * i + 1] = to[3 * i + 2] = to8(from[i]);
        return;
    }
    const std::size_t step = static_cast<std::size_t>(channels);
    for (std::size_t i = 0; i < pixels; ++i) {
        to[3 * i] = to8(from[step * i]);
        to[3 * i + 1] = to8(from[step * i + 1]);
        to[3 * i + 2] = to8(from[step * i + 2]);
    }
}

}  // namespace

Image toRgb8(const Image& image) {
    if (image.depth == 8 && image.channels == 3) return image;
    Image out = makeImage(image.width, image.height, 3);
    if (image.depth == 16)
        copyRgb(image.samples16(), image.channels, image.pixelCount(), out.data.data());
    else
        copyRgb(image.data.data(), image.channels, image.pixelCount(), out.data.data());
    return out;
}

}  // namespace signet::image
