#include <fmt/format.h>
#include <webp/decode.h>
#include <webp/mux.h>

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

WebPBitstreamFeatures featuresOf(ByteSpan bytes) {
    WebPBitstreamFeatures features;
    const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
    if (status == VP8_STATUS_NOT_ENOUGH_DATA)
        throw Error(ErrorCode::Corrupt, "the WebP file ends inside its header");
    if (status == VP8_STATUS_UNSUPPORTED_FEATURE)
        throw Error(ErrorCode::Unsupported, "this WebP variant is not read; save it as PNG");
    if (status != VP8_STATUS_OK) throw Error(ErrorCode::Corrupt, "the WebP header is damaged");
    return features;
}

/// Decodes one still bitstream into rows of stride bytes.
void decodeInto(ByteSpan bytes, bool alpha, std::uint8_t* to, std::size_t stride, std::size_t size) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) throw Error(ErrorCode::Environment, "the libwebp library differs");
    config.options.use_threads = 1;
    config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = to;
    config.output.u.RGBA.stride = static_cast<int>(stride);
    config.output.u.RGBA.size = size;
    switch (WebPDecode(bytes.data(), bytes.size(), &config)) {
        case VP8_STATUS_OK:
            return;
        case VP8_STATUS_NOT_ENOUGH_DATA:
        case VP8_STATUS_SUSPENDED:
            throw Error(ErrorCode::Corrupt, "the WebP data ends early");
        case VP8_STATUS_OUT_OF_MEMORY:
            throw Error(ErrorCode::TooLarge, "there is not enough memory to decode the WebP file");
        default:
            throw Error(ErrorCode::Corrupt, "the WebP data is damaged");
    }
}

struct MuxDeleter {
    void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};
using Mux = std::unique_ptr<WebPMux, MuxDeleter>;

Mux openMux(ByteSpan bytes) {
    const WebPData data{bytes.data(), bytes.size()};
    Mux mux(WebPMuxCreate(&data, 0));
    if (!mux) throw Error(ErrorCode::Corrupt, "the WebP animation is damaged");
    return mux;
}

/// The first frame of an animation on its canvas (transparent around the frame).
void decodeFirstFrame(ByteSpan bytes, Decoded& decoded) {
    const Mux mux = openMux(bytes);
    int frames = 1;
    if (WebPMuxNumChunks(mux.get(), WEBP_CHUNK_ANMF, &frames) == WEBP_MUX_OK && frames > 1) {
        decoded.info.frames = frames;
        decoded.info.warnings.push_back(framesWarning(frames, "frames"));
    }
    WebPMuxFrameInfo frame{};
    if (WebPMuxGetFrame(mux.get(), 1, &frame) != WEBP_MUX_OK)
        throw Error(ErrorCode::Corrupt, "the WebP animation has no readable frame");
    const std::unique_ptr<WebPData, void (*)(WebPData*)> release(&frame.bitstream, WebPDataClear);
    const ByteSpan stream(frame.bitstream.bytes, frame.bitstream.size);
    const WebPBitstreamFeatures features = featuresOf(stream);
    Image& image = decoded.image;
    if (frame.x_offset < 0 || frame.y_offset < 0 || features.width > image.width - frame.x_offset ||
        features.height > image.height - frame.y_offset)
        throw Error(ErrorCode::Corrupt, "a WebP frame lies outside the picture");
    const std::size_t stride =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    const std::size_t offset =
        static_cast<std::size_t>(frame.y_offset) * stride +
        static_cast<std::size_t>(frame.x_offset) * static_cast<std::size_t>(image.channels);
    decodeInto(stream, image.channels == 4, image.data.data() + offset, stride, image.data.size() - offset);
}

}  // namespace

Size probeWebP(ByteSpan bytes) {
    const WebPBitstreamFeatures features = featuresOf(bytes);
    return {static_cast<std::uint64_t>(std::max(features.width, 0)),
            static_cast<std::uint64_t>(std::max(features.height, 0))};
}

Decoded decodeWebP(ByteSpan bytes, const DecodeOptions& options) {
    const WebPBitstreamFeatures features = featuresOf(bytes);
    const bool alpha = features.has_alpha != 0;
    const int channels = alpha ? 4 : 3;
    checkLimits({static_cast<std::uint64_t>(std::max(features.width, 0)),
                 static_cast<std::uint64_t>(std::max(features.height, 0))},
                static_cast<std::uint64_t>(channels), options.limits);
    Decoded decoded;
    const int version = WebPGetDecoderVersion();
    decoded.info.decoder =
        fmt::format("libwebp {}.{}.{}", version >> 16, version >> 8 & 0xFF, version & 0xFF);
    decoded.info.storedWidth = features.width;
    decoded.info.storedHeight = features.height;
    decoded.info.colour = alpha ? "rgb+alpha" : "rgb";
    decoded.image = makeImage(features.width, features.height, channels);
    if (features.has_animation) {
        decodeFirstFrame(bytes, decoded);
    } else {
        const std::size_t stride =
            static_cast<std::size_t>(features.width) * static_cast<std::size_t>(channels);
        decodeInto(bytes, alpha, decoded.image.data.data(), stride, decoded.image.data.size());
    }
    return decoded;
}

}  // namespace signet::image::codecs
