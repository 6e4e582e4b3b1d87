#include <fmt/format.h>
#include <webp/encode.h>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

constexpr int kLosslessEffort = 3;  ///< 0 fast .. 9 small

/// Frees libwebp's picture and memory writer.
struct Encoder {
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;

    Encoder() {
        WebPMemoryWriterInit(&writer);
        if (!WebPConfigInit(&config) || !WebPPictureInit(&picture))
            throw Error(ErrorCode::Environment, "the libwebp library differs from the one built against");
    }
    ~Encoder() {
        WebPPictureFree(&picture);
        WebPMemoryWriterClear(&writer);
    }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
};

}  // namespace

std::vector<std::uint8_t> encodeWebP(const Image& image, const EncodeOptions& options) {
    if (image.channels == 1) return encodeWebP(toRgb8(image), options);  // WebP has no grey
    Encoder encoder;
    encoder.config.quality = static_cast<float>(options.quality);
    encoder.config.exact = 1;  // colours under full transparency are part of the picture
    encoder.config.thread_level = 1;
    const bool lossless = options.quality == 100;
    if (lossless) WebPConfigLosslessPreset(&encoder.config, kLosslessEffort);
    encoder.picture.use_argb = lossless ? 1 : 0;
    encoder.picture.width = image.width;
    encoder.picture.height = image.height;
    encoder.picture.writer = WebPMemoryWrite;
    encoder.picture.custom_ptr = &encoder.writer;
    const int stride = image.width * image.channels;
    const bool imported = image.channels == 4
                              ? WebPPictureImportRGBA(&encoder.picture, image.data.data(), stride) != 0
                              : WebPPictureImportRGB(&encoder.picture, image.data.data(), stride) != 0;
    if (!imported || !WebPEncode(&encoder.config, &encoder.picture)) {
        const bool memory = encoder.picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
                            encoder.picture.error_code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY || !imported;
        const int code = static_cast<int>(encoder.picture.error_code);
        throw Error(memory ? ErrorCode::TooLarge : ErrorCode::Internal,
                    fmt::format("the WebP file cannot be written (libwebp error {})", code));
    }
    return {encoder.writer.mem, encoder.writer.mem + encoder.writer.size};
}

}  // namespace signet::image::codecs
