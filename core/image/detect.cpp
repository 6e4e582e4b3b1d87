#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string_view>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

using namespace std::string_view_literals;

bool has(ByteSpan bytes, std::size_t offset, std::string_view text) {
    return bytes.size() >= offset + text.size() &&
           std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

[[noreturn]] void unsupported(std::string_view name) {
    throw Error(ErrorCode::Unsupported,
                fmt::format("{} is not read by this program; save it as PNG (or JPEG) and try again", name));
}

/// ISO media files (ftyp box) by their major brand.
std::string_view nameOfBrand(ByteSpan bytes) {
    if (has(bytes, 8, "avi")) return "AVIF";
    if (has(bytes, 8, "hei") || has(bytes, 8, "hev") || has(bytes, 8, "mif1") || has(bytes, 8, "msf1"))
        return "HEIF/HEIC";
    if (has(bytes, 8, "crx")) return "Canon CR3 raw";
    return "an ISO media file (video or HEIF)";
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
    if (has(bytes, 0, "\xFF\xD8\xFF")) return Format::Jpeg;
    if (has(bytes, 0, "\x89PNG\r\n\x1A\n")) return Format::Png;
    if (has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP")) return Format::WebP;
    if (has(bytes, 0, "II*\0"sv) || has(bytes, 0, "MM\0*"sv) || has(bytes, 0, "II+\0"sv) ||
        has(bytes, 0, "MM\0+"sv))
        return Format::Tiff;
    if (has(bytes, 0, "BM")) return Format::Bmp;

    if (has(bytes, 0, "GIF8")) unsupported("GIF");
    const bool countsIcons = bytes.size() >= 6 && (bytes[4] | bytes[5]) != 0;  // else it may be a TGA
    if (countsIcons && has(bytes, 0, "\0\0\1\0"sv)) unsupported("ICO");
    if (countsIcons && has(bytes, 0, "\0\0\2\0"sv)) unsupported("CUR");
    if (has(bytes, 0, "\0\0\0\x0CjP  "sv) || has(bytes, 0, "\xFF\x4F\xFF\x51")) unsupported("JPEG 2000");
    if (has(bytes, 0, "\xFF\x0A") || has(bytes, 0, "\0\0\0\x0CJXL "sv)) unsupported("JPEG XL");
    if (has(bytes, 4, "ftyp")) unsupported(nameOfBrand(bytes));
    if (has(bytes, 0, "8BPS")) unsupported("Photoshop (PSD)");
    if (has(bytes, 0, "v/1\1")) unsupported("OpenEXR");
    if (has(bytes, 0, "#?RADIANCE") || has(bytes, 0, "#?RGBE")) unsupported("Radiance HDR");
    if (has(bytes, 0, "II\xBC")) unsupported("JPEG XR");
    if (has(bytes, 0, "IIRO") || has(bytes, 0, "IIU\0"sv)) unsupported("a raw camera file");
    if (has(bytes, 0, "%PDF")) unsupported("PDF");
    if (has(bytes, 0, "qoif")) unsupported("QOI");
    if (has(bytes, 0, "\x8AMNG") || has(bytes, 0, "\x8BJNG")) unsupported("MNG/JNG");
    if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' && std::isspace(bytes[2]))
        unsupported("PNM (PBM, PGM, PPM)");
    if (looksLikeSvg(bytes)) unsupported("SVG");
    if (looksLikeTga(bytes)) unsupported("TGA");
    throw Error(ErrorCode::Unsupported,
                "the bytes are of no image format this program knows (JPEG, PNG, WebP, TIFF, BMP)");
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

std::string framesWarning(int frames, const char* what) {
    return fmt::format("the file holds {} {}; only the first is read", frames, what);
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
