#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

constexpr png_alloc_size_t kMaxChunkBytes = 32u << 20;  ///< of one ancillary chunk, unpacked
constexpr png_uint_32 kMaxCachedChunks = 256;

struct Source {
    ByteSpan bytes;
    std::size_t at = 0;
    char fatal[160] = {};
    char firstWarning[160] = {};
};

void readBytes(png_structp png, png_bytep to, png_size_t count) {
    auto& source = *static_cast<Source*>(png_get_io_ptr(png));
    if (source.bytes.size() - source.at < count) png_error(png, "the file ends early");
    std::memcpy(to, source.bytes.data() + source.at, count);
    source.at += count;
}

void onFatal(png_structp png, png_const_charp message) {
    auto& source = *static_cast<Source*>(png_get_error_ptr(png));
    std::snprintf(source.fatal, sizeof source.fatal, "%s", message);
    png_longjmp(png, 1);
}

void onWarning(png_structp png, png_const_charp message) {
    auto& source = *static_cast<Source*>(png_get_error_ptr(png));
    if (source.firstWarning[0] == 0)
        std::snprintf(source.firstWarning, sizeof source.firstWarning, "%s", message);
}

/// Owns the libpng objects; libpng calls go through run(), whose step may own nothing with a destructor.
class Reader {
public:
    explicit Reader(ByteSpan bytes) {
        m_source.bytes = bytes;
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &m_source, onFatal, onWarning);
        if (m_png) m_info = png_create_info_struct(m_png);
    }
    ~Reader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    png_structp png() { return m_png; }
    png_infop info() { return m_info; }
    const Source& source() const { return m_source; }

    template <typename Step>
    [[nodiscard]] __attribute__((noinline)) bool tryRun(Step step) {
        if (setjmp(png_jmpbuf(m_png)) != 0) return false;
        step();
        return true;
    }
    template <typename Step>
    void run(Step step) {
        if (!tryRun(step)) fail();
    }
    [[noreturn]] void fail() const {
        throw Error(ErrorCode::Corrupt, fmt::format("the PNG data is damaged ({})", m_source.fatal));
    }

    /// Up to the pixels, with the chunk limits set.
    void readHeader() {
        if (!m_info) throw Error(ErrorCode::TooLarge, "there is not enough memory to read the PNG");
        run([&] {
            png_set_read_fn(m_png, &m_source, readBytes);
            png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
            png_set_chunk_malloc_max(m_png, kMaxChunkBytes);
            png_set_chunk_cache_max(m_png, kMaxCachedChunks);
            png_set_crc_action(m_png, PNG_CRC_DEFAULT, PNG_CRC_WARN_DISCARD);
            png_read_info(m_png, m_info);
        });
    }

private:
    Source m_source;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
};

std::uint32_t bigEndian(const std::uint8_t* p) {
    return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
           static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

/// Throws Corrupt where a chunk before the pixels claims more bytes than the file has: libpng would first
/// allocate them.
void walkHeaderChunks(ByteSpan bytes) {
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const std::uint8_t* chunk = bytes.data() + at;
        const std::size_t length = bigEndian(chunk);
        if (std::memcmp(chunk + 4, "IDAT", 4) == 0) break;
        if (length > bytes.size() - at - 12)
            throw Error(ErrorCode::Corrupt, "the PNG file ends inside a chunk before its pixels");
        at += 12 + length;
    }
}

std::string colourName(int colourType, bool transparent) {
    std::string name = colourType == PNG_COLOR_TYPE_PALETTE  ? "palette"
                       : (colourType & PNG_COLOR_MASK_COLOR) ? "rgb"
                                                             : "grey";
    return transparent ? name + "+alpha" : name;
}

Size sizeOf(ByteSpan bytes) {
    static constexpr std::uint8_t kHeaderChunk[] = {0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    if (bytes.size() < 24 || std::memcmp(bytes.data() + 8, kHeaderChunk, sizeof kHeaderChunk) != 0)
        throw Error(ErrorCode::Corrupt, "the PNG has no header");
    return {bigEndian(bytes.data() + 16), bigEndian(bytes.data() + 20)};
}

}  // namespace

Stored probePng(ByteSpan bytes, int frame) {
    const Stored stored{sizeOf(bytes), pngFrames(bytes), {}};
    checkFrame(frame, stored.frames);
    return stored;
}

Decoded decodePng(ByteSpan bytes, const DecodeOptions& options) {
    checkLimits(sizeOf(bytes), 1, options.limits);
    walkHeaderChunks(bytes);
    Reader reader(bytes);
    reader.readHeader();
    png_structp png = reader.png();
    png_infop header = reader.info();

    const int colourType = png_get_color_type(png, header);
    const int bitDepth = png_get_bit_depth(png, header);
    const bool transparent =
        (colourType & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, header, PNG_INFO_tRNS) != 0;
    const bool colour = (colourType & PNG_COLOR_MASK_COLOR) != 0;
    const int channels = transparent ? 4 : colour ? 3 : 1;
    const int depth = bitDepth == 16 ? 16 : 8;
    const png_uint_32 width = png_get_image_width(png, header), height = png_get_image_height(png, header);
    checkLimits({width, height}, static_cast<std::uint64_t>(channels * depth / 8), options.limits);

    Decoded decoded;
    DecodeInfo& info = decoded.info;
    info.decoder = std::string("libpng ") + png_get_libpng_ver(nullptr);
    info.storedWidth = static_cast<int>(width);
    info.storedHeight = static_cast<int>(height);
    info.bitDepth = bitDepth;
    info.colour = colourName(colourType, transparent);
    info.frames = pngFrames(bytes);
    checkFrame(options.frame, info.frames);
    if (options.frame > 1) {
        Decoded later = decodeApngFrame(bytes, options);
        decoded.image = std::move(later.image);
        info.warnings = std::move(later.info.warnings);
        return decoded;
    }

    int passes = 1;
    png_size_t rowBytes = 0;
    reader.run([&] {
        png_set_expand(png);  // palette, less than 8 bits and tRNS to full samples
        if (transparent && !colour) png_set_gray_to_rgb(png);
        if (depth == 16 && std::endian::native == std::endian::little) png_set_swap(png);
        passes = png_set_interlace_handling(png);
        png_read_update_info(png, header);
        rowBytes = png_get_rowbytes(png, header);
    });
    Image& image = decoded.image;
    image = makeImage(info.storedWidth, info.storedHeight, channels, depth);
    if (rowBytes * height != image.data.size()) throw Error(ErrorCode::Internal, "PNG row size mismatch");

    int pass = 0;
    png_uint_32 row = 0;
    std::uint8_t* const data = image.data.data();
    const bool whole = reader.tryRun([&png, &pass, &row, passes, height, data, rowBytes] {
        for (pass = 0; pass < passes; ++pass)
            for (row = 0; row < height; ++row) png_read_row(png, data + row * rowBytes, nullptr);
    });
    if (!whole) {
        if (pass == 0 && row == 0) reader.fail();
        if (pass == 0) greyFrom(image, static_cast<int>(row));
        info.warnOfDamage(
            passes == 1
                ? fmt::format("the PNG data is damaged ({}); rows from {} on are grey", reader.source().fatal,
                              row)
                : fmt::format("the PNG data is damaged ({}) in pass {} of {}; the picture is incomplete",
                              reader.source().fatal, pass + 1, passes));
    } else if (reader.source().firstWarning[0] != 0) {
        info.warnings.push_back(fmt::format("libpng: {}", reader.source().firstWarning));
    }
    return decoded;
}

}  // namespace signet::image::codecs
