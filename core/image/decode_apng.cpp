#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/image/canvas.h"
#include "core/image/codecs.h"

/// Animated PNG (W3C PNG, third edition, 11.3.3): libpng 1.6 reads the still picture alone, so each further
/// frame is handed to it as a PNG of its own.
namespace signet::image::codecs {
namespace {

constexpr std::uint64_t kMaxDrawnPixels = 2'000'000'000;  ///< of all frames up to the one asked for

std::uint32_t big32(const std::uint8_t* p) {
    return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
           static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

void appendBig32(std::vector<std::uint8_t>& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void appendChunk(std::vector<std::uint8_t>& to, const char* type, ByteSpan body) {
    appendBig32(to, static_cast<std::uint32_t>(body.size()));
    const std::size_t begin = to.size();
    to.insert(to.end(), type, type + 4);
    to.insert(to.end(), body.begin(), body.end());
    const auto crc = crc32(0, to.data() + begin, static_cast<uInt>(to.size() - begin));
    appendBig32(to, static_cast<std::uint32_t>(crc));
}

struct Frame {
    std::uint32_t width = 0, height = 0, left = 0, top = 0;
    int disposal = 0, blend = 0;
    std::vector<ByteSpan> data;
};

struct Animation {
    std::vector<std::uint8_t> header;  ///< signature and the chunks that all frames share, but for IHDR
    ByteSpan ihdr;
    std::vector<Frame> frames;
    bool stillIsFrame = false;
};

Animation readAnimation(ByteSpan bytes) {
    Animation animation;
    bool sawPixels = false, sawControl = false;
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const std::size_t length = big32(bytes.data() + at);
        if (length > bytes.size() - at - 12) break;
        const char* type = reinterpret_cast<const char*>(bytes.data()) + at + 4;
        const ByteSpan body = bytes.subspan(at + 8, length);
        const auto is = [&](const char* name) { return std::memcmp(type, name, 4) == 0; };
        if (is("IHDR")) {
            animation.ihdr = body;
        } else if (is("acTL")) {
            sawControl = true;
        } else if (is("fcTL") && length >= 26) {
            if (!sawPixels) animation.stillIsFrame = true;
            const std::uint8_t* p = body.data() + 4;
            animation.frames.push_back(
                {big32(p), big32(p + 4), big32(p + 8), big32(p + 12), body[24], body[25], {}});
        } else if (is("IDAT")) {
            sawPixels = true;
            if (animation.stillIsFrame) animation.frames.front().data.push_back(body);
        } else if (is("fdAT") && length > 4 && sawPixels && !animation.frames.empty()) {
            animation.frames.back().data.push_back(body.subspan(4));
        } else if (is("PLTE") || is("tRNS")) {
            appendChunk(animation.header, type, body);
        }
        at += 12 + length;
    }
    if (!sawControl) animation.frames.clear();
    return animation;
}

Image decodeFrame(const Animation& animation, const Frame& frame, const DecodeLimits& limits) {
    static constexpr std::uint8_t kSignature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    std::vector<std::uint8_t> file(std::begin(kSignature), std::end(kSignature));
    std::vector<std::uint8_t> ihdr(animation.ihdr.begin(), animation.ihdr.end());
    for (std::size_t i = 0; i < 4; ++i) {
        ihdr[i] = static_cast<std::uint8_t>(frame.width >> (24 - 8 * i));
        ihdr[4 + i] = static_cast<std::uint8_t>(frame.height >> (24 - 8 * i));
    }
    appendChunk(file, "IHDR", ihdr);
    file.insert(file.end(), animation.header.begin(), animation.header.end());
    for (const ByteSpan part : frame.data) appendChunk(file, "IDAT", part);
    appendChunk(file, "IEND", {});
    DecodeOptions options;
    options.limits = limits;
    Decoded decoded = decodePng(file, options);
    if (!decoded.info.warnings.empty()) throw Error(ErrorCode::Corrupt, decoded.info.warnings.front());
    return std::move(decoded.image);
}

/// RGBA of 8 bits of the pixel at index i.
void sample(const Image& image, std::size_t i, std::uint8_t (&out)[4]) {
    const auto at = [&](int channel) {
        const std::size_t n =
            i * static_cast<std::size_t>(image.channels) + static_cast<std::size_t>(channel);
        return image.depth == 16 ? static_cast<std::uint8_t>((image.samples16()[n] * 255u + 32767u) / 65535u)
                                 : image.data[n];
    };
    for (int c = 0; c < 3; ++c) out[c] = at(image.channels == 1 ? 0 : c);
    out[3] = image.channels == 4 ? at(3) : 255;
}

/// The frame over (straight alpha) or in place of what is there.
void draw(const Image& picture, const Frame& frame, Canvas& canvas) {
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            std::uint8_t* to =
                canvas.pixel(static_cast<int>(frame.left) + x, static_cast<int>(frame.top) + y);
            if (!to) continue;
            std::uint8_t from[4];
            sample(picture,
                   static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                       static_cast<std::size_t>(x),
                   from);
            if (frame.blend == 0 || from[3] == 255) {
                std::copy(from, from + 4, to);
            } else if (from[3] != 0) {
                const unsigned above = from[3] * 255u, below = to[3] * (255u - from[3]), sum = above + below;
                for (int c = 0; c < 3; ++c)
                    to[c] = static_cast<std::uint8_t>((from[c] * above + to[c] * below + sum / 2) / sum);
                to[3] = static_cast<std::uint8_t>((sum + 127) / 255);
            }
        }
}

}  // namespace

int pngFrames(ByteSpan bytes) {
    const Animation animation = readAnimation(bytes);
    if (animation.frames.empty()) return 1;
    return static_cast<int>(animation.frames.size()) + (animation.stillIsFrame ? 0 : 1);
}

Decoded decodeApngFrame(ByteSpan bytes, const DecodeOptions& options) {
    const Animation animation = readAnimation(bytes);
    if (animation.ihdr.size() < 13) throw Error(ErrorCode::Corrupt, "the PNG has no header");
    const Size size{big32(animation.ihdr.data()), big32(animation.ihdr.data() + 4)};
    checkLimits(size, 8, options.limits);
    Canvas canvas(static_cast<int>(size.width), static_cast<int>(size.height));
    const std::size_t last = static_cast<std::size_t>(options.frame) - (animation.stillIsFrame ? 1 : 2);
    std::uint64_t drawn = 0;
    for (std::size_t i = 0; i <= last; ++i) {
        const Frame& frame = animation.frames.at(i);
        if (frame.left > size.width || frame.top > size.height || frame.width > size.width - frame.left ||
            frame.height > size.height - frame.top)
            throw Error(ErrorCode::Corrupt, "a frame of the PNG lies outside the picture");
        drawn += static_cast<std::uint64_t>(frame.width) * frame.height;
        if (drawn > kMaxDrawnPixels)
            throw Error(ErrorCode::TooLarge,
                        fmt::format("the frames of the PNG up to {} are over the limit of "
                                    "{} million pixels",
                                    options.frame, kMaxDrawnPixels / 1'000'000));
        const bool takesBackFirst = frame.disposal == 2 && i == 0;  // the standard: as if cleared
        canvas.begin({static_cast<int>(frame.left), static_cast<int>(frame.top),
                      static_cast<int>(frame.width), static_cast<int>(frame.height)},
                     frame.disposal == 1 || takesBackFirst ? Canvas::After::Clear
                     : frame.disposal == 2                 ? Canvas::After::Restore
                                                           : Canvas::After::Keep);
        draw(decodeFrame(animation, frame, options.limits), frame, canvas);
    }
    Decoded decoded;
    decoded.image = canvas.finish();
    if (animation.ihdr[8] == 16) decoded.info.warnings.push_back("16-bit samples were rounded to 8 bits");
    return decoded;
}

}  // namespace signet::image::codecs
