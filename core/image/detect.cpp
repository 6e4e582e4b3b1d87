#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <initializer_list>
#include <string_view>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/codecs.h"
#include "core/image/detect.h"

namespace signet::image::codecs {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAppleDouble =
    "AppleDouble, what macOS leaves beside a file on foreign disks (the file itself has the name without ._)";

bool has(ByteSpan bytes, std::size_t offset, std::string_view text) {
    return bytes.size() >= offset + text.size() &&
           std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

/// ISO media files (ftyp box) by their major brand, and by the compatible ones where it says no more than
/// "images".
Kind kindOfIsoMedia(ByteSpan bytes) {
    const auto isOneOf = [&](std::size_t at, std::initializer_list<std::string_view> brands) {
        return std::any_of(brands.begin(), brands.end(), [&](auto brand) { return has(bytes, at, brand); });
    };
    constexpr std::size_t kBrands = 8;
    if (isOneOf(kBrands, {"avif", "avis"})) return {Format::Avif, "AVIF"};
    if (isOneOf(kBrands, {"hei", "hev"})) return {Format::Heif, "HEIF/HEIC"};
    if (isOneOf(kBrands, {"mif1", "msf1"})) {
        const std::size_t box =
            std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(bytes[2]) << 8 | bytes[3]);
        for (std::size_t at = kBrands + 8; at + 4 <= box; at += 4)
            if (isOneOf(at, {"avif", "avis"})) return {Format::Avif, "AVIF"};
        return {Format::Heif, "HEIF/HEIC"};
    }
    if (has(bytes, kBrands, "crx")) return {{}, "Canon CR3 raw"};
    return {{}, "MP4 or QuickTime video"};
}

bool looksLikeSvg(ByteSpan bytes) {
    const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                                std::min<std::size_t>(bytes.size(), 1024));
    return head.find("<svg") != std::string_view::npos;
}

/// Truevision TGA has no signature at its start: the "TRUEVISION-XFILE" footer, or a plausible header.
bool looksLikeTga(ByteSpan bytes) {
    if (bytes.size() < 18) return false;
    if (has(bytes, bytes.size() - 18, "TRUEVISION-XFILE.")) return true;
    const int type = bytes[2], bits = bytes[16];
    const bool typeOk = type == 1 || type == 2 || type == 3 || type == 9 || type == 10 || type == 11;
    const bool bitsOk = bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32;
    return bytes[1] <= 1 && typeOk && bitsOk && (bytes[12] | bytes[13]) && (bytes[14] | bytes[15]) &&
           (bytes[17] & 0xC0) == 0;
}

}  // namespace

Format detectFormat(ByteSpan bytes) {
    if (bytes.empty()) throw Error(ErrorCode::Corrupt, "the file is empty");
    const Kind kind = kindOf(bytes);
    if (kind.format) return *kind.format;
    if (kind.name.empty())
        throw Error(ErrorCode::Unsupported,
                    fmt::format("the bytes are of no image format this program reads ({})", readFormats()));
    if (kind.name.starts_with(kAppleDouble))
        throw Error(ErrorCode::Unsupported, fmt::format("this is no picture but {}", kind.name));
    throw Error(
        ErrorCode::Unsupported,
        fmt::format("{} is not read by this program; save it as PNG (or JPEG) and try again", kind.name));
}

void checkLimits(Size size, std::uint64_t bytesPerPixel, const DecodeLimits& limits) {
    if (size.width == 0 || size.height == 0)
        throw Error(ErrorCode::Corrupt,
                    fmt::format("the header gives an empty picture ({} x {})", size.width, size.height));
    constexpr std::uint64_t kMaxSide = 1'000'000;
    if (size.width > kMaxSide || size.height > kMaxSide || size.width * size.height > limits.maxPixels)
        throw Error(ErrorCode::TooLarge,
                    fmt::format("{} x {} pixels are over the limit of {:.0f} million; cut or scale the image",
                                size.width, size.height, static_cast<double>(limits.maxPixels) / 1e6));
    if (size.width * size.height * bytesPerPixel > limits.maxDecodedBytes)
        throw Error(
            ErrorCode::TooLarge,
            fmt::format("the decoded picture would take {} MiB, over the limit of {} MiB",
                        (size.width * size.height * bytesPerPixel) >> 20, limits.maxDecodedBytes >> 20));
}

void greyFrom(Image& image, int firstRow) {
    if (firstRow >= image.height) return;
    const std::size_t row = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    const std::size_t begin = row * static_cast<std::size_t>(std::max(firstRow, 0));
    const auto fill = [&](auto* samples, auto grey, auto opaque) {
        std::fill(samples + begin, samples + image.sampleCount(), grey);
        if (image.channels == 4)
            for (std::size_t i = begin + 3; i < image.sampleCount(); i += 4) samples[i] = opaque;
    };
    if (image.depth == 16)
        fill(image.samples16(), std::uint16_t{32768}, std::uint16_t{65535});
    else
        fill(image.data.data(), std::uint8_t{128}, std::uint8_t{255});
}

}  // namespace signet::image::codecs

namespace signet::image {

Kind kindOf(std::span<const std::uint8_t> bytes) {
    using namespace codecs;
    const auto format = [](Format known) { return Kind{known, std::string(displayName(known))}; };
    if (has(bytes, 0, "\xFF\xD8\xFF")) return format(Format::Jpeg);
    if (has(bytes, 0, "\x89PNG\r\n\x1A\n")) return format(Format::Png);
    if (has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP")) return format(Format::WebP);
    if (has(bytes, 0, "II*\0"sv) || has(bytes, 0, "MM\0*"sv) || has(bytes, 0, "II+\0"sv) ||
        has(bytes, 0, "MM\0+"sv))
        return format(Format::Tiff);
    if (has(bytes, 0, "BM")) return format(Format::Bmp);
    if (has(bytes, 0, "GIF87a") || has(bytes, 0, "GIF89a")) return format(Format::Gif);
    if (has(bytes, 0, "\xFF\x0A") || has(bytes, 0, "\0\0\0\x0CJXL \r\n\x87\n"sv)) return format(Format::Jxl);
    if (bytes.size() >= 12 && has(bytes, 4, "ftyp")) return kindOfIsoMedia(bytes);

    const bool countsIcons = bytes.size() >= 6 && (bytes[4] | bytes[5]) != 0;  // else it may be a TGA
    if (countsIcons && has(bytes, 0, "\0\0\1\0"sv)) return {{}, "ICO"};
    if (countsIcons && has(bytes, 0, "\0\0\2\0"sv)) return {{}, "CUR"};
    struct Other {
        std::string_view start, name;
    };
    static constexpr Other kOthers[] = {
        {"\0\x05\x16\x07"sv, kAppleDouble},
        {"\0\0\0\x0CjP  "sv, "JPEG 2000"},
        {"\xFF\x4F\xFF\x51"sv, "JPEG 2000"},
        {"8BPS"sv, "Photoshop (PSD)"},
        {"v/1\1"sv, "OpenEXR"},
        {"#?RADIANCE"sv, "Radiance HDR"},
        {"#?RGBE"sv, "Radiance HDR"},
        {"II\xBC"sv, "JPEG XR"},
        {"IIRO"sv, "a raw camera file"},
        {"IIU\0"sv, "a raw camera file"},
        {"%PDF"sv, "PDF"},
        {"qoif"sv, "QOI"},
        {"\x8AMNG"sv, "MNG/JNG"},
        {"\x8BJNG"sv, "MNG/JNG"},
        {"PK\3\4"sv, "a ZIP archive or an office document"},
        {"\x1F\x8B"sv, "a gzip archive"},
        {"7z\xBC\xAF"sv, "a 7z archive"},
        {"Rar!"sv, "a RAR archive"},
        {"\x1A\x45\xDF\xA3"sv, "Matroska or WebM video"},
        {"SQLite format 3\0"sv, "an SQLite database"},
    };
    for (const Other& other : kOthers)
        if (has(bytes, 0, other.start)) return {{}, std::string(other.name)};
    if (has(bytes, 0, "RIFF") && (has(bytes, 8, "AVI ") || has(bytes, 8, "WAVE")))
        return {{}, has(bytes, 8, "AVI ") ? "AVI video" : "WAVE sound"};
    if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' && std::isspace(bytes[2]))
        return {{}, "PNM (PBM, PGM, PPM)"};
    if (looksLikeSvg(bytes)) return {{}, "SVG"};
    if (looksLikeTga(bytes)) return {{}, "TGA"};
    return {};
}

std::optional<Format> formatOfFile(const std::filesystem::path& path) {
    return kindOf(readStart(path, kKindBytes)).format;
}

}  // namespace signet::image
