#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

struct BmpHeader {
    Size size;
    int bitsPerPixel = 0;
    std::uint32_t compression = 0;
};

std::uint32_t little32(ByteSpan bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 16 | static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}
std::uint32_t little16(ByteSpan bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8;
}

BmpHeader readHeader(ByteSpan bytes) {
    if (bytes.size() < 26) throw Error(ErrorCode::Corrupt, "the BMP file ends inside its header");
    BmpHeader header;
    const std::uint32_t headerSize = little32(bytes, 14);
    if (headerSize == 12) {  // OS/2
        header.size = {little16(bytes, 18), little16(bytes, 20)};
        header.bitsPerPixel = static_cast<int>(little16(bytes, 24));
    } else {
        if (headerSize < 16 || bytes.size() < 34)
            throw Error(ErrorCode::Corrupt, "the BMP header is damaged");
        const auto width = static_cast<std::int32_t>(little32(bytes, 18));
        const auto height = static_cast<std::int32_t>(little32(bytes, 22));  // negative: top row first
        if (width <= 0 || height == 0)
            throw Error(ErrorCode::Corrupt, "the BMP header gives an empty picture");
        header.size = {static_cast<std::uint64_t>(width),
                       static_cast<std::uint64_t>(std::llabs(static_cast<long long>(height)))};
        header.bitsPerPixel = static_cast<int>(little16(bytes, 28));
        header.compression = little32(bytes, 30);
    }
    return header;
}

}  // namespace

Size probeBmp(ByteSpan bytes) {
    return readHeader(bytes).size;
}

Decoded decodeBmp(ByteSpan bytes, const DecodeOptions& options) {
    const BmpHeader header = readHeader(bytes);
    checkLimits(header.size, 4, options.limits);
    const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8U, const_cast<std::uint8_t*>(bytes.data()));
    const cv::Mat picture = cv::imdecode(raw, cv::IMREAD_UNCHANGED);
    if (picture.empty() || picture.depth() != CV_8U)
        throw Error(
            ErrorCode::Corrupt,
            fmt::format("the BMP data is damaged or of a rare kind ({} bits, compression {}); save it as "
                        "PNG if a viewer still shows it",
                        header.bitsPerPixel, header.compression));
    Decoded decoded;
    decoded.image = makeImage(picture.cols, picture.rows, picture.channels());
    cv::Mat target(picture.rows, picture.cols, picture.type(), decoded.image.data.data());
    if (picture.channels() == 3)
        cv::cvtColor(picture, target, cv::COLOR_BGR2RGB);
    else if (picture.channels() == 4)
        cv::cvtColor(picture, target, cv::COLOR_BGRA2RGBA);
    else
        picture.copyTo(target);
    decoded.info.decoder = "OpenCV " CV_VERSION;
    decoded.info.storedWidth = picture.cols;
    decoded.info.storedHeight = picture.rows;
    decoded.info.bitDepth = header.bitsPerPixel <= 8    ? header.bitsPerPixel
                            : header.bitsPerPixel == 16 ? 5
                                                        : 8;
    decoded.info.colour = header.bitsPerPixel <= 8 ? "palette" : "rgb";
    if (picture.channels() == 4) decoded.info.colour += "+alpha";
    return decoded;
}

}  // namespace signet::image::codecs
