#include <fmt/format.h>
#include <jxl/decode.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/base/error.h"
#include "core/image/codecs.h"

namespace signet::image::codecs {
namespace {

constexpr std::size_t kMaxWorkingBytes = std::size_t{3} << 29;  ///< that libjxl may hold at once
constexpr std::size_t kMaxBoxBytes = 32u << 20;
constexpr std::size_t kMaxFrames = 100'000;

/// What libjxl holds, with a limit: a small file may ask for any amount of memory.
class Memory {
public:
    JxlMemoryManager manager() { return {this, allocate, release}; }

private:
    static constexpr std::size_t kHead = alignof(std::max_align_t);
    static void* allocate(void* self, std::size_t size) {
        auto& memory = *static_cast<Memory*>(self);
        if (size > kMaxWorkingBytes - std::min(memory.m_held, kMaxWorkingBytes)) return nullptr;
        void* block = std::malloc(size + kHead);
        if (!block) return nullptr;
        *static_cast<std::size_t*>(block) = size;
        memory.m_held += size;
        return static_cast<char*>(block) + kHead;
    }
    static void release(void* self, void* address) {
        if (!address) return;
        void* block = static_cast<char*>(address) - kHead;
        static_cast<Memory*>(self)->m_held -= *static_cast<std::size_t*>(block);
        std::free(block);
    }
    std::size_t m_held = 0;
};

[[noreturn]] void damaged() {
    throw Error(ErrorCode::Corrupt, "the JPEG XL data is damaged or ends early");
}

class Reader {
public:
    Reader(ByteSpan bytes, int events) {
        const JxlMemoryManager manager = m_memory.manager();
        m_decoder.reset(JxlDecoderCreate(&manager));
        if (!m_decoder)
            throw Error(ErrorCode::TooLarge, "there is not enough memory to read the JPEG XL file");
        JxlDecoderSubscribeEvents(m_decoder.get(), events);
        JxlDecoderSetKeepOrientation(m_decoder.get(), JXL_TRUE);  // decode() turns the picture itself
        JxlDecoderSetUnpremultiplyAlpha(m_decoder.get(), JXL_TRUE);
        JxlDecoderSetDecompressBoxes(m_decoder.get(), JXL_TRUE);
        JxlDecoderSetInput(m_decoder.get(), bytes.data(), bytes.size());
        JxlDecoderCloseInput(m_decoder.get());
    }

    JxlDecoder* get() { return m_decoder.get(); }
    JxlDecoderStatus next() { return JxlDecoderProcessInput(m_decoder.get()); }

    /// Throws where the next event is another.
    void expect(JxlDecoderStatus event) {
        if (next() != event) damaged();
    }
    JxlBasicInfo basicInfo() {
        JxlBasicInfo info;
        if (JxlDecoderGetBasicInfo(m_decoder.get(), &info) != JXL_DEC_SUCCESS) damaged();
        return info;
    }

private:
    struct Closer {
        void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
    };
    Memory m_memory;
    std::unique_ptr<JxlDecoder, Closer> m_decoder;
};

int countFrames(ByteSpan bytes) {
    Reader reader(bytes, JXL_DEC_FRAME);
    std::size_t frames = 0;
    while (frames < kMaxFrames && reader.next() == JXL_DEC_FRAME) ++frames;
    return static_cast<int>(std::max<std::size_t>(frames, 1));
}

Stored storedOf(const JxlBasicInfo& basic, ByteSpan bytes) {
    return {{basic.xsize, basic.ysize},
            basic.have_animation ? countFrames(bytes) : 1,
            static_cast<int>(basic.orientation)};
}

/// The profile of the pixels as they come out; nothing for sRGB, which pixels without one are taken for.
std::vector<std::uint8_t> profileOf(JxlDecoder* decoder) {
    JxlColorEncoding encoding;
    if (JxlDecoderGetColorAsEncodedProfile(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA, &encoding) ==
            JXL_DEC_SUCCESS &&
        encoding.white_point == JXL_WHITE_POINT_D65 && encoding.primaries == JXL_PRIMARIES_SRGB &&
        encoding.transfer_function == JXL_TRANSFER_FUNCTION_SRGB)
        return {};
    std::size_t size = 0;
    if (JxlDecoderGetICCProfileSize(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA, &size) !=
            JXL_DEC_SUCCESS ||
        size > kMaxBoxBytes)
        return {};
    std::vector<std::uint8_t> profile(size);
    if (JxlDecoderGetColorAsICCProfile(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA, profile.data(),
                                       size) != JXL_DEC_SUCCESS)
        profile.clear();
    return profile;
}

/// The content of the box whose event was the last one; the event that ended it goes to status.
std::vector<std::uint8_t> boxContent(Reader& reader, JxlDecoderStatus& status) {
    std::vector<std::uint8_t> content(std::size_t{64} * 1024);
    std::size_t filled = 0;
    JxlDecoderSetBoxBuffer(reader.get(), content.data(), content.size());
    while ((status = reader.next()) == JXL_DEC_BOX_NEED_MORE_OUTPUT && content.size() < kMaxBoxBytes) {
        filled = content.size() - JxlDecoderReleaseBoxBuffer(reader.get());
        content.resize(2 * content.size());
        JxlDecoderSetBoxBuffer(reader.get(), content.data() + filled, content.size() - filled);
    }
    content.resize(content.size() - JxlDecoderReleaseBoxBuffer(reader.get()));
    return content;
}

}  // namespace

Stored probeJxl(ByteSpan bytes, int frame) {
    Reader reader(bytes, JXL_DEC_BASIC_INFO);
    reader.expect(JXL_DEC_BASIC_INFO);
    const Stored stored = storedOf(reader.basicInfo(), bytes);
    checkFrame(frame, stored.frames);
    return stored;
}

Decoded decodeJxl(ByteSpan bytes, const DecodeOptions& options) {
    Reader reader(bytes, JXL_DEC_BASIC_INFO | JXL_DEC_FULL_IMAGE);
    reader.expect(JXL_DEC_BASIC_INFO);
    const JxlBasicInfo basic = reader.basicInfo();
    const bool alpha = basic.alpha_bits > 0;
    const int channels = alpha ? 4 : basic.num_color_channels == 1 ? 1 : 3;
    const int depth = basic.bits_per_sample > 8 ? 16 : 8;
    const std::uint64_t bytesPerPixel = static_cast<std::uint64_t>(channels * depth / 8);
    checkLimits({basic.xsize, basic.ysize}, bytesPerPixel, options.limits);
    const Stored stored = storedOf(basic, bytes);
    checkFrame(options.frame, stored.frames);

    Decoded decoded;
    DecodeInfo& info = decoded.info;
    const std::uint32_t version = JxlDecoderVersion();
    info.decoder = fmt::format("libjxl {}.{}.{}", version / 1'000'000, version / 1000 % 1000, version % 1000);
    info.storedWidth = static_cast<int>(basic.xsize);
    info.storedHeight = static_cast<int>(basic.ysize);
    info.bitDepth = static_cast<int>(basic.bits_per_sample);
    info.colour = std::string(basic.num_color_channels == 1 ? "grey" : "rgb") + (alpha ? "+alpha" : "");
    info.frames = stored.frames;
    info.orientation = *stored.orientation;
    if (basic.exponent_bits_per_sample > 0)
        info.warnings.push_back("floating-point samples were rounded to 16 bits");

    JxlDecoderSkipFrames(reader.get(), static_cast<std::size_t>(options.frame - 1));
    reader.expect(JXL_DEC_NEED_IMAGE_OUT_BUFFER);
    decoded.image = makeImage(info.storedWidth, info.storedHeight, channels, depth);
    const JxlPixelFormat format{static_cast<std::uint32_t>(channels),
                                depth == 16 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
    std::size_t size = 0;
    if (JxlDecoderImageOutBufferSize(reader.get(), &format, &size) != JXL_DEC_SUCCESS ||
        size != decoded.image.data.size() ||
        JxlDecoderSetImageOutBuffer(reader.get(), &format, decoded.image.data.data(), size) !=
            JXL_DEC_SUCCESS)
        throw Error(ErrorCode::Unsupported, "this JPEG XL variant is not read; save it as PNG and try again");
    reader.expect(JXL_DEC_FULL_IMAGE);
    return decoded;
}

MetadataBlocks readJxlMetadata(ByteSpan bytes) {
    Reader reader(bytes, JXL_DEC_BOX | JXL_DEC_COLOR_ENCODING);
    MetadataBlocks blocks;
    JxlDecoderStatus status = reader.next();
    while (status == JXL_DEC_BOX || status == JXL_DEC_COLOR_ENCODING) {
        if (status == JXL_DEC_COLOR_ENCODING) {
            blocks.profile = profileOf(reader.get());
            status = reader.next();
            continue;
        }
        JxlBoxType type{};
        JxlDecoderGetBoxType(reader.get(), type, JXL_TRUE);
        const std::string_view name(type, sizeof type);
        if (name == "Exif") {
            blocks.exif = boxContent(reader, status);  // 4 bytes say where the TIFF structure begins: at 0
            blocks.exif.erase(blocks.exif.begin(),
                              blocks.exif.begin() + std::min<std::ptrdiff_t>(
                                                        4, static_cast<std::ptrdiff_t>(blocks.exif.size())));
        } else if (name == "xml ") {
            blocks.xmp = boxContent(reader, status);
        } else {
            status = reader.next();
        }
    }
    return blocks;
}

}  // namespace signet::image::codecs
