#include "core/image/encode.h"

#include <fmt/format.h>

#include <cstring>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image {
namespace {

constexpr int kMaxJpegSide = 65'500;
constexpr int kMaxWebPSide = 16'383;

void checkImage(const Image& image) {
    const bool channelsOk = image.channels == 1 || image.channels == 3 || image.channels == 4;
    const bool depthOk = image.depth == 8 || image.depth == 16;
    if (image.width <= 0 || image.height <= 0 || !channelsOk || !depthOk ||
        image.data.size() != image.sampleCount() * static_cast<std::size_t>(image.depth / 8))
        throw Error(ErrorCode::Internal, "an image to be encoded is inconsistent");
}

void checkOptions(const Image& image, const EncodeOptions& options) {
    const bool lossy = options.format == Format::Jpeg || options.format == Format::WebP;
    if (lossy && (options.quality < 1 || options.quality > 100))
        throw Error(ErrorCode::BadOption, fmt::format("quality {} is not within 1..100", options.quality));
    if (options.format == Format::Png && (options.pngCompression < 0 || options.pngCompression > 9))
        throw Error(ErrorCode::BadOption,
                    fmt::format("PNG compression {} is not within 0..9", options.pngCompression));
    const bool opaqueOnly = options.format == Format::Jpeg || options.format == Format::Bmp;
    if (opaqueOnly && image.channels == 4)
        throw Error(ErrorCode::BadOption, fmt::format("{} keeps no transparency; choose png, webp or tiff",
                                                      toString(options.format)));
    const int maxSide = options.format == Format::Jpeg   ? kMaxJpegSide
                        : options.format == Format::WebP ? kMaxWebPSide
                                                         : 0x7FFFFFFF;
    if (image.width > maxSide || image.height > maxSide)
        throw Error(ErrorCode::TooLarge, fmt::format("{} holds at most {} pixels a side; choose png or tiff",
                                                     toString(options.format), maxSide));
}

/// 16-bit samples rounded to 8 bits, channels kept.
Image toEightBits(const Image& image) {
    Image out = makeImage(image.width, image.height, image.channels);
    const std::uint16_t* from = image.samples16();
    for (std::size_t i = 0; i < image.sampleCount(); ++i)
        out.data[i] = static_cast<std::uint8_t>((from[i] * 255u + 32767u) / 65535u);
    return out;
}

std::vector<std::uint8_t> encodeChecked(const Image& image, const EncodeOptions& options) {
    switch (options.format) {
        case Format::Jpeg:
            return codecs::encodeJpeg(image, options);
        case Format::Png:
            return codecs::encodePng(image, options);
        case Format::WebP:
            return codecs::encodeWebP(image, options);
        case Format::Tiff:
            return codecs::encodeTiff(image, options);
        case Format::Bmp:
            return codecs::encodeBmp(image);
        default:
            throw Error(ErrorCode::Unsupported,
                        fmt::format("{} is read but not written; choose png, jpg, webp or tiff",
                                    displayName(options.format)));
    }
}

}  // namespace

std::vector<std::uint8_t> encode(const Image& image, const EncodeOptions& options) {
    checkImage(image);
    checkOptions(image, options);
    const bool deep = options.format == Format::Png || options.format == Format::Tiff;
    if (image.depth == 16 && !deep) return encodeChecked(toEightBits(image), options);
    return encodeChecked(image, options);
}

}  // namespace signet::image
