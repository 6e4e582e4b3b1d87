#include "core/image/trailing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/image/detect.h"
#include "core/image/jpeg_pictures.h"

namespace signet::image {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

std::uint32_t big32(ByteSpan bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

std::size_t endOfPng(ByteSpan bytes) {
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const std::size_t length = big32(bytes, at);
        if (length > bytes.size() - at - 12) break;
        const bool last = std::memcmp(bytes.data() + at + 4, "IEND", 4) == 0;
        at += 12 + length;
        if (last) return at;
    }
    return bytes.size();
}

std::size_t endOfWebP(ByteSpan bytes) {
    if (bytes.size() < 12) return bytes.size();
    const std::uint64_t length =
        static_cast<std::uint64_t>(bytes[4]) | static_cast<std::uint64_t>(bytes[5]) << 8 |
        static_cast<std::uint64_t>(bytes[6]) << 16 | static_cast<std::uint64_t>(bytes[7]) << 24;
    return static_cast<std::size_t>(std::min<std::uint64_t>(8 + length + (length & 1), bytes.size()));
}

/// Walks the blocks of a GIF to its trailer.
std::size_t endOfGif(ByteSpan bytes) {
    const auto table = [&](std::uint8_t flags) {
        return flags & 0x80 ? std::size_t{3} << ((flags & 7) + 1) : std::size_t{0};
    };
    if (bytes.size() < 13) return bytes.size();
    std::size_t at = 13 + table(bytes[10]);
    while (at < bytes.size()) {
        const std::uint8_t block = bytes[at];
        if (block == 0x3B) return at + 1;
        if (block == 0x21) {
            at += 2;
        } else if (block == 0x2C && at + 10 < bytes.size()) {
            at += 11 + table(bytes[at + 9]);
        } else {
            return bytes.size();
        }
        while (at < bytes.size() && bytes[at] != 0) at += 1 + std::size_t{bytes[at]};
        ++at;
    }
    return bytes.size();
}

std::size_t endOf(ByteSpan bytes, Format format) {
    switch (format) {
        case Format::Jpeg:
            return codecs::jpegEnd(bytes);
        case Format::Png:
            return endOfPng(bytes);
        case Format::WebP:
            return endOfWebP(bytes);
        case Format::Gif:
            return endOfGif(bytes);
        default:
            return bytes.size();
    }
}

std::string withCommas(std::size_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string nameOf(ByteSpan rest) {
    if (std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; })) return "zeros";
    const Kind kind = kindOf(rest);
    if (kind.format) return fmt::format("a {} picture", kind.name);
    return kind.name.empty() ? "of no kind known here" : kind.name;
}

}  // namespace

std::string trailingBytes(ByteSpan bytes, Format format) {
    const ByteSpan rest = bytes.subspan(std::min(endOf(bytes, format), bytes.size()));
    if (rest.empty()) return {};
    return fmt::format("{} byte{} the end of the {} data: {}", withCommas(rest.size()),
                       rest.size() == 1 ? " follows" : "s follow", displayName(format), nameOf(rest));
}

}  // namespace signet::image
