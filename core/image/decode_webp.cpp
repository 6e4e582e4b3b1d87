#include <fmt/format.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "core/image/canvas.h"
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

struct AnimationDeleter {
    void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};
using Animation = std::unique_ptr<WebPAnimDecoder, AnimationDeleter>;

int framesOf(ByteSpan bytes, const WebPBitstreamFeatures& features) {
    if (!features.has_animation) return 1;
    const WebPData data{bytes.data(), bytes.size()};
    const std::unique_ptr<WebPDemuxer, void (*)(WebPDemuxer*)> demuxer(WebPDemux(&data), WebPDemuxDelete);
    if (!demuxer) throw Error(ErrorCode::Corrupt, "the WebP animation is damaged");
    return static_cast<int>(std::max<std::uint32_t>(WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT), 1));
}

/// One frame of an animation as it is shown: over what the frames before it left on the canvas.
Image decodeAnimated(ByteSpan bytes, int frame, Size size) {
    WebPAnimDecoderOptions how;
    if (!WebPAnimDecoderOptionsInit(&how)) throw Error(ErrorCode::Environment, "the libwebp library differs");
    how.color_mode = MODE_RGBA;
    how.use_threads = 1;
    const WebPData data{bytes.data(), bytes.size()};
    const Animation decoder(WebPAnimDecoderNew(&data, &how));
    if (!decoder) throw Error(ErrorCode::Corrupt, "the WebP animation is damaged");
    std::uint8_t* canvas = nullptr;
    int milliseconds = 0;
    for (int i = 0; i < frame; ++i)
        if (!WebPAnimDecoderGetNext(decoder.get(), &canvas, &milliseconds))
            throw Error(ErrorCode::Corrupt, fmt::format("frame {} of the WebP animation is damaged", i + 1));
    Image image = makeImage(static_cast<int>(size.width), static_cast<int>(size.height), 4);
    std::copy(canvas, canvas + image.data.size(), image.data.begin());
    return withoutOpaqueAlpha(std::move(image));
}

}  // namespace

Stored probeWebP(ByteSpan bytes, int frame) {
    const WebPBitstreamFeatures features = featuresOf(bytes);
    const Stored stored{{static_cast<std::uint64_t>(std::max(features.width, 0)),
                         static_cast<std::uint64_t>(std::max(features.height, 0))},
                        framesOf(bytes, features),
                        {}};
    checkFrame(frame, stored.frames);
    return stored;
}

Decoded decodeWebP(ByteSpan bytes, const DecodeOptions& options) {
    const WebPBitstreamFeatures features = featuresOf(bytes);
    const bool alpha = features.has_alpha != 0;
    const int channels = alpha ? 4 : 3;
    const Size size{static_cast<std::uint64_t>(std::max(features.width, 0)),
                    static_cast<std::uint64_t>(std::max(features.height, 0))};
    // An animation's decoder holds two canvases beside the picture.
    checkLimits(size, static_cast<std::uint64_t>(features.has_animation ? 8 : channels), options.limits);
    Decoded decoded;
    const int version = WebPGetDecoderVersion();
    decoded.info.decoder =
        fmt::format("libwebp {}.{}.{}", version >> 16, version >> 8 & 0xFF, version & 0xFF);
    decoded.info.storedWidth = features.width;
    decoded.info.storedHeight = features.height;
    decoded.info.frames = framesOf(bytes, features);
    checkFrame(options.frame, decoded.info.frames);
    if (features.has_animation) {
        decoded.image = decodeAnimated(bytes, options.frame, size);
    } else {
        decoded.image = makeImage(features.width, features.height, channels);
        const std::size_t stride =
            static_cast<std::size_t>(features.width) * static_cast<std::size_t>(channels);
        decodeInto(bytes, alpha, decoded.image.data.data(), stride, decoded.image.data.size());
    }
    decoded.info.colour = decoded.image.channels == 4 ? "rgb+alpha" : "rgb";
    return decoded;
}

}  // namespace signet::image::codecs
