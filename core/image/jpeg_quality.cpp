#include "core/image/jpeg_quality.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace signet::image {
namespace {

using Table = std::array<int, 64>;

/// Luminance table of ITU-T T.81 annex K, in zigzag order as files have it.
constexpr Table kBase{16, 11, 12,  14,  12,  10, 16, 14,  13,  14,  18,  17,  16, 19,  24,  40,
                      26, 24, 22,  22,  24,  49, 35, 37,  29,  40,  58,  51,  61, 60,  57,  51,
                      56, 55, 64,  72,  92,  78, 64, 68,  87,  69,  55,  56,  80, 109, 81,  87,
                      95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99};

int scaled(int base, int quality) {
    const int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    return std::clamp((base * percent + 50) / 100, 1, 255);
}

std::optional<Table> luminanceTable(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8) return std::nullopt;
    for (std::size_t at = 2; at + 4 <= bytes.size();) {
        if (bytes[at] != 0xFF) return std::nullopt;
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xFF) {  // fill byte
            ++at;
            continue;
        }
        if (marker == 0xDA) return std::nullopt;  // pixels: no table came before
        const std::size_t length = static_cast<std::size_t>(bytes[at + 2] << 8 | bytes[at + 3]);
        const std::size_t end = at + 2 + length;
        if (length < 2 || end > bytes.size()) return std::nullopt;
        if (marker == 0xDB) {
            for (std::size_t k = at + 4; k < end;) {
                const std::size_t width = bytes[k] >> 4 ? 2 : 1;
                const int id = bytes[k] & 15;
                if (k + 1 + 64 * width > end) return std::nullopt;
                if (id == 0) {
                    Table table{};
                    for (std::size_t i = 0; i < 64; ++i) {
                        const std::uint8_t* entry = &bytes[k + 1 + i * width];
                        table[i] = width == 2 ? entry[0] << 8 | entry[1] : entry[0];
                    }
                    return table;
                }
                k += 1 + 64 * width;
            }
        }
        at = end;
    }
    return std::nullopt;
}

}  // namespace

std::optional<JpegQuality> estimateJpegQuality(std::span<const std::uint8_t> head) {
    const auto table = luminanceTable(head);
    if (!table) return std::nullopt;
    JpegQuality best;
    int least = std::numeric_limits<int>::max();
    for (int quality = 100; quality >= 1; --quality) {
        int difference = 0;
        for (std::size_t i = 0; i < 64; ++i) difference += std::abs((*table)[i] - scaled(kBase[i], quality));
        if (difference < least) {
            least = difference;
            best = {quality, difference == 0};
        }
    }
    return best;
}

}  // namespace signet::image
