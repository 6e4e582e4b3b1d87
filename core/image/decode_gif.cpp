#include <fmt/format.h>
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "core/base/error.h"
#include "core/image/canvas.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

constexpr std::uint64_t kMaxDrawnPixels = 2'000'000'000;  ///< of all frames up to the one asked for

struct Source {
    ByteSpan bytes;
    std::size_t at = 0;
};

int readBytes(GifFileType* gif, GifByteType* to, int count) {
    auto& source = *static_cast<Source*>(gif->UserData);
    const std::size_t size = std::min(static_cast<std::size_t>(count), source.bytes.size() - source.at);
    std::memcpy(to, source.bytes.data() + source.at, size);
    source.at += size;
    return static_cast<int>(size);
}

struct Closer {
    void operator()(GifFileType* gif) const {
        int ignored = 0;
        DGifCloseFile(gif, &ignored);
    }
};
using Gif = std::unique_ptr<GifFileType, Closer>;

std::string reasonOf(int error) {
    const char* text = GifErrorString(error);
    return text ? text : "the file ends early";
}

Gif open(Source& source) {
    int error = 0;
    Gif gif(DGifOpen(&source, readBytes, &error));
    if (!gif) throw Error(ErrorCode::Corrupt, "the GIF header is damaged (" + reasonOf(error) + ")");
    return gif;
}

/// Reads up to the next frame, whose header is in gif.Image then; graphics: the control block before it.
/// False at the end, or where the file cannot be read on.
bool nextFrame(GifFileType& gif, GraphicsControlBlock& graphics) {
    graphics = {DISPOSAL_UNSPECIFIED, false, 0, NO_TRANSPARENT_COLOR};
    for (;;) {
        GifRecordType record = UNDEFINED_RECORD_TYPE;
        if (DGifGetRecordType(&gif, &record) != GIF_OK || record == TERMINATE_RECORD_TYPE) return false;
        if (record == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(&gif) == GIF_OK;
        if (record != EXTENSION_RECORD_TYPE) continue;
        int code = 0;
        GifByteType* block = nullptr;
        if (DGifGetExtension(&gif, &code, &block) != GIF_OK) return false;
        if (block && code == GRAPHICS_EXT_FUNC_CODE) DGifExtensionToGCB(block[0], block + 1, &graphics);
        while (block)
            if (DGifGetExtensionNext(&gif, &block) != GIF_OK) return false;
    }
}

bool skipPixels(GifFileType& gif) {
    int codeSize = 0;
    GifByteType* block = nullptr;
    if (DGifGetCode(&gif, &codeSize, &block) != GIF_OK) return false;
    while (block)
        if (DGifGetCodeNext(&gif, &block) != GIF_OK) return false;
    return true;
}

Size sizeOf(const GifFileType& gif) {
    return {static_cast<std::uint64_t>(std::max<GifWord>(gif.SWidth, 0)),
            static_cast<std::uint64_t>(std::max<GifWord>(gif.SHeight, 0))};
}

int countFrames(ByteSpan bytes) {
    Source source{bytes};
    const Gif gif = open(source);
    GraphicsControlBlock graphics;
    int frames = 0;
    while (nextFrame(*gif, graphics)) {
        ++frames;
        if (!skipPixels(*gif)) break;
    }
    return std::max(frames, 1);
}

Canvas::After after(int disposal) {
    return disposal == DISPOSE_BACKGROUND ? Canvas::After::Clear
           : disposal == DISPOSE_PREVIOUS ? Canvas::After::Restore
                                          : Canvas::After::Keep;
}

/// Draws the frame whose header was read; returns how many of its rows could be.
int drawFrame(GifFileType& gif, const GraphicsControlBlock& graphics, Canvas& canvas) {
    const GifImageDesc& frame = gif.Image;
    const ColorMapObject* colours = frame.ColorMap ? frame.ColorMap : gif.SColorMap;
    canvas.begin({frame.Left, frame.Top, frame.Width, frame.Height}, after(graphics.DisposalMode));
    std::vector<GifPixelType> line(static_cast<std::size_t>(frame.Width));
    static constexpr int kStarts[] = {0, 4, 2, 1}, kSteps[] = {8, 8, 4, 2};
    int rows = 0;
    for (int pass = 0; pass < (frame.Interlace ? 4 : 1); ++pass)
        for (int y = frame.Interlace ? kStarts[pass] : 0; y < frame.Height;
             y += frame.Interlace ? kSteps[pass] : 1, ++rows) {
            if (DGifGetLine(&gif, line.data(), frame.Width) != GIF_OK) return rows;
            for (int x = 0; x < frame.Width; ++x) {
                const int index = line[static_cast<std::size_t>(x)];
                std::uint8_t* to = canvas.pixel(frame.Left + x, frame.Top + y);
                if (!to || index == graphics.TransparentColor) continue;
                const GifColorType colour =
                    colours && index < colours->ColorCount ? colours->Colors[index] : GifColorType{0, 0, 0};
                to[0] = colour.Red;
                to[1] = colour.Green;
                to[2] = colour.Blue;
                to[3] = 255;
            }
        }
    return rows;
}

/// Rows of a frame that could not be read become grey where those before them stand above.
void greyRest(const GifImageDesc& frame, int rows, Canvas& canvas) {
    if (frame.Interlace) return;
    for (int y = rows; y < frame.Height; ++y)
        for (int x = 0; x < frame.Width; ++x)
            if (std::uint8_t* to = canvas.pixel(frame.Left + x, frame.Top + y)) {
                std::fill(to, to + 3, std::uint8_t{128});
                to[3] = 255;
            }
}

}  // namespace

Stored probeGif(ByteSpan bytes, int frame) {
    Source source{bytes};
    const Gif gif = open(source);
    const Stored stored{sizeOf(*gif), countFrames(bytes), {}};
    checkFrame(frame, stored.frames);
    return stored;
}

Decoded decodeGif(ByteSpan bytes, const DecodeOptions& options) {
    const int frames = countFrames(bytes);
    checkFrame(options.frame, frames);
    Source source{bytes};
    const Gif gif = open(source);
    constexpr std::uint64_t kBytesAPixel = 8;  // the canvas, and a copy of it for frames that are taken back
    checkLimits(sizeOf(*gif), kBytesAPixel, options.limits);
    Decoded decoded;
    DecodeInfo& info = decoded.info;
    info.decoder = fmt::format("giflib {}.{}.{}", GIFLIB_MAJOR, GIFLIB_MINOR, GIFLIB_RELEASE);
    info.storedWidth = gif->SWidth;
    info.storedHeight = gif->SHeight;
    info.frames = frames;
    info.frame = options.frame;
    Canvas canvas(gif->SWidth, gif->SHeight);
    std::uint64_t drawn = 0;
    for (int number = 1; number <= options.frame; ++number) {
        GraphicsControlBlock graphics;
        if (!nextFrame(*gif, graphics))
            throw Error(ErrorCode::Corrupt, "the GIF data is damaged (" + reasonOf(gif->Error) + ")");
        const GifImageDesc& frame = gif->Image;
        if (frame.Width <= 0 || frame.Height <= 0)
            throw Error(ErrorCode::Corrupt, "a frame of the GIF is empty");
        drawn += static_cast<std::uint64_t>(frame.Width) * static_cast<std::uint64_t>(frame.Height);
        if (drawn > kMaxDrawnPixels)
            throw Error(ErrorCode::TooLarge,
                        fmt::format("the frames of the GIF up to {} are over the limit of "
                                    "{} million pixels",
                                    number, kMaxDrawnPixels / 1'000'000));
        const int rows = drawFrame(*gif, graphics, canvas);
        if (rows == frame.Height) continue;
        if (number < options.frame || rows == 0)
            throw Error(ErrorCode::Corrupt, "the GIF data is damaged (" + reasonOf(gif->Error) + ")");
        greyRest(frame, rows, canvas);
        info.warnOfDamage(fmt::format("the GIF data is damaged ({}); {} of {} rows could be read",
                                      reasonOf(gif->Error), rows, frame.Height));
    }
    decoded.image = canvas.finish();
    info.colour = decoded.image.channels == 4 ? "palette+alpha" : "palette";
    return decoded;
}

}  // namespace signet::image::codecs
