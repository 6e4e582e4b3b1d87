#include "core/image/metadata.h"

#include <algorithm>
#include <exception>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/image/codecs.h"
#include "core/image/decode.h"
#include "core/image/exiv2_session.h"
#include "core/image/jpeg_pictures.h"
#include "core/image/png_text.h"

namespace signet::image {
namespace {

constexpr std::size_t kMaxValueBytes = 4096;
constexpr std::size_t kMaxEntries = 5000;
constexpr std::size_t kMaxPngTexts = 200;

/// At most kMaxValueBytes of valid UTF-8, cut between characters.
std::string shortText(const std::string& text) {
    std::string valid = toUtf8(text.size() > 2 * kMaxValueBytes ? text.substr(0, 2 * kMaxValueBytes) : text);
    if (valid.size() <= kMaxValueBytes) return valid;
    std::size_t end = kMaxValueBytes;
    while (end > 0 && (static_cast<unsigned char>(valid[end]) & 0xC0) == 0x80) --end;
    valid.resize(end);
    return valid;
}

template <typename Data, typename Print>
void append(const Data& data, const char* group, Print print, std::vector<MetadataEntry>& entries) {
    for (const auto& datum : data) {
        if (entries.size() >= kMaxEntries) return;
        MetadataEntry entry{group, toUtf8(datum.key()), {}};
        const long size = datum.size();
        if (datum.typeId() == Exiv2::undefined && size > 256)
            entry.value = "(" + std::to_string(size) + " bytes)";
        else
            entry.value = shortText(print(datum));
        entries.push_back(std::move(entry));
    }
}

/// Whether the second directory is a thumbnail. In EXIF data it always is (EXIF 2.32, 4.5.1); in a TIFF file
/// it is the second page, unless it says that it is a reduced version of the first (TIFF 6.0, NewSubfileType
/// bit 0).
bool holdsThumbnail(const Exiv2::ExifData& exif, Format format) {
    if (format != Format::Tiff) return true;
    const auto kind = exif.findKey(Exiv2::ExifKey("Exif.Thumbnail.NewSubfileType"));
    return kind != exif.end() && kind->count() > 0 && (kind->toLong() & 1) != 0;
}

}  // namespace

Exiv2Session::Exiv2Session() : m_lock(s_mutex) {
    static const bool ready = [] {
        Exiv2::LogMsg::setHandler(keepFirst);
        Exiv2::LogMsg::setLevel(Exiv2::LogMsg::error);
        return Exiv2::XmpParser::initialize();
    }();
    (void)ready;
    s_firstError.clear();
}

void Exiv2Session::keepFirst(int, const char* text) {
    if (s_firstError.empty()) s_firstError = text;
    while (!s_firstError.empty() && s_firstError.back() == '\n') s_firstError.pop_back();
}

Exiv2::Image::AutoPtr openWithExiv2(std::span<const std::uint8_t> file, Format format) {
    Exiv2::BasicIo::AutoPtr bytes(new Exiv2::MemIo(file.data(), static_cast<long>(file.size())));
    Exiv2::Image::AutoPtr image;
    if (format == Format::Jpeg) image = Exiv2::newJpegInstance(bytes, false);
    if (format == Format::Png) image = Exiv2::newPngInstance(bytes, false);
    if (format == Format::WebP) image = Exiv2::newWebPInstance(bytes, false);
    if (format == Format::Tiff) image = Exiv2::newTiffInstance(bytes, false);
    if (image.get() == nullptr) throw Exiv2::Error(Exiv2::kerNotAnImage, displayName(format));
    image->readMetadata();
    return image;
}

RawMetadata readRawMetadata(std::span<const std::uint8_t> file, Format format, int frame) {
    RawMetadata raw;
    if (format == Format::Bmp || format == Format::Gif) return raw;
    if (format == Format::Heif || format == Format::Avif || format == Format::Jxl) {
        const codecs::MetadataBlocks blocks =
            format == Format::Jxl ? codecs::readJxlMetadata(file) : codecs::readHeifMetadata(file, frame);
        if (!blocks.exif.empty())
            Exiv2::ExifParser::decode(raw.exif, blocks.exif.data(),
                                      static_cast<std::uint32_t>(blocks.exif.size()));
        if (!blocks.xmp.empty()) Exiv2::XmpParser::decode(raw.xmp, {blocks.xmp.begin(), blocks.xmp.end()});
        raw.profile = blocks.profile;
        return raw;
    }
    const Exiv2::Image::AutoPtr image = openWithExiv2(file, format);
    raw.exif = image->exifData();
    raw.iptc = image->iptcData();
    raw.xmp = image->xmpData();
    if (format == Format::Jpeg) raw.comment = image->comment();
    if (image->iccProfileDefined())
        raw.profile.assign(image->iccProfile()->pData_,
                           image->iccProfile()->pData_ + image->iccProfile()->size_);
    return raw;
}

std::optional<std::span<const std::uint8_t>> metadataOwner(std::span<const std::uint8_t> file, Format format,
                                                           int frame) {
    if (frame == 1 || format == Format::Heif || format == Format::Avif) return file;
    if (format != Format::Jpeg) return std::nullopt;
    const auto pictures = codecs::jpegPictures(file);
    codecs::checkFrame(frame, static_cast<int>(pictures.size()));
    return pictures[static_cast<std::size_t>(frame - 1)];
}

Metadata readMetadata(std::span<const std::uint8_t> whole, int frame) {
    Metadata metadata;
    try {
        const Format format = codecs::detectFormat(whole);
        const auto owner = metadataOwner(whole, format, frame);
        if (!owner) return metadata;
        const std::span<const std::uint8_t> file = *owner;
        if (format == Format::Png) {
            for (MetadataEntry& entry : readPngText(file, kMaxPngTexts)) {
                entry.value = shortText(entry.value);
                metadata.entries.push_back(std::move(entry));
            }
        }
        const Exiv2Session session;
        const RawMetadata raw = readRawMetadata(file, format, frame);
        append(
            raw.exif, "EXIF", [&](const auto& datum) { return datum.print(&raw.exif); }, metadata.entries);
        append(
            raw.iptc, "IPTC", [](const auto& datum) { return datum.print(); }, metadata.entries);
        append(
            raw.xmp, "XMP", [](const auto& datum) { return datum.print(); }, metadata.entries);
        if (holdsThumbnail(raw.exif, format)) {
            const Exiv2::DataBuf thumbnail = Exiv2::ExifThumbC(raw.exif).copy();
            metadata.thumbnail.assign(thumbnail.pData_, thumbnail.pData_ + thumbnail.size_);
        }
        metadata.hasIccProfile = !raw.profile.empty();
        if (metadata.hasIccProfile)
            metadata.entries.push_back(
                {"ICC", "Icc.Profile", "(" + std::to_string(raw.profile.size()) + " bytes)"});
        if (!session.firstError().empty())
            metadata.warning = "a part of the metadata cannot be read: " + toUtf8(session.firstError());
    } catch (const std::exception& failure) {
        metadata.warning = "the metadata cannot be read: " + toUtf8(failure.what());
    } catch (...) {
        metadata.warning = "the metadata cannot be read";
    }
    return metadata;
}

}  // namespace signet::image
