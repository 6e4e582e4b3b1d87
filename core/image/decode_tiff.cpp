#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/image/codecs.h"
#include "core/image/large_buffer.h"
#include "core/image/tiff_memory.h"

namespace signet::image::codecs {
namespace {

/// What a page's directory says of its pixels.
struct Layout {
    Size size;
    std::uint16_t bits = 1, samples = 1, photometric = PHOTOMETRIC_MINISBLACK, planar = PLANARCONFIG_CONTIG;
    std::uint16_t sampleFormat = SAMPLEFORMAT_UINT, compression = COMPRESSION_NONE;
    std::uint16_t alphaKind = 0;  ///< EXTRASAMPLE_*; 0 where there is no alpha
    std::uint16_t orientation = ORIENTATION_TOPLEFT;
    int subPictures = 0;  ///< directories below this one

    bool grey() const {
        return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    }
    int colourSamples() const { return grey() ? 1 : 3; }
    bool alpha() const { return alphaKind != 0; }
    /// Whole 8- or 16-bit grey or RGB samples: read here as they are. All else goes through TIFFRGBAImage.
    bool direct() const {
        return (bits == 8 || bits == 16) && (grey() || photometric == PHOTOMETRIC_RGB) &&
               samples >= colourSamples() && samples <= 16;
    }
};

TiffHandle open(TiffMemory& memory, ByteSpan bytes, const DecodeLimits& limits) {
    memory.input = bytes;
    TiffHandle tiff = openTiff(memory, std::max<std::uint64_t>(limits.maxDecodedBytes, 1u << 20));
    if (!tiff) throw Error(ErrorCode::Corrupt, "the TIFF header is damaged (" + memory.firstError + ")");
    return tiff;
}

Layout layoutOf(TIFF* tiff) {
    Layout layout;
    std::uint32_t width = 0, height = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    layout.size = {width, height};
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &layout.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &layout.sampleFormat);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &layout.compression);
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout.photometric))
        layout.photometric = layout.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    std::uint16_t extraCount = 0;
    const std::uint16_t* extra = nullptr;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extraCount, &extra);
    if (extraCount > 0 && layout.samples > layout.colourSamples() && extra[0] != EXTRASAMPLE_UNSPECIFIED)
        layout.alphaKind = extra[0];
    std::uint16_t orientation = 0;
    if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation) && orientation >= 1 && orientation <= 8)
        layout.orientation = orientation;
    std::uint16_t subCount = 0;
    const toff_t* offsets = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_SUBIFD, &subCount, &offsets)) layout.subPictures = subCount;
    return layout;
}

/// Goes to a page (from 1 on); returns how many there are.
int openPage(TIFF* tiff, int page) {
    const int pages = std::max<int>(1, static_cast<int>(TIFFNumberOfDirectories(tiff)));
    checkFrame(page, pages);
    if (page > 1 && !TIFFSetDirectory(tiff, static_cast<tdir_t>(page - 1)))
        throw Error(ErrorCode::Corrupt, fmt::format("page {} of the TIFF file cannot be read", page));
    return pages;
}

std::string colourName(const Layout& layout) {
    std::string name;
    switch (layout.photometric) {
        case PHOTOMETRIC_MINISWHITE:
        case PHOTOMETRIC_MINISBLACK:
            name = "grey";
            break;
        case PHOTOMETRIC_PALETTE:
            name = "palette";
            break;
        case PHOTOMETRIC_SEPARATED:
            name = "cmyk";
            break;
        case PHOTOMETRIC_CIELAB:
        case PHOTOMETRIC_ICCLAB:
        case PHOTOMETRIC_ITULAB:
            name = "lab";
            break;
        default:
            name = "rgb";
            break;
    }
    return layout.alpha() ? name + "+alpha" : name;
}

/// Copies the samples of one decoded row piece into the image: sample first..first+count of each stored
/// pixel to image channels; grey goes to three channels where the image has alpha.
template <typename Sample>
void placeRow(const Layout& layout, const Sample* from, int stored, int firstSample, int pixels, Sample* to,
              int channels) {
    const Sample full = static_cast<Sample>(~Sample{0});
    const Sample flip = layout.photometric == PHOTOMETRIC_MINISWHITE ? full : Sample{0};
    const int colours = layout.colourSamples();
    const int used = std::min(firstSample + stored, colours + (layout.alpha() ? 1 : 0));
    for (int s = firstSample; s < used; ++s) {
        const Sample* source = from + (s - firstSample);
        const bool isAlpha = s == colours;
        const int target = isAlpha ? 3 : s;
        const int copies = colours == 1 && channels == 4 && !isAlpha ? 3 : 1;
        Sample* place = to + target;
        for (int x = 0; x < pixels; ++x, source += stored, place += channels)
            std::fill_n(place, copies, isAlpha ? *source : static_cast<Sample>(*source ^ flip));
    }
}

void place(const Layout& layout, const std::uint8_t* from, int stored, int firstSample, int x, int y,
           int pixels, Image& image) {
    const std::size_t offset =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) *
        static_cast<std::size_t>(image.channels);
    if (image.depth == 16)
        placeRow(layout, reinterpret_cast<const std::uint16_t*>(from), stored, firstSample, pixels,
                 image.samples16() + offset, image.channels);
    else
        placeRow(layout, from, stored, firstSample, pixels, image.data.data() + offset, image.channels);
}

/// Reads strips; returns the first row that could not be read (height when all could).
int readStrips(TIFF* tiff, const Layout& layout, const DecodeLimits& limits, Image& image) {
    std::uint32_t rowsPerStrip = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rowsPerStrip);
    const auto height = static_cast<std::uint32_t>(image.height);
    const std::uint32_t step = std::clamp<std::uint32_t>(rowsPerStrip, 1, height);
    const bool separate = layout.planar == PLANARCONFIG_SEPARATE && layout.samples > 1;
    const int stored = separate ? 1 : layout.samples;
    const int planes = separate ? layout.colourSamples() + (layout.alpha() ? 1 : 0) : 1;
    const std::size_t rowBytes =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(stored * image.depth / 8);
    if (rowBytes != TIFFScanlineSize64(tiff))
        throw Error(ErrorCode::Corrupt, "the TIFF rows contradict their size");
    if (rowBytes * step > limits.maxDecodedBytes)
        throw Error(ErrorCode::TooLarge, "a TIFF strip is over the memory limit");
    std::vector<std::uint8_t> strip;
    reserveLarge(strip, rowBytes * step);
    strip.resize(rowBytes * step);
    std::uint32_t whole = height;
    for (int plane = 0; plane < planes; ++plane)
        for (std::uint32_t y = 0; y < height; y += step) {
            const std::uint32_t rows = std::min(step, height - y);
            const std::uint32_t index = TIFFComputeStrip(tiff, y, static_cast<std::uint16_t>(plane));
            if (TIFFReadEncodedStrip(tiff, index, strip.data(), static_cast<tmsize_t>(rowBytes * rows)) < 0) {
                whole = std::min(whole, y);
                break;
            }
            for (std::uint32_t row = 0; row < rows; ++row)
                place(layout, strip.data() + row * rowBytes, stored, plane, 0, static_cast<int>(y + row),
                      image.width, image);
        }
    return static_cast<int>(whole);
}

/// Reads tiles; returns the first row of the first tile that could not be read (height when all could).
int readTiles(TIFF* tiff, const Layout& layout, const DecodeLimits& limits, Image& image) {
    std::uint32_t tileWidth = 0, tileHeight = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tileWidth);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tileHeight);
    const std::uint64_t tileBytes = TIFFTileSize64(tiff);
    if (tileWidth == 0 || tileHeight == 0 || tileBytes == 0)
        throw Error(ErrorCode::Corrupt, "the TIFF tiles are empty");
    if (tileBytes > limits.maxDecodedBytes)
        throw Error(ErrorCode::TooLarge, "a TIFF tile is over the memory limit");
    const bool separate = layout.planar == PLANARCONFIG_SEPARATE && layout.samples > 1;
    const int stored = separate ? 1 : layout.samples;
    const int planes = separate ? layout.colourSamples() + (layout.alpha() ? 1 : 0) : 1;
    const std::size_t rowBytes =
        static_cast<std::size_t>(tileWidth) * static_cast<std::size_t>(stored * image.depth / 8);
    if (rowBytes * tileHeight > tileBytes)
        throw Error(ErrorCode::Corrupt, "the TIFF tiles contradict their size");
    std::vector<std::uint8_t> tile(tileBytes);
    const auto width = static_cast<std::uint32_t>(image.width),
               height = static_cast<std::uint32_t>(image.height);
    for (int plane = 0; plane < planes; ++plane)
        for (std::uint32_t y = 0; y < height; y += tileHeight)
            for (std::uint32_t x = 0; x < width; x += tileWidth) {
                if (TIFFReadTile(tiff, tile.data(), x, y, 0, static_cast<std::uint16_t>(plane)) < 0)
                    return static_cast<int>(y);
                const int pixels = static_cast<int>(std::min(tileWidth, width - x));
                for (std::uint32_t row = 0; row < std::min(tileHeight, height - y); ++row)
                    place(layout, tile.data() + row * rowBytes, stored, plane, static_cast<int>(x),
                          static_cast<int>(y + row), pixels, image);
            }
    return image.height;
}

/// Straight alpha from premultiplied samples.
template <typename Sample>
void unpremultiply(Sample* samples, std::size_t pixels) {
    const std::uint64_t full = static_cast<Sample>(~Sample{0});
    for (std::size_t i = 0; i < pixels; ++i, samples += 4) {
        const std::uint64_t alpha = samples[3];
        if (alpha == 0 || alpha == full) continue;
        for (int c = 0; c < 3; ++c)
            samples[c] = static_cast<Sample>(std::min(full, (samples[c] * full + alpha / 2) / alpha));
    }
}

void decodeDirect(TIFF* tiff, const TiffMemory& memory, const Layout& layout, const DecodeLimits& limits,
                  Decoded& decoded) {
    const int channels = layout.alpha() ? 4 : layout.colourSamples();
    checkLimits(layout.size, static_cast<std::uint64_t>(channels * layout.bits / 8), limits);
    Image& image = decoded.image;
    image = makeImage(static_cast<int>(layout.size.width), static_cast<int>(layout.size.height), channels,
                      layout.bits);
    const int rows =
        TIFFIsTiled(tiff) ? readTiles(tiff, layout, limits, image) : readStrips(tiff, layout, limits, image);
    if (rows == 0) throw Error(ErrorCode::Corrupt, "the TIFF data is damaged (" + memory.firstError + ")");
    if (rows < image.height) {
        greyFrom(image, rows);
        decoded.info.warnOfDamage(
            fmt::format("the TIFF data is damaged ({}); rows from {} on are grey", memory.firstError, rows));
    } else if (!memory.firstError.empty()) {
        decoded.info.warnOfDamage("the TIFF data is damaged (" + memory.firstError + ")");
    }
    if (layout.alphaKind == EXTRASAMPLE_ASSOCALPHA) {
        if (image.depth == 16)
            unpremultiply(image.samples16(), image.pixelCount());
        else
            unpremultiply(image.data.data(), image.pixelCount());
        decoded.info.warnings.push_back("premultiplied alpha was turned into straight alpha");
    }
}

/// Palette, bilevel, YCbCr, CMYK, Lab and so on: libtiff's own conversion to 8-bit RGB.
void decodeConverted(TIFF* tiff, const TiffMemory& memory, const Layout& layout, const DecodeLimits& limits,
                     Decoded& decoded) {
    char reason[1024] = {};
    if (!TIFFRGBAImageOK(tiff, reason))
        throw Error(ErrorCode::Unsupported, fmt::format("this TIFF variant is not read ({}); save it as an "
                                                        "8- or 16-bit RGB TIFF or as PNG",
                                                        reason));
    const int channels = layout.grey() ? 1 : 3;
    checkLimits(layout.size, 4, limits);
    const std::uint64_t piece = TIFFIsTiled(tiff) ? TIFFTileSize64(tiff) : TIFFScanlineSize64(tiff);
    if (piece > limits.maxDecodedBytes)
        throw Error(ErrorCode::TooLarge, "a TIFF tile is over the memory limit");
    const auto width = static_cast<std::uint32_t>(layout.size.width);
    const auto height = static_cast<std::uint32_t>(layout.size.height);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);  // decode() turns the picture itself
    std::vector<std::uint32_t> raster(static_cast<std::size_t>(layout.size.width * layout.size.height));
    if (!TIFFReadRGBAImageOriented(tiff, width, height, raster.data(), ORIENTATION_TOPLEFT, 1))
        throw Error(ErrorCode::Corrupt, "the TIFF data is damaged (" + memory.firstError + ")");
    decoded.image = makeImage(static_cast<int>(width), static_cast<int>(height), channels);
    std::uint8_t* to = decoded.image.data.data();
    for (const std::uint32_t pixel : raster) {
        *to++ = static_cast<std::uint8_t>(TIFFGetR(pixel));
        if (channels == 1) continue;
        *to++ = static_cast<std::uint8_t>(TIFFGetG(pixel));
        *to++ = static_cast<std::uint8_t>(TIFFGetB(pixel));
    }
    if (layout.bits == 16) decoded.info.warnings.push_back("16-bit samples were rounded to 8 bits");
    if (layout.photometric == PHOTOMETRIC_SEPARATED)
        decoded.info.warnings.push_back(
            "CMYK was turned into RGB by the plain formula; no colour profile was applied");
    if (colourName(layout).starts_with("lab"))
        decoded.info.warnings.push_back("Lab was turned into sRGB; no colour profile was applied");
    if (layout.alpha()) decoded.info.warnings.push_back("the alpha channel was not read");
}

std::string decoderName() {
    const std::string text = TIFFGetVersion();  // "LIBTIFF, Version 4.5.0\nCopyright ..."
    const std::size_t version = text.find("Version ");
    if (version == std::string::npos) return "libtiff";
    return "libtiff " + text.substr(version + 8, text.find('\n') - version - 8);
}

}  // namespace

Stored probeTiff(ByteSpan bytes, int frame) {
    TiffMemory memory;
    const TiffHandle tiff = open(memory, bytes, {});
    const int pages = openPage(tiff.get(), frame);
    const Layout layout = layoutOf(tiff.get());
    return {layout.size, pages, layout.orientation};
}

Decoded decodeTiff(ByteSpan bytes, const DecodeOptions& options) {
    TiffMemory memory;
    const TiffHandle tiff = open(memory, bytes, options.limits);
    const int pages = openPage(tiff.get(), options.frame);
    const Layout layout = layoutOf(tiff.get());
    checkLimits(layout.size, 1, options.limits);
    if (layout.sampleFormat != SAMPLEFORMAT_UINT && layout.sampleFormat != SAMPLEFORMAT_VOID)
        throw Error(ErrorCode::Unsupported,
                    "a TIFF of signed or floating-point samples is not read; save it with 8 or 16 bits");
    Decoded decoded;
    DecodeInfo& info = decoded.info;
    info.decoder = decoderName();
    info.storedWidth = static_cast<int>(layout.size.width);
    info.storedHeight = static_cast<int>(layout.size.height);
    info.bitDepth = layout.bits;
    info.colour = colourName(layout);
    info.orientation = layout.orientation;
    info.frames = pages;
    if (layout.subPictures > 0)
        info.warnings.push_back(
            fmt::format("the page refers to {} more picture{} in sub-directories, not read",
                        layout.subPictures, layout.subPictures == 1 ? "" : "s"));
    if (layout.direct())
        decodeDirect(tiff.get(), memory, layout, options.limits, decoded);
    else
        decodeConverted(tiff.get(), memory, layout, options.limits, decoded);
    return decoded;
}

}  // namespace signet::image::codecs
