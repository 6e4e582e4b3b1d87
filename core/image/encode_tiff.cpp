#include <algorithm>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/large_buffer.h"
#include "core/image/tiff_memory.h"

namespace signet::image::codecs {
namespace {

constexpr std::size_t kStripBytes = 1u << 18;
constexpr int kDeflateLevel = 3;

std::size_t rowBytes(const Image& image) {
    return image.data.size() / static_cast<std::size_t>(image.height);
}

int rowsPerStrip(const Image& image) {
    const std::size_t rows = std::max<std::size_t>(kStripBytes / rowBytes(image), 1);
    return static_cast<int>(std::min(rows, static_cast<std::size_t>(image.height)));
}

void setFields(TIFF* tiff, const Image& image) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(image.width));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(image.height));
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, image.depth);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image.channels);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, image.channels == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, kDeflateLevel);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(rowsPerStrip(image)));
    if (image.channels == 4) {
        std::uint16_t kind = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
}

}  // namespace

std::vector<std::uint8_t> encodeTiff(const Image& image, const EncodeOptions&) {
    TiffMemory memory;
    memory.writing = true;
    reserveLarge(memory.output, image.data.size() / 2 + 4096);
    {
        const TiffHandle tiff = openTiff(memory, 1ull << 31);
        if (!tiff)
            throw Error(ErrorCode::Internal, "the TIFF file cannot be written (" + memory.firstError + ")");
        setFields(tiff.get(), image);
        const std::size_t row = rowBytes(image);
        const int step = rowsPerStrip(image);
        std::vector<std::uint8_t> strip(row *
                                        static_cast<std::size_t>(step));  // the predictor works in place
        for (int y = 0, index = 0; y < image.height; y += step, ++index) {
            const std::uint8_t* from = image.data.data() + static_cast<std::size_t>(y) * row;
            const std::size_t bytes = row * static_cast<std::size_t>(std::min(step, image.height - y));
            std::copy(from, from + bytes, strip.begin());
            if (TIFFWriteEncodedStrip(tiff.get(), static_cast<std::uint32_t>(index), strip.data(),
                                      static_cast<tmsize_t>(bytes)) < 0)
                break;
        }
        if (memory.firstError.empty()) TIFFFlush(tiff.get());
    }
    if (!memory.firstError.empty())
        throw Error(ErrorCode::TooLarge, "the TIFF file cannot be written (" + memory.firstError + ")");
    return std::move(memory.output);
}

}  // namespace signet::image::codecs
