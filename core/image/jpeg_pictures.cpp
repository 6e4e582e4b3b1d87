#include "core/image/jpeg_pictures.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace signet::image::codecs {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

constexpr std::size_t kMaxPictures = 1000;
constexpr std::uint8_t kStart = 0xD8, kEnd = 0xD9, kScan = 0xDA, kApp2 = 0xE2;

bool startsJpeg(ByteSpan bytes) {
    return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == kStart && bytes[2] == 0xFF;
}

bool standsAlone(std::uint8_t marker) {
    return marker == kStart || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
}

/// The first marker at or behind at that is none of the entropy-coded data's; size() where there is none.
std::size_t nextMarker(ByteSpan bytes, std::size_t at) {
    while (at + 1 < bytes.size()) {
        const void* found = std::memchr(bytes.data() + at, 0xFF, bytes.size() - 1 - at);
        if (!found) return bytes.size();
        at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
        const std::uint8_t next = bytes[at + 1];
        if (next != 0x00 && next != 0xFF && !(next >= 0xD0 && next <= 0xD7)) return at;
        at += next == 0xFF ? 1 : 2;
    }
    return bytes.size();
}

/// Calls each(marker, body) for the segments of the stream; each says false to stop. Gives the end.
template <typename Each>
std::size_t walkSegments(ByteSpan bytes, Each each) {
    std::size_t at = 2;
    while ((at = nextMarker(bytes, at)) < bytes.size()) {
        const std::uint8_t marker = bytes[at + 1];
        at += 2;
        if (marker == kEnd) return at;
        if (standsAlone(marker)) continue;
        if (at + 2 > bytes.size()) return bytes.size();
        const std::size_t length = static_cast<std::size_t>(bytes[at]) << 8 | bytes[at + 1];
        if (length < 2 || length > bytes.size() - at) return bytes.size();
        if (!each(marker, bytes.subspan(at + 2, length - 2))) return at;
        at += length;
    }
    return bytes.size();
}

/// The spans that the multi-picture index lists beside the first picture.
std::vector<ByteSpan> listedPictures(ByteSpan bytes) {
    std::vector<ByteSpan> pictures;
    ByteSpan index;
    walkSegments(bytes, [&](std::uint8_t marker, ByteSpan body) {
        if (marker == kApp2 && body.size() > 12 && std::memcmp(body.data(), "MPF\0", 4) == 0)
            index = body.subspan(4);
        return index.empty() && marker != kScan;
    });
    if (index.size() < 8) return pictures;
    const bool big = index[0] == 'M';
    const auto number = [&](std::size_t at, std::size_t size) -> std::optional<std::size_t> {
        if (at > index.size() || index.size() - at < size) return std::nullopt;
        std::size_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = value << 8 | index[at + (big ? i : size - 1 - i)];
        return value;
    };
    const auto directory = number(4, 4);
    const auto count = directory ? number(*directory, 2) : std::nullopt;
    if (!count) return pictures;
    constexpr std::size_t kEntriesTag = 0xB002, kEntryBytes = 16;
    const auto origin = static_cast<std::size_t>(index.data() - bytes.data());
    for (std::size_t i = 0; i < *count; ++i) {
        const std::size_t field = *directory + 2 + 12 * i;
        if (number(field, 2) != kEntriesTag) continue;
        const auto length = number(field + 4, 4), start = number(field + 8, 4);
        if (!length || !start) return pictures;
        const std::size_t entries = std::min(*length / kEntryBytes, kMaxPictures);
        for (std::size_t entry = 1; entry < entries; ++entry) {
            const auto size = number(*start + entry * kEntryBytes + 4, 4);
            const auto offset = number(*start + entry * kEntryBytes + 8, 4);
            if (!size || !offset || *offset == 0 || *offset > bytes.size() - origin) continue;
            const ByteSpan rest = bytes.subspan(origin + *offset);
            if (startsJpeg(rest)) pictures.push_back(rest.first(std::min(*size, rest.size())));
        }
        return pictures;
    }
    return pictures;
}

}  // namespace

std::size_t jpegEnd(ByteSpan bytes) {
    return walkSegments(bytes, [](std::uint8_t, ByteSpan) { return true; });
}

std::vector<ByteSpan> jpegPictures(ByteSpan bytes) {
    std::vector<ByteSpan> pictures{bytes};
    const std::vector<ByteSpan> listed = listedPictures(bytes);
    if (!listed.empty()) {
        pictures.insert(pictures.end(), listed.begin(), listed.end());
        return pictures;
    }
    ByteSpan rest = bytes.subspan(jpegEnd(bytes));
    while (startsJpeg(rest) && pictures.size() < kMaxPictures) {
        pictures.push_back(rest);
        rest = rest.subspan(jpegEnd(rest));
    }
    return pictures;
}

}  // namespace signet::image::codecs
