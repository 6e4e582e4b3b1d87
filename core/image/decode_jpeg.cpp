#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/jpeg_errors.h"

namespace signet::image::codecs {
namespace {

#define SIGNET_TEXT_OF(x) #x
#define SIGNET_TEXT(x) SIGNET_TEXT_OF(x)
constexpr const char* kDecoderName = "libjpeg-turbo " SIGNET_TEXT(LIBJPEG_TURBO_VERSION);

constexpr long kMaxWorkingBytes = 1l << 30;  ///< libjpeg's own memory (coefficients of progressive files)
constexpr int kMaxScans = 500;               ///< of a progressive file
constexpr std::uint64_t kMaxScannedPixels = 20'000'000'000;  ///< scans times pixels: some seconds of work

/// Stops a progressive file made of thousands of tiny scans, each of which costs a pass over all blocks.
void refuseEndlessScans(j_common_ptr codec) {
    if (!codec->is_decompressor) return;
    auto* cinfo = reinterpret_cast<j_decompress_ptr>(codec);
    const auto scans = static_cast<std::uint64_t>(std::max(cinfo->input_scan_number, 0));
    const auto pixels = static_cast<std::uint64_t>(cinfo->image_width) * cinfo->image_height;
    if (scans > kMaxScans || scans * pixels > kMaxScannedPixels) ERREXIT(codec, JERR_IMAGE_TOO_BIG);
}

/// Owns the libjpeg object; every method that calls libjpeg goes through guarded().
class Reader {
public:
    Reader() {
        m_cinfo.err = m_errors.install();
        m_progress.progress_monitor = refuseEndlessScans;
    }
    ~Reader() { jpeg_destroy_decompress(&m_cinfo); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    void open(ByteSpan bytes) {
        run([&] {
            jpeg_create_decompress(&m_cinfo);
            m_cinfo.progress = &m_progress;
            m_cinfo.mem->max_memory_to_use = kMaxWorkingBytes;
            jpeg_mem_src(&m_cinfo, bytes.data(), static_cast<unsigned long>(bytes.size()));
            jpeg_read_header(&m_cinfo, TRUE);
        });
    }

    jpeg_decompress_struct& cinfo() { return m_cinfo; }
    const JpegErrors& errors() const { return m_errors; }

    template <typename Step>
    void run(Step step) {
        if (!guarded(m_errors, step)) throwJpegError(m_errors);
    }
    template <typename Step>
    bool tryRun(Step step) {
        return guarded(m_errors, step);
    }

private:
    JpegErrors m_errors;
    jpeg_progress_mgr m_progress{};
    jpeg_decompress_struct m_cinfo{};
};

/// Largest of 8, 4, 2, 1 that leaves the short side at least shortSide pixels.
int denominatorFor(unsigned width, unsigned height, int shortSide) {
    if (shortSide <= 0) return 1;
    const unsigned side = std::min(width, height);
    for (unsigned d : {8u, 4u, 2u})
        if (side / d >= static_cast<unsigned>(shortSide)) return static_cast<int>(d);
    return 1;
}

/// One row of CMYK to RGB by R = C' K' with C' = 1 - C; Adobe's files store C' and K' themselves.
void cmykRowToRgb(const std::uint8_t* cmyk, int width, bool inverted, std::uint8_t* rgb) {
    const unsigned flip = inverted ? 0u : 255u;
    for (int x = 0; x < width; ++x) {
        const unsigned k = cmyk[4 * x + 3] ^ flip;
        for (int c = 0; c < 3; ++c) {
            const unsigned product = (cmyk[4 * x + c] ^ flip) * k + 127;
            rgb[3 * x + c] = static_cast<std::uint8_t>(product / 255);
        }
    }
}

/// Reads rows straight into image; returns how many were read before libjpeg failed, if it did.
int readRows(Reader& reader, Image& image) {
    jpeg_decompress_struct& cinfo = reader.cinfo();
    const std::size_t stride =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    std::uint8_t* const data = image.data.data();
    (void)reader.tryRun([&] {
        std::array<JSAMPROW, 16> rows;
        while (cinfo.output_scanline < cinfo.output_height) {
            const unsigned first = cinfo.output_scanline;
            const unsigned count = std::min<unsigned>(rows.size(), cinfo.output_height - first);
            for (unsigned i = 0; i < count; ++i) rows[i] = data + (first + i) * stride;
            jpeg_read_scanlines(&cinfo, rows.data(), count);
        }
    });
    return static_cast<int>(cinfo.output_scanline);
}

int readCmykRows(Reader& reader, Image& image) {
    jpeg_decompress_struct& cinfo = reader.cinfo();
    const bool inverted = cinfo.saw_Adobe_marker;
    std::vector<std::uint8_t> cmyk(static_cast<std::size_t>(image.width) * 4);
    for (int y = 0; y < image.height; ++y) {
        JSAMPROW row = cmyk.data();
        if (!reader.tryRun([&] { jpeg_read_scanlines(&cinfo, &row, 1); })) return y;
        cmykRowToRgb(
            cmyk.data(), image.width, inverted,
            image.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) * 3);
    }
    return image.height;
}

}  // namespace

Size probeJpeg(ByteSpan bytes) {
    Reader reader;
    reader.open(bytes);
    return {reader.cinfo().image_width, reader.cinfo().image_height};
}

Decoded decodeJpeg(ByteSpan bytes, const DecodeOptions& options) {
    Reader reader;
    reader.open(bytes);
    jpeg_decompress_struct& cinfo = reader.cinfo();
    const bool grey = cinfo.jpeg_color_space == JCS_GRAYSCALE;
    const bool cmyk = cinfo.jpeg_color_space == JCS_CMYK || cinfo.jpeg_color_space == JCS_YCCK;
    if (!grey && !cmyk && cinfo.jpeg_color_space != JCS_RGB && cinfo.jpeg_color_space != JCS_YCbCr)
        throw Error(ErrorCode::Unsupported,
                    fmt::format("a JPEG of {} components is not read", cinfo.num_components));

    Decoded decoded;
    DecodeInfo& info = decoded.info;
    info.decoder = kDecoderName;
    info.storedWidth = static_cast<int>(cinfo.image_width);
    info.storedHeight = static_cast<int>(cinfo.image_height);
    info.bitDepth = cinfo.data_precision;
    info.colour = grey ? "grey" : cinfo.jpeg_color_space == JCS_CMYK ? "cmyk" : cmyk ? "ycck" : "rgb";
    info.chromaSubsampled =
        cinfo.num_components == 3 && (cinfo.comp_info[1].h_samp_factor < cinfo.comp_info[0].h_samp_factor ||
                                      cinfo.comp_info[1].v_samp_factor < cinfo.comp_info[0].v_samp_factor);
    info.scaleDenominator = denominatorFor(cinfo.image_width, cinfo.image_height, options.reduceToShortSide);
    DecodeLimits stored = options.limits;
    stored.maxDecodedBytes = ~0ull;
    checkLimits({cinfo.image_width, cinfo.image_height}, 1, stored);

    cinfo.scale_num = 1;
    cinfo.scale_denom = static_cast<unsigned>(info.scaleDenominator);
    cinfo.out_color_space = grey ? JCS_GRAYSCALE : cmyk ? JCS_CMYK : JCS_RGB;
    reader.run([&] { jpeg_calc_output_dimensions(&cinfo); });
    checkLimits({cinfo.output_width, cinfo.output_height}, grey ? 1 : 3, options.limits);
    reader.run([&] { jpeg_start_decompress(&cinfo); });

    decoded.image =
        makeImage(static_cast<int>(cinfo.output_width), static_cast<int>(cinfo.output_height), grey ? 1 : 3);
    const int rows = cmyk ? readCmykRows(reader, decoded.image) : readRows(reader, decoded.image);
    if (rows == 0) throwJpegError(reader.errors());
    const JpegErrors& errors = reader.errors();
    if (rows < decoded.image.height) {
        greyFrom(decoded.image, rows);
        info.warnOfDamage(
            fmt::format("the JPEG data is damaged ({}); missing rows are grey", errors.fatalMessage));
    } else if (errors.endsEarly) {
        info.warnOfDamage("the JPEG data ends early; missing rows are grey");
    } else if (errors.base.num_warnings > 0) {
        info.warnOfDamage(fmt::format(
            "the JPEG data is damaged in {} ({})",
            errors.base.num_warnings == 1 ? "1 place" : fmt::format("{} places", errors.base.num_warnings),
            errors.firstWarning));
    }
    if (cmyk)
        info.warnings.push_back(
            "CMYK was turned into RGB by the plain formula; no colour profile was applied");
    return decoded;
}

}  // namespace signet::image::codecs
