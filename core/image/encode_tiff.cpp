#include <algorithm>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/tiff_memory.h"

namespace signet::image::codecs {
namespace {

constexpr std::size_t kStripBytes = 1u << 18;
constexpr int kDeflateLevel = 3;

void setFields(TIFF* tiff, const Image& image) {
    const std::size_t row = image.data.size() / static_cast<std::size_t>(image.height);
    const auto rowsPerStrip = static_cast<std::uint32_t>(
        std::clamp<std::size_t>(kStripBytes / row, 1, static_cast<std::size_t>(image.height)));
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
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rowsPerStrip);
    if (image.channels == 4) {
        std::uint16_t kind = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
}

}  // namespace

std::vector<std::uint8_t> encodeTiff(const Image& image, const EncodeOptions&) {
    TiffMemory memory;
    memory.writing = true;
    memory.output.reserve(image.data.size() / 2 + 4096);
    {
        const TiffHandle tiff = openTiff(memory, 1ull << 31);
        if (!tiff)
            throw Error(ErrorCode::Internal, "the TIFF file cannot be written (" + memory.firstError + ")");
        setFields(tiff.get(), image);
        const std::size_t row = image.data.size() / static_cast<std::size_t>(image.height);
        std::vector<std::uint8_t> buffer(row);  // the predictor works in place
        for (int y = 0; y < image.height; ++y) {
            const std::uint8_t* from = image.data.data() + static_cast<std::size_t>(y) * row;
            std::copy(from, from + row, buffer.begin());
            if (TIFFWriteScanline(tiff.get(), buffer.data(), static_cast<std::uint32_t>(y), 0) < 0) break;
        }
        if (memory.firstError.empty()) TIFFFlush(tiff.get());
    }
    if (!memory.firstError.empty())
        throw Error(ErrorCode::TooLarge, "the TIFF file cannot be written (" + memory.firstError + ")");
    return std::move(memory.output);
}

}  // namespace signet::image::codecs
