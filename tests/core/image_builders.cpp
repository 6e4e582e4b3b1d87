#include "tests/core/image_builders.h"

#include <jpeglib.h>
#include <webp/mux.h>
#include <zlib.h>
#include <exiv2/exiv2.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>

#include "core/image/encode.h"

namespace signet::tests {

using image::Format;
using image::Image;

Image makePicture(int width, int height, int channels, int depth, unsigned seed) {
    Image picture = image::makeImage(width, height, channels, depth);
    std::mt19937 random(seed);
    const double full = depth == 16 ? 65535 : 255;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < channels; ++c) {
                const double wave = 0.5 + 0.35 * std::sin(0.07 * x + 0.05 * y + c + seed);
                const double noise = (static_cast<double>(random() % 1000) / 1000.0 - 0.5) * 0.06;
                const double value = std::clamp(wave + noise, 0.0, 1.0) * full;
                const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                        static_cast<std::size_t>(x)) *
                                           static_cast<std::size_t>(channels) +
                                       static_cast<std::size_t>(c);
                if (depth == 16)
                    picture.samples16()[at] = static_cast<std::uint16_t>(value);
                else
                    picture.data[at] = static_cast<std::uint8_t>(value);
            }
    return picture;
}

namespace {

void append(FileBytes& to, const FileBytes& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void appendBig32(FileBytes& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

FileBytes insertedAt(const FileBytes& file, std::size_t at, const FileBytes& more) {
    FileBytes out = file;
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
    return out;
}

FileBytes webpWithExif(const FileBytes& file, const FileBytes& exif) {
    const WebPData data{file.data(), file.size()}, chunk{exif.data(), exif.size()};
    WebPMux* mux = WebPMuxCreate(&data, 1);
    WebPMuxSetChunk(mux, "EXIF", &chunk, 1);
    WebPData assembled{};
    WebPMuxAssemble(mux, &assembled);
    FileBytes out(assembled.bytes, assembled.bytes + assembled.size);
    WebPDataClear(&assembled);
    WebPMuxDelete(mux);
    return out;
}

/// Sets the value of the orientation entry in a little-endian classic TIFF.
FileBytes tiffWithOrientation(FileBytes file, int orientation) {
    const auto read = [&](std::size_t at, int bytes) {
        std::uint32_t value = 0;
        for (int i = bytes - 1; i >= 0; --i) value = value << 8 | file[at + static_cast<std::size_t>(i)];
        return value;
    };
    const std::size_t directory = read(4, 4);
    for (std::size_t i = 0; i < read(directory, 2); ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (read(entry, 2) == 0x0112) file[entry + 8] = static_cast<std::uint8_t>(orientation);
    }
    return file;
}

}  // namespace

FileBytes encoded(const Image& picture, Format format, int quality) {
    image::EncodeOptions options;
    options.format = format;
    options.quality = quality;
    return image::encode(picture, options);
}

FileBytes exifWithOrientation(int orientation, bool bigEndian) {
    const auto value = static_cast<std::uint8_t>(orientation);
    if (bigEndian)
        return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0};
    return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0};
}

FileBytes withOrientation(const FileBytes& file, Format format, int orientation) {
    const FileBytes exif = exifWithOrientation(orientation, orientation % 2 == 0);
    switch (format) {
        case Format::Jpeg: {
            const std::size_t length = 2 + 6 + exif.size();
            FileBytes segment = {0xFF,
                                 0xE1,
                                 static_cast<std::uint8_t>(length >> 8),
                                 static_cast<std::uint8_t>(length),
                                 'E',
                                 'x',
                                 'i',
                                 'f',
                                 0,
                                 0};
            append(segment, exif);
            return insertedAt(file, 2, segment);
        }
        case Format::Png:
            return withPngChunk(file, "eXIf", exif);
        case Format::WebP:
            return webpWithExif(file, exif);
        case Format::Tiff:
            return tiffWithOrientation(file, orientation);
        default:
            break;
    }
    return file;
}

FileBytes withMetadata(const FileBytes& file, const std::vector<std::pair<std::string, std::string>>& entries,
                       const FileBytes& thumbnail) {
    auto target = Exiv2::ImageFactory::open(file.data(), static_cast<long>(file.size()));
    target->readMetadata();
    for (const auto& [key, value] : entries) {
        if (key.starts_with("Exif.")) target->exifData()[key] = value;
        if (key.starts_with("Iptc.")) target->iptcData()[key] = value;
        if (key.starts_with("Xmp.")) target->xmpData()[key] = value;
    }
    if (!thumbnail.empty())
        Exiv2::ExifThumb(target->exifData())
            .setJpegThumbnail(thumbnail.data(), static_cast<long>(thumbnail.size()));
    target->writeMetadata();
    target->io().open();
    FileBytes out(target->io().size());
    target->io().read(out.data(), static_cast<long>(out.size()));
    return out;
}

FileBytes withPngChunk(const FileBytes& png, const char* type, const FileBytes& body) {
    return insertedAt(png, 8 + 25, pngChunk(type, body));
}

FileBytes pngChunk(const char* type, const FileBytes& body) {
    FileBytes chunk;
    appendBig32(chunk, static_cast<std::uint32_t>(body.size()));
    for (int i = 0; i < 4; ++i) chunk.push_back(static_cast<std::uint8_t>(type[i]));
    append(chunk, body);
    appendBig32(chunk, static_cast<std::uint32_t>(
                           crc32(0, chunk.data() + 4, static_cast<unsigned>(chunk.size() - 4))));
    return chunk;
}

FileBytes pngHeader(std::uint32_t width, std::uint32_t height, int bitDepth, int colourType) {
    FileBytes out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    FileBytes body;
    appendBig32(body, width);
    appendBig32(body, height);
    append(body, {static_cast<std::uint8_t>(bitDepth), static_cast<std::uint8_t>(colourType), 0, 0, 0});
    append(out, pngChunk("IHDR", body));
    return out;
}

FileBytes pngFile(std::uint32_t width, std::uint32_t height, int bitDepth, int colourType,
                  const std::vector<FileBytes>& chunksBeforePixels, const FileBytes& filteredRows) {
    FileBytes out = pngHeader(width, height, bitDepth, colourType);
    for (const FileBytes& chunk : chunksBeforePixels) append(out, chunk);
    uLongf size = compressBound(filteredRows.size());
    FileBytes packed(size);
    compress2(packed.data(), &size, filteredRows.data(), filteredRows.size(), 6);
    packed.resize(size);
    append(out, pngChunk("IDAT", packed));
    append(out, pngChunk("IEND", {}));
    return out;
}

namespace {

/// Rows of 8-bit samples as a JPEG; setUp is called before the first row, with the library's defaults set.
FileBytes jpegFile(const Image& picture, J_COLOR_SPACE space,
                   const std::function<void(jpeg_compress_struct&)>& setUp) {
    jpeg_compress_struct cinfo{};
    jpeg_error_mgr errors;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&cinfo, &memory, &size);
    cinfo.image_width = static_cast<JDIMENSION>(picture.width);
    cinfo.image_height = static_cast<JDIMENSION>(picture.height);
    cinfo.input_components = picture.channels;
    cinfo.in_color_space = space;
    jpeg_set_defaults(&cinfo);
    setUp(cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    FileBytes row(static_cast<std::size_t>(picture.width * picture.channels));
    for (int y = 0; y < picture.height; ++y) {
        std::copy_n(picture.data.data() + static_cast<std::size_t>(y) * row.size(), row.size(), row.begin());
        JSAMPROW rows[] = {row.data()};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    FileBytes out(memory, memory + size);
    jpeg_destroy_compress(&cinfo);
    std::free(memory);
    return out;
}

}  // namespace

FileBytes cmykJpeg(int width, int height, const std::uint8_t (&colour)[4], bool ycck, bool adobe) {
    Image picture = image::makeImage(width, height, 4);
    for (std::size_t i = 0; i < picture.data.size(); ++i) picture.data[i] = colour[i % 4];
    return jpegFile(picture, JCS_CMYK, [&](jpeg_compress_struct& cinfo) {
        jpeg_set_colorspace(&cinfo, ycck ? JCS_YCCK : JCS_CMYK);
        jpeg_set_quality(&cinfo, 100, TRUE);
        cinfo.write_Adobe_marker = adobe ? TRUE : FALSE;
    });
}

FileBytes progressiveJpeg(int width, int height, int repeatsOfLastScan) {
    FileBytes out = jpegFile(makePicture(width, height, 3), JCS_RGB,
                             [](jpeg_compress_struct& cinfo) { jpeg_simple_progression(&cinfo); });
    std::size_t lastScan = out.size();
    while (lastScan-- > 1)
        if (out[lastScan] == 0xFF && out[lastScan + 1] == 0xDA) break;
    const FileBytes scan(out.begin() + static_cast<std::ptrdiff_t>(lastScan), out.end() - 2);
    for (int i = 0; i < repeatsOfLastScan; ++i) out.insert(out.end() - 2, scan.begin(), scan.end());
    return out;
}

FileBytes bytesOf(std::string_view text) {
    return {text.begin(), text.end()};
}

FileBytes joined(FileBytes a, const FileBytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::string valueOf(const image::Metadata& metadata, const std::string& key) {
    for (const image::MetadataEntry& entry : metadata.entries)
        if (entry.key == key) return entry.value;
    return "(none)";
}

std::string codeOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return nameOf(error.code());
    }
    return "no error";
}

std::string nameOf(ErrorCode code) {
    return std::string(toString(code));
}

double largestDifference(const Image& a, const Image& b) {
    if (a.width != b.width || a.height != b.height || a.channels != b.channels || a.depth != b.depth ||
        a.data.size() != b.data.size())
        return 1e9;
    double largest = 0;
    for (std::size_t i = 0; i < a.sampleCount(); ++i) {
        const double difference = a.depth == 16
                                      ? std::abs(double(a.samples16()[i]) - double(b.samples16()[i]))
                                      : std::abs(double(a.data[i]) - double(b.data[i]));
        largest = std::max(largest, difference);
    }
    return largest;
}

}  // namespace signet::tests
