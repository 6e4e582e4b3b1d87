#include "core/image/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <opencv2/core.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/jpeg_pictures.h"
#include "core/image/orientation.h"
#include "core/image/trailing.h"

namespace signet::image {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

/// The bytes of one picture of a JPEG file; the whole file of any other format, whose decoders choose.
ByteSpan pictureBytes(Format format, ByteSpan bytes, int& frame, int& frames) {
    if (format == Format::Bmp) codecs::checkFrame(frame, 1);
    if (format != Format::Jpeg) return bytes;
    const std::vector<ByteSpan> pictures = codecs::jpegPictures(bytes);
    frames = static_cast<int>(pictures.size());
    codecs::checkFrame(frame, frames);
    return pictures[static_cast<std::size_t>(std::exchange(frame, 1) - 1)];
}

codecs::Stored storedOf(Format format, ByteSpan bytes, int frame) {
    switch (format) {
        case Format::Jpeg:
            return {codecs::probeJpeg(bytes), 1, {}};
        case Format::Png:
            return codecs::probePng(bytes, frame);
        case Format::WebP:
            return codecs::probeWebP(bytes, frame);
        case Format::Tiff:
            return codecs::probeTiff(bytes, frame);
        case Format::Bmp:
            return {codecs::probeBmp(bytes), 1, {}};
        case Format::Gif:
            return codecs::probeGif(bytes, frame);
        case Format::Heif:
        case Format::Avif:
            return codecs::probeHeif(bytes, frame);
        case Format::Jxl:
            return codecs::probeJxl(bytes, frame);
    }
    throw Error(ErrorCode::Internal, "unknown image format");
}

Decoded decodeStored(Format format, ByteSpan bytes, const DecodeOptions& options) {
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
        case Format::Gif:
            return codecs::decodeGif(bytes, options);
        case Format::Heif:
        case Format::Avif:
            return codecs::decodeHeif(bytes, options);
        case Format::Jxl:
            return codecs::decodeJxl(bytes, options);
    }
    throw Error(ErrorCode::Internal, "unknown image format");
}

/// True for formats whose orientation stands in EXIF; the others' decoders know it.
bool hasExifOrientation(Format format) {
    return format == Format::Jpeg || format == Format::Png || format == Format::WebP;
}

void warnOfMore(Format format, ByteSpan bytes, DecodeInfo& info) {
    if (info.frames > 1)
        info.warnings.push_back(fmt::format("the file holds {} {}s; this is {} {}", info.frames,
                                            frameWord(format), frameWord(format), info.frame));
    std::string behind = trailingBytes(bytes, format);
    if (!behind.empty()) info.warnings.push_back(std::move(behind));
}

}  // namespace

namespace codecs {

void checkFrame(int frame, int frames) {
    if (frame < 1 || frame > frames)
        throw Error(ErrorCode::BadOption,
                    fmt::format("there is no picture {} in the file: it holds {}", frame, frames));
}

}  // namespace codecs

std::string_view frameWord(Format format) {
    switch (format) {
        case Format::Tiff:
            return "page";
        case Format::Jpeg:
        case Format::Heif:
        case Format::Avif:
            return "picture";
        default:
            return "frame";
    }
}

Header probe(ByteSpan bytes, int frame) {
    const Format format = codecs::detectFormat(bytes);
    int frames = 1;
    const ByteSpan picture = pictureBytes(format, bytes, frame, frames);
    const codecs::Stored stored = storedOf(format, picture, frame);
    codecs::Size size = stored.size;
    constexpr std::uint64_t kMaxInt = 0x7FFFFFFF;
    if (size.width == 0 || size.height == 0 || size.width > kMaxInt || size.height > kMaxInt)
        throw Error(ErrorCode::Corrupt, "the header gives an impossible picture size");
    if (swapsSides(stored.orientation ? *stored.orientation : readOrientation(picture, format)))
        std::swap(size.width, size.height);
    return {format, static_cast<int>(size.width), static_cast<int>(size.height),
            std::max(frames, stored.frames)};
}

Decoded decode(ByteSpan bytes, const DecodeOptions& options) {
    const Format format = codecs::detectFormat(bytes);
    try {
        DecodeOptions stored = options;
        int frames = 1;
        const ByteSpan picture = pictureBytes(format, bytes, stored.frame, frames);
        Decoded decoded = decodeStored(format, picture, stored);
        DecodeInfo& info = decoded.info;
        info.format = format;
        info.frame = options.frame;
        info.frames = std::max(frames, info.frames);
        if (hasExifOrientation(format)) info.orientation = readOrientation(picture, format);
        if (options.applyOrientation && info.orientation != 1) {
            decoded.image = orient(std::move(decoded.image), info.orientation);
            info.orientationApplied = true;
        }
        warnOfMore(format, bytes, info);
        return decoded;
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::TooLarge, "there is not enough memory for the decoded picture");
    } catch (const cv::Exception& failure) {
        throw Error(ErrorCode::Corrupt, "the picture cannot be decoded: " + std::string(failure.err));
    }
}

}  // namespace signet::image
