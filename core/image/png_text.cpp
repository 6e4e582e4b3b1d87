#include "core/image/png_text.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/base/text.h"

namespace signet::image {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kChunkFrame = 12;  ///< length, type, CRC
constexpr std::size_t kMaxTextBytes = 8192;

std::uint32_t big32(ByteSpan bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

/// The bytes before the next 0, which is taken, too.
std::string takeUntilZero(ByteSpan& bytes) {
    const auto zero = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
    std::string text(bytes.begin(), zero);
    bytes = bytes.subspan(std::min(text.size() + 1, bytes.size()));
    return text;
}

std::string plain(ByteSpan bytes) {
    return {bytes.begin(),
            bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), kMaxTextBytes))};
}

/// At most the first kMaxTextBytes of a zlib stream; what came before an error.
std::string inflated(ByteSpan bytes) {
    std::string out(kMaxTextBytes, '\0');
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return {};
    stream.next_in = const_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    inflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    inflateEnd(&stream);
    return out;
}

std::string inUtf8(const std::string& text) {
    std::string valid = toUtf8(text);
    if (valid == text || text.size() >= kMaxTextBytes) return valid;  // cut text may end within a character
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | byte >> 6);
            out += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return out;
}

/// The text after the keyword of a chunk of this type.
std::string textOf(const char* type, ByteSpan body) {
    if (std::memcmp(type, "tEXt", 4) == 0) return plain(body);
    if (body.empty()) return {};
    if (std::memcmp(type, "zTXt", 4) == 0) return inflated(body.subspan(1));
    if (body.size() < 2) return {};
    const bool compressed = body[0] == 1;
    body = body.subspan(2);
    takeUntilZero(body);  // language
    takeUntilZero(body);  // translated keyword
    return compressed ? inflated(body) : plain(body);
}

bool isOthers(const std::string& keyword) {
    return keyword.starts_with("Raw profile type") || keyword == "XML:com.adobe.xmp";
}

/// Calls each(type, keyword, body, chunk) for the text chunks that hold no other metadata; each says false to
/// stop.
template <typename Each>
void eachText(ByteSpan file, Each each) {
    for (std::size_t at = kSignatureBytes; at + kChunkFrame <= file.size();) {
        const std::size_t length = big32(file, at);
        if (length > file.size() - at - kChunkFrame) break;
        const char* type = reinterpret_cast<const char*>(file.data()) + at + 4;
        const bool isText = std::memcmp(type, "tEXt", 4) == 0 || std::memcmp(type, "zTXt", 4) == 0 ||
                            std::memcmp(type, "iTXt", 4) == 0;
        if (isText) {
            ByteSpan body = file.subspan(at + 8, length);
            const std::string keyword = inUtf8(takeUntilZero(body));
            if (!isOthers(keyword) && !each(type, keyword, body, file.subspan(at, kChunkFrame + length)))
                return;
        }
        at += kChunkFrame + length;
    }
}

}  // namespace

std::vector<MetadataEntry> readPngText(ByteSpan file, std::size_t maxEntries) {
    std::vector<MetadataEntry> entries;
    eachText(file, [&](const char* type, const std::string& keyword, ByteSpan body, ByteSpan) {
        if (entries.size() < maxEntries)
            entries.push_back({"PNG", "Png.Text." + keyword, inUtf8(textOf(type, body))});
        return entries.size() < maxEntries;
    });
    return entries;
}

std::vector<ByteSpan> pngTextChunks(ByteSpan file) {
    std::vector<ByteSpan> chunks;
    if (file.size() < kSignatureBytes || std::memcmp(file.data() + 1, "PNG", 3) != 0) return chunks;
    eachText(file, [&](const char*, const std::string&, ByteSpan, ByteSpan chunk) {
        chunks.push_back(chunk);
        return true;
    });
    return chunks;
}

std::vector<std::uint8_t> withPngTextChunks(std::vector<std::uint8_t> png,
                                            const std::vector<ByteSpan>& chunks) {
    std::vector<std::uint8_t> more;
    for (const ByteSpan chunk : chunks) more.insert(more.end(), chunk.begin(), chunk.end());
    png.insert(png.end() - static_cast<std::ptrdiff_t>(kChunkFrame), more.begin(),
               more.end());  // before IEND
    return png;
}

}  // namespace signet::image
