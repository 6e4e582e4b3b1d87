#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/jpeg_errors.h"

namespace signet::image::codecs {
namespace {

/// libjpeg destination that writes into a vector, doubling it as needed.
struct Destination {
    jpeg_destination_mgr base;
    std::vector<std::uint8_t>* out;
};

Destination& destinationOf(j_compress_ptr cinfo) {
    return *reinterpret_cast<Destination*>(cinfo->dest);
}

/// Room for size bytes; false when there is no memory (no exception may cross libjpeg's frames).
bool resizeQuietly(std::vector<std::uint8_t>& out, std::size_t size) noexcept {
    try {
        out.resize(size);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

void start(j_compress_ptr cinfo) {
    Destination& destination = destinationOf(cinfo);
    destination.base.next_output_byte = destination.out->data();
    destination.base.free_in_buffer = destination.out->size();
}

boolean grow(j_compress_ptr cinfo) {
    Destination& destination = destinationOf(cinfo);
    const std::size_t written = destination.out->size();
    if (!resizeQuietly(*destination.out, written * 2)) ERREXIT1(cinfo, JERR_OUT_OF_MEMORY, 0);
    destination.base.next_output_byte = destination.out->data() + written;
    destination.base.free_in_buffer = destination.out->size() - written;
    return TRUE;
}

void finish(j_compress_ptr cinfo) {
    Destination& destination = destinationOf(cinfo);
    destination.out->resize(destination.out->size() - destination.base.free_in_buffer);
}

class Writer {
public:
    explicit Writer(std::vector<std::uint8_t>& out) : m_destination{{}, &out} {
        m_cinfo.err = m_errors.install();
        m_destination.base.init_destination = start;
        m_destination.base.empty_output_buffer = grow;
        m_destination.base.term_destination = finish;
    }
    ~Writer() { jpeg_destroy_compress(&m_cinfo); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void write(const Image& image, const EncodeOptions& options) {
        if (!guarded(m_errors, [&] { compress(image, options); })) throwJpegError(m_errors);
    }

private:
    void compress(const Image& image, const EncodeOptions& options) {
        jpeg_create_compress(&m_cinfo);
        m_cinfo.dest = &m_destination.base;
        m_cinfo.image_width = static_cast<JDIMENSION>(image.width);
        m_cinfo.image_height = static_cast<JDIMENSION>(image.height);
        m_cinfo.input_components = image.channels;
        m_cinfo.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
        jpeg_set_defaults(&m_cinfo);
        jpeg_set_quality(&m_cinfo, options.quality, TRUE);
        if (image.channels == 3)
            m_cinfo.comp_info[0].h_samp_factor = m_cinfo.comp_info[0].v_samp_factor =
                options.subsample ? 2 : 1;
        jpeg_start_compress(&m_cinfo, TRUE);
        const std::size_t stride =
            static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
        std::array<JSAMPROW, 16> rows;
        while (m_cinfo.next_scanline < m_cinfo.image_height) {
            const unsigned first = m_cinfo.next_scanline;
            const unsigned count = std::min<unsigned>(rows.size(), m_cinfo.image_height - first);
            for (unsigned i = 0; i < count; ++i)
                rows[i] = const_cast<JSAMPLE*>(image.data.data()) + (first + i) * stride;
            jpeg_write_scanlines(&m_cinfo, rows.data(), count);
        }
        jpeg_finish_compress(&m_cinfo);
    }

    JpegErrors m_errors;
    Destination m_destination;
    jpeg_compress_struct m_cinfo{};
};

}  // namespace

std::vector<std::uint8_t> encodeJpeg(const Image& image, const EncodeOptions& options) {
    std::vector<std::uint8_t> out(std::max<std::size_t>(image.sampleCount() / 4, 4096));
    Writer(out).write(image, options);
    return out;
}

}  // namespace signet::image::codecs
