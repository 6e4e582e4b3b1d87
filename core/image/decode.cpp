#include "core/image/decode.h"

#include <new>
#include <opencv2/core.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/orientation.h"

namespace signet::image {
namespace {

codecs::Size storedSize(Format format, std::span<const std::uint8_t> bytes) {
    switch (format) {
        case Format::Jpeg:
            return codecs::probeJpeg(bytes);
        case Format::Png:
            return codecs::probePng(bytes);
        case Format::WebP:
            return codecs::probeWebP(bytes);
        case Format::Tiff:
            return codecs::probeTiff(bytes);
        case Format::Bmp:
            return codecs::probeBmp(bytes);
    }
    throw Error(ErrorCode::Internal, "unknown image format");
}

Decoded decodeStored(Format format, std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
    switch (format) {
        case Format::Jpeg:
            return codecs::decodeJpeg(bytes, options);
        case Format::Png:
            return codecs::decodePng(bytes, options);
        case Format::WebP:
            return codecs::decodeWebP(bytes, options);
        case Format::Tiff:
            return codecs::decodeTiff(bytes, options);
        case Format::Bmp:
            return codecs::decodeBmp(bytes, options);
    }
    throw Error(ErrorCode::Internal, "unknown image format");
}

}  // namespace

Header probe(std::span<const std::uint8_t> bytes) {
    const Format format = codecs::detectFormat(bytes);
    codecs::Size size = storedSize(format, bytes);
    constexpr std::uint64_t kMaxInt = 0x7FFFFFFF;
    if (size.width == 0 || size.height == 0 || size.width > kMaxInt || size.height > kMaxInt)
        throw Error(ErrorCode::Corrupt, "the header gives an impossible picture size");
    if (swapsSides(readOrientation(bytes, format))) std::swap(size.width, size.height);
    return {format, static_cast<int>(size.width), static_cast<int>(size.height)};
}

Decoded decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
    const Format format = codecs::detectFormat(bytes);
    try {
        Decoded decoded = decodeStored(format, bytes, options);
        decoded.info.format = format;
        decoded.info.orientation = readOrientation(bytes, format);
        if (options.applyOrientation && decoded.info.orientation != 1) {
            decoded.image = orient(std::move(decoded.image), decoded.info.orientation);
            decoded.info.orientationApplied = true;
        }
        return decoded;
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::TooLarge, "there is not enough memory for the decoded picture");
    } catch (const cv::Exception& failure) {
        throw Error(ErrorCode::Corrupt, "the picture cannot be decoded: " + std::string(failure.err));
    }
}

}  // namespace signet::image
