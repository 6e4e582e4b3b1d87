#include "core/image/encode_avif.h"

#include <fmt/format.h>

#include <cstring>

#include "core/base/error.h"
#include "core/image/heif_handles.h"

namespace signet::image {
namespace {

using namespace codecs;

constexpr int kMaxSide = 65'535;
constexpr int kSpeed = 6;  ///< of libaom, 0 slow .. 9; what libheif and Pillow take unasked

void check(const heif_error& error) {
    if (error.code == heif_error_Ok) return;
    const bool large = error.code == heif_error_Memory_allocation_error;
    throw Error(
        large ? ErrorCode::TooLarge : ErrorCode::Internal,
        fmt::format("the AVIF file cannot be written ({})", error.message ? error.message : "unknown"));
}

HeifPixels pixelsOf(const Image& image) {
    heif_image* created = nullptr;
    check(heif_image_create(image.width, image.height, heif_colorspace_RGB, heif_chroma_interleaved_RGB,
                            &created));
    HeifPixels pixels(created);
    check(heif_image_add_plane(pixels.get(), heif_channel_interleaved, image.width, image.height, 8));
    int stride = 0;
    std::uint8_t* plane = heif_image_get_plane(pixels.get(), heif_channel_interleaved, &stride);
    const auto rowBytes = static_cast<std::size_t>(image.width) * 3;
    for (int y = 0; y < image.height; ++y)
        std::memcpy(plane + static_cast<std::ptrdiff_t>(y) * stride,
                    image.data.data() + static_cast<std::size_t>(y) * rowBytes, rowBytes);
    return pixels;
}

HeifEncoder encoderFor(heif_context* context, int quality) {
    heif_encoder* created = nullptr;
    if (heif_context_get_encoder_for_format(context, heif_compression_AV1, &created).code != heif_error_Ok)
        throw Error(ErrorCode::Environment,
                    "the libheif of this machine has no AV1 encoder, so that nothing can become an AVIF");
    HeifEncoder encoder(created);
    check(heif_encoder_set_lossy_quality(encoder.get(), quality));
    check(heif_encoder_set_parameter_string(encoder.get(), "chroma", "420"));
    check(heif_encoder_set_parameter_integer(encoder.get(), "speed", kSpeed));
    check(heif_encoder_set_parameter_integer(encoder.get(), "threads", 1));
    return encoder;
}

std::vector<std::uint8_t> bytesOf(heif_context* context) {
    std::vector<std::uint8_t> bytes;
    heif_writer writer{};
    writer.writer_api_version = 1;
    writer.write = [](heif_context*, const void* data, std::size_t size, void* to) {
        const auto* begin = static_cast<const std::uint8_t*>(data);
        static_cast<std::vector<std::uint8_t>*>(to)->assign(begin, begin + size);
        return heif_error{heif_error_Ok, heif_suberror_Unspecified, ""};
    };
    check(heif_context_write(context, &writer, &bytes));
    return bytes;
}

}  // namespace

std::vector<std::uint8_t> encodeAvif(const Image& image, int quality) {
    if (image.width > kMaxSide || image.height > kMaxSide)
        throw Error(ErrorCode::TooLarge, fmt::format("AVIF holds at most {} pixels a side here", kMaxSide));
    const HeifContext context(heif_context_alloc());
    if (!context) throw Error(ErrorCode::TooLarge, "there is not enough memory to write the AVIF file");
    const HeifEncoder encoder = encoderFor(context.get(), quality);
    const HeifPixels pixels = pixelsOf(image);
    check(heif_context_encode_image(context.get(), pixels.get(), encoder.get(), nullptr, nullptr));
    return bytesOf(context.get());
}

}  // namespace signet::image
