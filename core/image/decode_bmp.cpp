#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

constexpr std::size_t kFileHeader = 14;
enum Compression : std::uint32_t { kPlain = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3, kAlphaBitFields = 6 };

using Colour = std::array<std::uint8_t, 3>;

struct BmpHeader {
    Size size;
    bool topDown = false;
    bool core = false;  ///< OS/2 1.x: 16-bit sides, three bytes a palette entry
    int bits = 0;
    std::uint32_t compression = kPlain;
    std::size_t pixelsAt = 0;
    std::size_t paletteAt = 0;
    std::uint32_t paletteSize = 0;
    std::array<std::uint32_t, 4> masks{};  ///< red, green, blue, alpha

    bool runLength() const { return compression == kRle8 || compression == kRle4; }
};

std::uint32_t little16(ByteSpan bytes, std::size_t at) {
    return at + 2 <= bytes.size()
               ? static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8
               : 0;
}
std::uint32_t little32(ByteSpan bytes, std::size_t at) {
    return little16(bytes, at) | little16(bytes, at + 2) << 16;
}

void readMasks(ByteSpan bytes, std::size_t headerSize, BmpHeader& header) {
    if (header.bits == 16) header.masks = {0x7C00, 0x03E0, 0x001F, 0};
    if (header.bits == 32) header.masks = {0xFF0000, 0x00FF00, 0x0000FF, 0};
    if (header.compression != kBitFields && header.compression != kAlphaBitFields) return;
    for (std::size_t i = 0; i < 3; ++i) header.masks[i] = little32(bytes, kFileHeader + 40 + 4 * i);
    if (headerSize >= 56 || header.compression == kAlphaBitFields)
        header.masks[3] = little32(bytes, kFileHeader + 52);
    const std::uint32_t all = header.masks[0] | header.masks[1] | header.masks[2];
    if (all == 0 || (header.bits == 16 && all > 0xFFFF))
        throw Error(ErrorCode::Corrupt, "the BMP colour masks are damaged");
}

void checkVariant(const BmpHeader& header, std::size_t headerSize) {
    const int bits = header.bits;
    const bool bitsOk =
        bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
    bool combinationOk = false;
    switch (header.compression) {
        case kPlain:
            combinationOk = bitsOk;
            break;
        case kRle8:
            combinationOk = bits == 8;
            break;
        case kRle4:
            combinationOk = bits == 4;
            break;
        case kBitFields:
        case kAlphaBitFields:
            combinationOk = (bits == 16 || bits == 32) && headerSize != 64;  // 64: OS/2, another meaning
            break;
        default:
            break;
    }
    if (!combinationOk)
        throw Error(ErrorCode::Unsupported,
                    fmt::format("a BMP of {} bits and compression {} is not read; save it as PNG", bits,
                                header.compression));
}

BmpHeader readHeader(ByteSpan bytes) {
    if (bytes.size() < 26) throw Error(ErrorCode::Corrupt, "the BMP file ends inside its header");
    BmpHeader header;
    const std::size_t headerSize = little32(bytes, kFileHeader);
    header.pixelsAt = little32(bytes, 10);
    header.core = headerSize == 12;
    if (header.core) {
        header.size = {little16(bytes, 18), little16(bytes, 20)};
        header.bits = static_cast<int>(little16(bytes, 24));
    } else {
        if (headerSize < 16 || headerSize > 4096 ||
            bytes.size() < kFileHeader + std::min<std::size_t>(headerSize, 40))
            throw Error(ErrorCode::Corrupt, "the BMP header is damaged");
        const auto width = static_cast<std::int32_t>(little32(bytes, 18));
        const auto height = static_cast<std::int32_t>(little32(bytes, 22));
        if (width <= 0 || height == 0)
            throw Error(ErrorCode::Corrupt, "the BMP header gives an empty picture");
        header.size = {static_cast<std::uint64_t>(width),
                       static_cast<std::uint64_t>(std::llabs(static_cast<long long>(height)))};
        header.topDown = height < 0;
        header.bits = static_cast<int>(little16(bytes, 28));
        if (headerSize >= 20) header.compression = little32(bytes, 30);
        if (headerSize >= 36) header.paletteSize = little32(bytes, 46);
    }
    checkVariant(header, headerSize);
    readMasks(bytes, headerSize, header);
    header.paletteAt = kFileHeader + headerSize;
    if (header.bits <= 8) {
        const std::uint32_t most = 1u << header.bits;
        if (header.paletteSize == 0 || header.paletteSize > most) header.paletteSize = most;
    }
    return header;
}

/// 256 colours; those the file does not give are black.
std::array<Colour, 256> readPalette(ByteSpan bytes, const BmpHeader& header) {
    std::array<Colour, 256> palette{};
    const std::size_t entry = header.core ? 3 : 4;
    for (std::size_t i = 0; i < header.paletteSize; ++i) {
        const std::size_t at = header.paletteAt + i * entry;
        if (at + 3 > bytes.size() || at + 3 > header.pixelsAt) break;
        palette[i] = {bytes[at + 2], bytes[at + 1], bytes[at]};
    }
    return palette;
}

/// Runs into one index byte a pixel (stored row order); false when the data ends or runs outside the picture.
bool unpackRuns(ByteSpan bytes, const BmpHeader& header, std::vector<std::uint8_t>& indices) {
    const std::size_t width = header.size.width, height = header.size.height;
    const bool four = header.compression == kRle4;
    std::size_t at = header.pixelsAt, x = 0, y = 0;
    const auto put = [&](std::uint8_t value) {
        if (x >= width || y >= height) return false;
        indices[y * width + x++] = value;
        return true;
    };
    while (at + 2 <= bytes.size()) {
        const unsigned count = bytes[at], value = bytes[at + 1];
        at += 2;
        if (count > 0) {
            for (unsigned i = 0; i < count; ++i) {
                const unsigned index = !four ? value : i % 2 == 0 ? value >> 4 : value & 15;
                if (!put(static_cast<std::uint8_t>(index))) return false;
            }
        } else if (value == 0) {  // end of row
            x = 0;
            ++y;
        } else if (value == 1) {  // end of picture
            return true;
        } else if (value == 2) {  // skip
            if (at + 2 > bytes.size()) return false;
            x += bytes[at];
            y += bytes[at + 1];
            at += 2;
            if (x > width || y > height) return false;
        } else {  // value pixels as they are
            const std::size_t stored = four ? (value + 1) / 2 : value;
            if (at + stored > bytes.size()) return false;
            for (unsigned i = 0; i < value; ++i) {
                const unsigned byte = bytes[at + (four ? i / 2 : i)];
                const unsigned index = !four ? byte : i % 2 == 0 ? byte >> 4 : byte & 15;
                if (!put(static_cast<std::uint8_t>(index))) return false;
            }
            at += stored + stored % 2;
        }
    }
    return y + 1 >= height && x >= width;  // some writers leave the end mark out
}

/// One row of packed indices to one byte each.
void unpackIndices(const std::uint8_t* from, int bits, std::size_t width, std::uint8_t* to) {
    const unsigned mask = (1u << bits) - 1;
    for (std::size_t x = 0; x < width; ++x) {
        const std::size_t bit = x * static_cast<std::size_t>(bits);
        to[x] = static_cast<std::uint8_t>(from[bit / 8] >> (8 - bits - static_cast<int>(bit % 8)) & mask);
    }
}

/// The bits under mask, scaled to 0..255.
std::uint8_t field(std::uint32_t pixel, std::uint32_t mask) {
    if (mask == 0) return 0;
    const int shift = std::countr_zero(mask);
    const std::uint64_t most = mask >> shift, value = (pixel & mask) >> shift;
    return static_cast<std::uint8_t>((value * 255 + most / 2) / most);
}

/// Turns stored rows into the image; channels 1 takes the palette's grey.
class RowWriter {
public:
    RowWriter(ByteSpan bytes, const BmpHeader& header)
        : m_header(header),
          m_palette(header.bits <= 8 ? readPalette(bytes, header) : std::array<Colour, 256>{}) {}

    int channels() const {
        if (m_header.bits <= 8) {
            const bool grey = std::all_of(m_palette.begin(), m_palette.begin() + m_header.paletteSize,
                                          [](const Colour& c) { return c[0] == c[1] && c[1] == c[2]; });
            return grey ? 1 : 3;
        }
        return m_header.masks[3] != 0 ? 4 : 3;
    }

    void fromIndices(const std::uint8_t* indices, int channels, std::uint8_t* to) const {
        for (std::size_t x = 0; x < m_header.size.width; ++x) {
            const Colour& colour = m_palette[indices[x]];
            for (int c = 0; c < channels; ++c) *to++ = colour[static_cast<std::size_t>(c)];
        }
    }

    void fromPixels(const std::uint8_t* from, std::uint8_t* to) const {
        const std::size_t width = m_header.size.width;
        if (m_header.bits == 24) {
            for (std::size_t x = 0; x < width; ++x) {
                to[3 * x] = from[3 * x + 2];
                to[3 * x + 1] = from[3 * x + 1];
                to[3 * x + 2] = from[3 * x];
            }
            return;
        }
        const bool wide = m_header.bits == 32, alpha = m_header.masks[3] != 0;
        for (std::size_t x = 0; x < width; ++x, from += wide ? 4 : 2) {
            const std::uint32_t pixel =
                static_cast<std::uint32_t>(from[0]) | static_cast<std::uint32_t>(from[1]) << 8 |
                (wide ? static_cast<std::uint32_t>(from[2]) << 16 | static_cast<std::uint32_t>(from[3]) << 24
                      : 0u);
            for (std::size_t c = 0; c < 3; ++c) *to++ = field(pixel, m_header.masks[c]);
            if (alpha) *to++ = field(pixel, m_header.masks[3]);
        }
    }

private:
    const BmpHeader& m_header;
    std::array<Colour, 256> m_palette;
};

}  // namespace

Size probeBmp(ByteSpan bytes) {
    return readHeader(bytes).size;
}

Decoded decodeBmp(ByteSpan bytes, const DecodeOptions& options) {
    const BmpHeader header = readHeader(bytes);
    checkLimits(header.size, 4, options.limits);
    if (header.pixelsAt < kFileHeader + 12 || header.pixelsAt >= bytes.size())
        throw Error(ErrorCode::Corrupt, "the BMP file ends before its pixels");
    const RowWriter writer(bytes, header);
    const int channels = writer.channels();
    const int width = static_cast<int>(header.size.width), height = static_cast<int>(header.size.height);
    Decoded decoded;
    Image& image = decoded.image;
    image = makeImage(width, height, channels);
    const std::size_t rowOut = header.size.width * static_cast<std::size_t>(channels);
    const auto target = [&](int stored) {
        return image.data.data() +
               static_cast<std::size_t>(header.topDown ? stored : height - 1 - stored) * rowOut;
    };
    if (header.runLength()) {
        std::vector<std::uint8_t> indices(header.size.width * header.size.height);
        if (!unpackRuns(bytes, header, indices))
            decoded.info.warnOfDamage("the BMP runs are damaged or end early; missing pixels have colour 0");
        for (int y = 0; y < height; ++y)
            writer.fromIndices(indices.data() + static_cast<std::size_t>(y) * header.size.width, channels,
                               target(y));
    } else {
        const std::size_t stride = (header.size.width * static_cast<std::size_t>(header.bits) + 31) / 32 * 4;
        const std::size_t used = (header.size.width * static_cast<std::size_t>(header.bits) + 7) / 8;
        const std::size_t there = bytes.size() - header.pixelsAt;
        if (there < used) throw Error(ErrorCode::Corrupt, "the BMP file ends before its pixels");
        const std::size_t whole = std::min<std::size_t>(header.size.height, (there - used) / stride + 1);
        if (whole < header.size.height) {
            greyFrom(image, 0);
            decoded.info.warnOfDamage("the BMP file ends early; missing rows are grey");
        }
        std::vector<std::uint8_t> indices(header.size.width);
        for (int y = 0; y < static_cast<int>(whole); ++y) {
            const std::uint8_t* from = bytes.data() + header.pixelsAt + static_cast<std::size_t>(y) * stride;
            if (header.bits > 8) {
                writer.fromPixels(from, target(y));
            } else {
                unpackIndices(from, header.bits, header.size.width, indices.data());
                writer.fromIndices(indices.data(), channels, target(y));
            }
        }
    }
    decoded.info.decoder = "signet bmp 1";
    decoded.info.storedWidth = width;
    decoded.info.storedHeight = height;
    decoded.info.bitDepth = header.bits <= 8 ? header.bits : header.bits == 16 ? 5 : 8;
    decoded.info.colour = header.bits <= 8 ? "palette" : channels == 4 ? "rgb+alpha" : "rgb";
    return decoded;
}

}  // namespace signet::image::codecs
