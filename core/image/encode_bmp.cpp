#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/large_buffer.h"

namespace signet::image::codecs {
namespace {

void put(std::vector<std::uint8_t>& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

/// 24-bit rows, or 8-bit rows with a grey palette; bottom row first, rows padded to four bytes.
std::vector<std::uint8_t> encodeBmp(const Image& image) {
    const bool grey = image.channels == 1;
    const std::uint64_t row = (image.sampleCount() / static_cast<std::size_t>(image.height) + 3) / 4 * 4;
    const std::uint64_t pixels = row * static_cast<std::uint64_t>(image.height);
    const std::uint32_t offset = 14 + 40 + (grey ? 1024 : 0);
    if (pixels + offset > 0x7FFFFFFF)
        throw Error(ErrorCode::TooLarge, "the image does not fit into a BMP file");

    std::vector<std::uint8_t> out;
    reserveLarge(out, offset + pixels);
    put(out, 0x4D42, 2);  // "BM"
    put(out, static_cast<std::uint32_t>(offset + pixels), 4);
    put(out, 0, 4);
    put(out, offset, 4);
    put(out, 40, 4);
    put(out, static_cast<std::uint32_t>(image.width), 4);
    put(out, static_cast<std::uint32_t>(image.height), 4);
    put(out, 1, 2);
    put(out, grey ? 8 : 24, 2);
    put(out, 0, 4);
    put(out, static_cast<std::uint32_t>(pixels), 4);
    put(out, 2835, 4);  // 72 pixels an inch, in pixels a metre
    put(out, 2835, 4);
    put(out, grey ? 256 : 0, 4);
    put(out, 0, 4);
    if (grey)
        for (std::uint32_t v = 0; v < 256; ++v) put(out, v * 0x010101u, 4);

    out.resize(offset + pixels);
    const std::size_t width = static_cast<std::size_t>(image.width);
    for (int y = 0; y < image.height; ++y) {
        std::uint8_t* to = out.data() + offset + static_cast<std::size_t>(image.height - 1 - y) * row;
        const std::uint8_t* from = image.data.data() + static_cast<std::size_t>(y) * width *
                                                           static_cast<std::size_t>(image.channels);
        for (std::size_t x = 0; x < width; ++x) {
            if (grey) {
                to[x] = from[x];
            } else {
                to[3 * x] = from[3 * x + 2];
                to[3 * x + 1] = from[3 * x + 1];
                to[3 * x + 2] = from[3 * x];
            }
        }
    }
    return out;
}

}  // namespace signet::image::codecs
