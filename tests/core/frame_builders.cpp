#include "tests/core/frame_builders.h"

#include <gif_lib.h>
#include <jxl/encode.h>
#include <libheif/heif.h>
#include <tiffio.h>
#include <unistd.h>
#include <webp/encode.h>
#include <webp/mux.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "core/base/file_io.h"

namespace signet::tests {

using image::Image;

namespace {

void require(bool held, const char* what) {
    if (!held) throw std::runtime_error(what);
}

void append(FileBytes& to, const FileBytes& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void append32(FileBytes& to, std::uint32_t value, bool big = true) {
    for (int i = 0; i < 4; ++i) to.push_back(static_cast<std::uint8_t>(value >> (big ? 24 - 8 * i : 8 * i)));
}

void append16(FileBytes& to, std::uint16_t value, bool big = true) {
    for (int i = 0; i < 2; ++i) to.push_back(static_cast<std::uint8_t>(value >> (big ? 8 - 8 * i : 8 * i)));
}

/// A name for a library that writes files alone; gone with the object.
class ScratchFile {
public:
    ScratchFile() {
        const int fd = ::mkstemp(m_name.data());
        require(fd >= 0, "no scratch file");
        ::close(fd);
    }
    ~ScratchFile() { std::filesystem::remove(m_name); }
    const char* name() const { return m_name.c_str(); }
    FileBytes bytes() const { return readFile(m_name); }

private:
    std::string m_name = (std::filesystem::temp_directory_path() / "signet-test-XXXXXX").string();
};

}  // namespace

Image plain(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    Image picture = image::makeImage(width, height, 3);
    for (std::size_t i = 0; i < picture.pixelCount(); ++i) {
        picture.data[3 * i] = red;
        picture.data[3 * i + 1] = green;
        picture.data[3 * i + 2] = blue;
    }
    return picture;
}

Image fields(int width, int height, int depth) {
    static constexpr std::uint8_t kColours[4][3] = {
        {220, 40, 40}, {40, 200, 60}, {40, 60, 220}, {230, 230, 90}};
    Image picture = image::makeImage(width, height, 3, depth);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c) {
                const std::uint8_t value = kColours[(2 * y >= height ? 2 : 0) + (2 * x >= width ? 1 : 0)][c];
                const auto at = static_cast<std::size_t>((y * width + x) * 3 + c);
                if (depth == 16)
                    picture.samples16()[at] = static_cast<std::uint16_t>(value * 257);
                else
                    picture.data[at] = value;
            }
    return picture;
}

FileBytes mpoFile(const std::vector<FileBytes>& jpegs) {
    const std::size_t entries = 16 * jpegs.size();
    const std::size_t body =
        4 + 8 + 2 + 12 + 4 + entries;      // "MPF\0", header, count, one field, next, entries
    const std::size_t origin = 2 + 4 + 4;  // of offsets: behind SOI, the segment's head and "MPF\0"
    FileBytes index = {'M', 'P', 'F', 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0xB0, 0x02, 0, 7};
    append32(index, static_cast<std::uint32_t>(entries));
    append32(index, 8 + 2 + 12 + 4);
    append32(index, 0);
    std::size_t at = jpegs.front().size() + body + 4;
    for (std::size_t i = 0; i < jpegs.size(); ++i) {
        append32(index, i == 0 ? 0x030000 : 0);
        append32(index, static_cast<std::uint32_t>(i == 0 ? at : jpegs[i].size()));
        append32(index, static_cast<std::uint32_t>(i == 0 ? 0 : at - origin));
        append32(index, 0);
        if (i > 0) at += jpegs[i].size();
    }
    FileBytes file = {0xFF, 0xD8, 0xFF, 0xE2};
    append16(file, static_cast<std::uint16_t>(body + 2));
    append(file, index);
    file.insert(file.end(), jpegs.front().begin() + 2, jpegs.front().end());
    for (std::size_t i = 1; i < jpegs.size(); ++i) append(file, jpegs[i]);
    return file;
}

FileBytes tiffPages(const std::vector<Image>& pages) {
    const ScratchFile file;
    TIFF* tiff = TIFFOpen(file.name(), "w");
    require(tiff != nullptr, "libtiff");
    for (const Image& page : pages) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page.width);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page.height);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, page.height);
        TIFFWriteEncodedStrip(tiff, 0, const_cast<std::uint8_t*>(page.data.data()),
                              static_cast<tmsize_t>(page.data.size()));
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return file.bytes();
}

FileBytes gifFile(int width, int height, const std::vector<Patch>& frames, bool interlaced) {
    const ScratchFile file;
    int error = 0;
    GifFileType* gif = EGifOpenFileName(file.name(), false, &error);
    require(gif != nullptr, "giflib");
    EGifSetGifVersion(gif, true);
    require(EGifPutScreenDesc(gif, width, height, 8, 0, nullptr) == GIF_OK, "giflib: screen");
    for (const Patch& patch : frames) {
        const GraphicsControlBlock control{patch.disposal == 1   ? DISPOSE_BACKGROUND
                                           : patch.disposal == 2 ? DISPOSE_PREVIOUS
                                                                 : DISPOSE_DO_NOT,
                                           false, 10, patch.rgba[3] == 0 ? 0 : NO_TRANSPARENT_COLOR};
        GifByteType extension[4];
        EGifGCBToExtension(&control, extension);
        EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, extension);
        const GifColorType colours[2] = {{patch.rgba[0], patch.rgba[1], patch.rgba[2]}, {0, 0, 0}};
        ColorMapObject* map = GifMakeMapObject(2, colours);
        EGifPutImageDesc(gif, patch.left, patch.top, patch.width, patch.height, interlaced, map);
        GifFreeMapObject(map);
        std::vector<GifPixelType> line(static_cast<std::size_t>(patch.width), 0);
        for (int y = 0; y < patch.height; ++y) EGifPutLine(gif, line.data(), patch.width);
    }
    require(EGifCloseFile(gif, &error) == GIF_OK, "giflib: close");
    return file.bytes();
}

namespace {

FileBytes pixelRows(const Patch& patch) {
    FileBytes rows;
    for (int y = 0; y < patch.height; ++y) {
        rows.push_back(0);
        for (int x = 0; x < patch.width; ++x) rows.insert(rows.end(), patch.rgba, patch.rgba + 4);
    }
    uLongf size = compressBound(rows.size());
    FileBytes packed(size);
    compress(packed.data(), &size, rows.data(), rows.size());
    packed.resize(size);
    return packed;
}

}  // namespace

FileBytes apngFile(int width, int height, const std::vector<Patch>& frames, bool stillIsFrame) {
    FileBytes file = pngHeader(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), 8, 6);
    FileBytes control;
    append32(control, static_cast<std::uint32_t>(frames.size()));
    append32(control, 0);
    append(file, pngChunk("acTL", control));
    std::uint32_t sequence = 0;
    if (!stillIsFrame) {
        Patch still{0, 0, width, height, {1, 2, 3, 255}, 0};
        append(file, pngChunk("IDAT", pixelRows(still)));
    }
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const Patch& patch = frames[i];
        FileBytes frame;
        append32(frame, sequence++);
        for (const int value : {patch.width, patch.height, patch.left, patch.top})
            append32(frame, static_cast<std::uint32_t>(value));
        append16(frame, 1);
        append16(frame, 10);
        frame.push_back(static_cast<std::uint8_t>(patch.disposal));
        frame.push_back(1);  // over what is there
        append(file, pngChunk("fcTL", frame));
        if (i == 0 && stillIsFrame) {
            append(file, pngChunk("IDAT", pixelRows(patch)));
        } else {
            FileBytes data;
            append32(data, sequence++);
            append(data, pixelRows(patch));
            append(file, pngChunk("fdAT", data));
        }
    }
    append(file, pngChunk("IEND", {}));
    return file;
}

FileBytes webpFrames(const std::vector<Image>& frames) {
    WebPAnimEncoderOptions options;
    WebPAnimEncoderOptionsInit(&options);
    WebPAnimEncoder* encoder = WebPAnimEncoderNew(frames[0].width, frames[0].height, &options);
    require(encoder != nullptr, "libwebpmux");
    WebPConfig config;
    WebPConfigInit(&config);
    config.lossless = 1;
    int time = 0;
    for (const Image& frame : frames) {
        WebPPicture picture;
        WebPPictureInit(&picture);
        picture.use_argb = 1;
        picture.width = frame.width;
        picture.height = frame.height;
        WebPPictureImportRGB(&picture, frame.data.data(), 3 * frame.width);
        require(WebPAnimEncoderAdd(encoder, &picture, time, &config) != 0, "libwebpmux: frame");
        WebPPictureFree(&picture);
        time += 100;
    }
    WebPAnimEncoderAdd(encoder, nullptr, time, nullptr);
    WebPData data;
    WebPDataInit(&data);
    require(WebPAnimEncoderAssemble(encoder, &data) != 0, "libwebpmux: assemble");
    FileBytes out(data.bytes, data.bytes + data.size);
    WebPDataClear(&data);
    WebPAnimEncoderDelete(encoder);
    return out;
}

FileBytes heifFile(const std::vector<Image>& pictures, const HeifOptions& options) {
    const auto check = [](const heif_error& error) {
        require(error.code == heif_error_Ok, error.message ? error.message : "libheif");
    };
    heif_context* context = heif_context_alloc();
    heif_encoder* encoder = nullptr;
    check(heif_context_get_encoder_for_format(
        context, options.avif ? heif_compression_AV1 : heif_compression_HEVC, &encoder));
    heif_encoder_set_lossy_quality(encoder, 90);
    heif_encoding_options* how = heif_encoding_options_alloc();
    how->image_orientation = static_cast<heif_orientation>(options.orientation);
    for (const Image& picture : pictures) {
        const bool deep = picture.depth == 16;
        heif_image* pixels = nullptr;
        check(heif_image_create(picture.width, picture.height, heif_colorspace_RGB,
                                deep ? heif_chroma_interleaved_RRGGBB_LE : heif_chroma_interleaved_RGB,
                                &pixels));
        check(heif_image_add_plane(pixels, heif_channel_interleaved, picture.width, picture.height,
                                   deep ? 10 : 8));
        int stride = 0;
        std::uint8_t* plane = heif_image_get_plane(pixels, heif_channel_interleaved, &stride);
        for (int y = 0; y < picture.height; ++y)
            for (int i = 0; i < 3 * picture.width; ++i) {
                const auto at = static_cast<std::size_t>(y * 3 * picture.width + i);
                if (deep) {
                    const int value = picture.samples16()[at] >> 6;
                    plane[y * stride + 2 * i] = static_cast<std::uint8_t>(value);
                    plane[y * stride + 2 * i + 1] = static_cast<std::uint8_t>(value >> 8);
                } else {
                    plane[y * stride + i] = picture.data[at];
                }
            }
        if (!options.profile.empty())
            check(heif_image_set_raw_color_profile(pixels, "prof", options.profile.data(),
                                                   options.profile.size()));
        heif_image_handle* handle = nullptr;
        check(heif_context_encode_image(context, pixels, encoder, how, &handle));
        if (!options.exif.empty())
            check(heif_context_add_exif_metadata(context, handle, options.exif.data(),
                                                 static_cast<int>(options.exif.size())));
        heif_image_handle_release(handle);
        heif_image_release(pixels);
    }
    heif_encoding_options_free(how);
    heif_encoder_release(encoder);
    FileBytes out;
    heif_writer writer{};
    writer.writer_api_version = 1;
    writer.write = [](heif_context*, const void* data, std::size_t size, void* to) {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        static_cast<FileBytes*>(to)->assign(bytes, bytes + size);
        return heif_error{heif_error_Ok, heif_suberror_Unspecified, "written"};
    };
    check(heif_context_write(context, &writer, &out));
    heif_context_free(context);
    return out;
}

FileBytes jxlFile(const std::vector<Image>& frames, int orientation, const FileBytes& exif) {
    JxlEncoder* encoder = JxlEncoderCreate(nullptr);
    require(encoder != nullptr, "libjxl");
    const Image& first = frames.front();
    if (!exif.empty()) JxlEncoderUseBoxes(encoder);
    JxlBasicInfo info;
    JxlEncoderInitBasicInfo(&info);
    info.xsize = static_cast<std::uint32_t>(first.width);
    info.ysize = static_cast<std::uint32_t>(first.height);
    info.bits_per_sample = static_cast<std::uint32_t>(first.depth);
    info.num_color_channels = static_cast<std::uint32_t>(first.channels == 1 ? 1 : 3);
    info.uses_original_profile = JXL_TRUE;
    info.orientation = static_cast<JxlOrientation>(orientation);
    if (frames.size() > 1) {
        info.have_animation = JXL_TRUE;
        info.animation.tps_numerator = 10;
        info.animation.tps_denominator = 1;
    }
    require(JxlEncoderSetBasicInfo(encoder, &info) == JXL_ENC_SUCCESS, "libjxl: info");
    JxlColorEncoding colour{};
    JxlColorEncodingSetToSRGB(&colour, first.channels == 1);
    require(JxlEncoderSetColorEncoding(encoder, &colour) == JXL_ENC_SUCCESS, "libjxl: colour");
    if (!exif.empty()) {
        FileBytes box = {0, 0, 0, 0};
        append(box, exif);
        JxlEncoderAddBox(encoder, "Exif", box.data(), box.size(), JXL_FALSE);
        JxlEncoderCloseBoxes(encoder);
    }
    JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
    JxlEncoderSetFrameLossless(settings, JXL_TRUE);
    for (const Image& frame : frames) {
        if (frames.size() > 1) {
            JxlFrameHeader header;
            JxlEncoderInitFrameHeader(&header);
            header.duration = 1;
            JxlEncoderSetFrameHeader(settings, &header);
        }
        const JxlPixelFormat format{static_cast<std::uint32_t>(frame.channels),
                                    frame.depth == 16 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN,
                                    0};
        require(JxlEncoderAddImageFrame(settings, &format, frame.data.data(), frame.data.size()) ==
                    JXL_ENC_SUCCESS,
                "libjxl: frame");
    }
    JxlEncoderCloseInput(encoder);
    FileBytes out(1 << 20);
    std::uint8_t* next = out.data();
    std::size_t room = out.size();
    require(JxlEncoderProcessOutput(encoder, &next, &room) == JXL_ENC_SUCCESS, "libjxl: output");
    out.resize(out.size() - room);
    JxlEncoderDestroy(encoder);
    return out;
}

namespace {

int sampleAt(const Image& image, int x, int y, int channel) {
    const auto at = static_cast<std::size_t>((y * image.width + x) * image.channels +
                                             (image.channels == 1 ? 0 : channel));
    return image.depth == 16 ? (image.samples16()[at] + 128) / 257 : image.data[at];
}

}  // namespace

std::string colourAt(const Image& image, int x, int y) {
    std::string text;
    for (int c = 0; c < std::max(image.channels, 3); ++c)
        text += (c > 0 ? "," : "") + std::to_string(sampleAt(image, x, y, c));
    return text;
}

bool isColour(const Image& image, int x, int y, int red, int green, int blue, int tolerance) {
    const int wanted[] = {red, green, blue};
    for (int c = 0; c < 3; ++c)
        if (std::abs(sampleAt(image, x, y, c) - wanted[c]) > tolerance) return false;
    return true;
}

}  // namespace signet::tests
