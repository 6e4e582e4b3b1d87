#include <fmt/format.h>
#include <png.h>
#include <zlib.h>

#include <bit>
#include <cstdio>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/large_buffer.h"

namespace signet::image::codecs {
namespace {

struct Sink {
    std::vector<std::uint8_t> out;
    char fatal[160] = {};
};

bool appendQuietly(std::vector<std::uint8_t>& out, const png_byte* from, std::size_t count) noexcept {
    try {
        out.insert(out.end(), from, from + count);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

void writeBytes(png_structp png, png_bytep from, png_size_t count) {
    if (!appendQuietly(static_cast<Sink*>(png_get_io_ptr(png))->out, from, count))
        png_error(png, "out of memory");
}
void flushNothing(png_structp) {}

void onFatal(png_structp png, png_const_charp message) {
    auto& sink = *static_cast<Sink*>(png_get_error_ptr(png));
    std::snprintf(sink.fatal, sizeof sink.fatal, "%s", message);
    png_longjmp(png, 1);
}
void onWarning(png_structp, png_const_charp) {}

class Writer {
public:
    Writer() {
        m_png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &m_sink, onFatal, onWarning);
        if (m_png) m_info = png_create_info_struct(m_png);
    }
    ~Writer() { png_destroy_write_struct(&m_png, &m_info); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    std::vector<std::uint8_t> write(const Image& image, int compression) {
        if (!m_info) throw Error(ErrorCode::TooLarge, "there is not enough memory to write the PNG");
        reserveLarge(m_sink.out, image.data.size() / 2 + 4096);
        if (!tryWrite(image, compression))
            throw Error(ErrorCode::TooLarge, fmt::format("the PNG cannot be written ({})", m_sink.fatal));
        return std::move(m_sink.out);
    }

private:
    __attribute__((noinline)) bool tryWrite(const Image& image, int compression) {
        if (setjmp(png_jmpbuf(m_png)) != 0) return false;
        png_set_write_fn(m_png, &m_sink, writeBytes, flushNothing);
        png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        const int type = image.channels == 1   ? PNG_COLOR_TYPE_GRAY
                         : image.channels == 3 ? PNG_COLOR_TYPE_RGB
                                               : PNG_COLOR_TYPE_RGBA;
        png_set_IHDR(m_png, m_info, static_cast<png_uint_32>(image.width),
                     static_cast<png_uint_32>(image.height), image.depth, type, PNG_INTERLACE_NONE,
                     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        png_set_compression_level(m_png, compression);
        png_set_compression_buffer_size(m_png, 1u << 18);
        // one good filter and run lengths for photographs: trying more costs more than it saves at fast
        // levels
        if (compression <= 3) png_set_compression_strategy(m_png, Z_RLE);
        png_set_filter(m_png, PNG_FILTER_TYPE_BASE, compression >= 7 ? PNG_ALL_FILTERS : PNG_FILTER_SUB);
        png_write_info(m_png, m_info);
        if (image.depth == 16 && std::endian::native == std::endian::little) png_set_swap(m_png);
        const std::size_t stride = image.data.size() / static_cast<std::size_t>(image.height);
        for (int y = 0; y < image.height; ++y)
            png_write_row(m_png, image.data.data() + static_cast<std::size_t>(y) * stride);
        png_write_end(m_png, m_info);
        return true;
    }

    Sink m_sink;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
};

}  // namespace

std::vector<std::uint8_t> encodePng(const Image& image, const EncodeOptions& options) {
    return Writer().write(image, options.pngCompression);
}

}  // namespace signet::image::codecs
