#include "core/image/orientation.h"

#include <cstring>
#include <opencv2/core.hpp>
#include <optional>

namespace signet::image {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

/// Big- or little-endian numbers at any offset; nothing outside the bytes.
class Reader {
public:
    Reader(ByteSpan bytes, bool bigEndian) : m_bytes(bytes), m_bigEndian(bigEndian) {}

    std::optional<std::uint64_t> number(std::uint64_t offset, int size) const {
        if (offset > m_bytes.size() || m_bytes.size() - offset < static_cast<std::uint64_t>(size))
            return std::nullopt;
        std::uint64_t value = 0;
        for (int i = 0; i < size; ++i) {
            const int at = m_bigEndian ? i : size - 1 - i;
            value = value << 8 | m_bytes[offset + static_cast<std::uint64_t>(at)];
        }
        return value;
    }

private:
    ByteSpan m_bytes;
    bool m_bigEndian;
};

constexpr std::uint64_t kOrientationTag = 0x0112;
constexpr std::uint64_t kMaxDirectoryEntries = 4096;

/// Orientation of the first directory of a TIFF structure (classic or BigTIFF).
int orientationOfTiff(ByteSpan tiff) {
    if (tiff.size() < 8) return 1;
    const bool big = tiff[0] == 'M' && tiff[1] == 'M';
    if (!big && !(tiff[0] == 'I' && tiff[1] == 'I')) return 1;
    const Reader reader(tiff, big);
    const auto magic = reader.number(2, 2);
    const bool bigTiff = magic == 43u;
    if (!bigTiff && magic != 42u) return 1;
    const auto directory = bigTiff ? reader.number(8, 8) : reader.number(4, 4);
    if (!directory || *directory > tiff.size()) return 1;
    const auto count = reader.number(*directory, bigTiff ? 8 : 2);
    if (!count || *count > kMaxDirectoryEntries) return 1;
    const std::uint64_t entrySize = bigTiff ? 20 : 12;
    for (std::uint64_t i = 0; i < *count; ++i) {
        const std::uint64_t entry = *directory + (bigTiff ? 8 : 2) + i * entrySize;
        const auto tag = reader.number(entry, 2);
        if (!tag) return 1;
        if (*tag != kOrientationTag) continue;
        const auto value = reader.number(entry + (bigTiff ? 12 : 8), 2);
        return value && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
    }
    return 1;
}

bool startsWith(ByteSpan bytes, const char* text, std::size_t size) {
    return bytes.size() >= size && std::memcmp(bytes.data(), text, size) == 0;
}

int orientationOfJpeg(ByteSpan bytes) {
    std::size_t at = 2;
    while (at + 4 <= bytes.size() && bytes[at] == 0xFF) {
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xFF) {  // fill byte
            ++at;
            continue;
        }
        if (marker == 0xDA || marker == 0xD9) return 1;
        const std::size_t length = static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3];
        if (length < 2 || at + 2 + length > bytes.size()) return 1;
        const ByteSpan body = bytes.subspan(at + 4, length - 2);
        if (marker == 0xE1 && startsWith(body, "Exif\0", 5) && body.size() > 6)
            return orientationOfTiff(body.subspan(6));
        at += 2 + length;
    }
    return 1;
}

int orientationOfPng(ByteSpan bytes) {
    const Reader reader(bytes, true);
    std::uint64_t at = 8;
    while (const auto length = reader.number(at, 4)) {
        if (bytes.size() - at < 12 || *length > bytes.size() - at - 12) return 1;
        const ByteSpan chunk = bytes.subspan(at + 4, 4 + *length);
        if (startsWith(chunk, "eXIf", 4)) return orientationOfTiff(chunk.subspan(4));
        at += 12 + *length;
    }
    return 1;
}

int orientationOfWebP(ByteSpan bytes) {
    const Reader reader(bytes, false);
    std::uint64_t at = 12;
    while (const auto length = reader.number(at + 4, 4)) {
        if (*length > bytes.size() - at - 8) return 1;
        ByteSpan body = bytes.subspan(at + 8, *length);
        if (startsWith(bytes.subspan(at), "EXIF", 4)) {
            if (startsWith(body, "Exif\0\0", 6)) body = body.subspan(6);  // some writers keep JPEG's prefix
            return orientationOfTiff(body);
        }
        at += 8 + *length + (*length & 1);
    }
    return 1;
}

}  // namespace

int readOrientation(ByteSpan bytes, Format format) {
    switch (format) {
        case Format::Jpeg:
            return orientationOfJpeg(bytes);
        case Format::Png:
            return orientationOfPng(bytes);
        case Format::WebP:
            return orientationOfWebP(bytes);
        case Format::Tiff:
            return orientationOfTiff(bytes);
        default:  // their own decoders know it, or there is none
            return 1;
    }
}

Image orient(Image image, int orientation) {
    if (orientation <= 1 || orientation > 8) return image;
    const int type = CV_MAKETYPE(image.depth == 16 ? CV_16U : CV_8U, image.channels);
    cv::Mat source(image.height, image.width, type, image.data.data());
    const bool swaps = swapsSides(orientation);
    Image turned = makeImage(swaps ? image.height : image.width, swaps ? image.width : image.height,
                             image.channels, image.depth);
    cv::Mat target(turned.height, turned.width, type, turned.data.data());
    constexpr int kBoth = -1, kUpsideDown = 0, kMirror = 1;  // OpenCV's flip codes
    switch (orientation) {
        case 2:
            cv::flip(source, target, kMirror);
            break;
        case 3:
            cv::flip(source, target, kBoth);
            break;
        case 4:
            cv::flip(source, target, kUpsideDown);
            break;
        default:
            cv::transpose(source, target);
            if (orientation == 6) cv::flip(target, target, kMirror);
            if (orientation == 7) cv::flip(target, target, kBoth);
            if (orientation == 8) cv::flip(target, target, kUpsideDown);
            break;
    }
    return turned;
}

}  // namespace signet::image
