#include "core/image/metadata.h"

#include <webp/mux.h>
#include <exiv2/exiv2.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <mutex>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/image/decode.h"
#include "core/image/png_text.h"

namespace signet::image {
namespace {

constexpr std::size_t kMaxValueBytes = 4096;
constexpr std::size_t kMaxEntries = 5000;
constexpr std::size_t kMaxPngTexts = 200;

/// Exiv2's XMP parser and its log are process-wide: one caller at a time.
class Exiv2Session {
public:
    Exiv2Session() : m_lock(s_mutex) {
        static const bool ready = [] {
            Exiv2::LogMsg::setHandler(keepFirst);
            Exiv2::LogMsg::setLevel(Exiv2::LogMsg::error);
            return Exiv2::XmpParser::initialize();
        }();
        (void)ready;
        s_firstError.clear();
    }
    const std::string& firstError() const { return s_firstError; }

private:
    static void keepFirst(int, const char* text) {
        if (s_firstError.empty()) s_firstError = text;
        while (!s_firstError.empty() && s_firstError.back() == '\n') s_firstError.pop_back();
    }
    static inline std::mutex s_mutex;
    static inline std::string s_firstError;
    std::lock_guard<std::mutex> m_lock;
};

Exiv2::Image::AutoPtr openImage(std::span<const std::uint8_t> file) {
    Exiv2::Image::AutoPtr image = Exiv2::ImageFactory::open(file.data(), static_cast<long>(file.size()));
    image->readMetadata();
    return image;
}

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

/// Directory entries that describe how the source stored its own pixels; they are not the new file's.
bool describesStorage(const std::string& key) {
    static constexpr std::array kTags = {"ImageWidth",
                                         "ImageLength",
                                         "BitsPerSample",
                                         "Compression",
                                         "PhotometricInterpretation",
                                         "FillOrder",
                                         "StripOffsets",
                                         "SamplesPerPixel",
                                         "RowsPerStrip",
                                         "StripByteCounts",
                                         "PlanarConfiguration",
                                         "TileWidth",
                                         "TileLength",
                                         "TileOffsets",
                                         "TileByteCounts",
                                         "Predictor",
                                         "ColorMap",
                                         "ExtraSamples",
                                         "SampleFormat",
                                         "JPEGTables",
                                         "JPEGProc",
                                         "JPEGInterchangeFormat",
                                         "JPEGInterchangeFormatLength",
                                         "YCbCrCoefficients",
                                         "YCbCrSubSampling",
                                         "YCbCrPositioning",
                                         "ReferenceBlackWhite",
                                         "SubIFDs",
                                         "NewSubfileType",
                                         "SubfileType",
                                         "InterColorProfile",
                                         "XMLPacket",
                                         "IPTCNAA",
                                         "ImageResources",
                                         "TransferFunction"};
    static const std::string kPrefix = "Exif.Image.";
    if (key.compare(0, kPrefix.size(), kPrefix) != 0) return key.compare(0, 13, "Exif.SubImage") == 0;
    const std::string tag = key.substr(kPrefix.size());
    return std::any_of(kTags.begin(), kTags.end(), [&](const char* name) { return tag == name; });
}

/// Source entries over those of the new file, made true of the new pixels.
Exiv2::ExifData carriedExif(const Exiv2::ExifData& source, const Exiv2::ExifData& own, const Header& header,
                            std::string& warning) {
    Exiv2::ExifData exif = own;
    bool turned = false;
    for (const auto& datum : source) {
        if (describesStorage(datum.key())) continue;
        if (datum.key() == "Exif.Image.Orientation") turned = datum.count() > 0 && datum.toLong() > 1;
        const auto old = exif.findKey(Exiv2::ExifKey(datum.key()));
        if (old != exif.end()) exif.erase(old);
        exif.add(datum);
    }
    if (exif.findKey(Exiv2::ExifKey("Exif.Image.Orientation")) != exif.end())
        exif["Exif.Image.Orientation"] = std::uint16_t{1};
    const bool saysSize = exif.findKey(Exiv2::ExifKey("Exif.Photo.PixelXDimension")) != exif.end() ||
                          exif.findKey(Exiv2::ExifKey("Exif.Photo.PixelYDimension")) != exif.end();
    if (saysSize) {
        exif["Exif.Photo.PixelXDimension"] = static_cast<std::uint32_t>(header.width);
        exif["Exif.Photo.PixelYDimension"] = static_cast<std::uint32_t>(header.height);
    }
    if (turned && header.format != Format::Tiff) {
        Exiv2::ExifThumb thumbnail(exif);
        if (std::string(thumbnail.extension()).size() > 0) {
            thumbnail.erase();
            warning = "the embedded thumbnail was dropped: it stood as the camera held it";
        }
    }
    return exif;
}

void carryXmp(const Exiv2::Image& source, const Header& header, Exiv2::Image& target) {
    Exiv2::XmpData xmp = source.xmpData();
    const auto setIfThere = [&](const char* key, long value) {
        if (xmp.findKey(Exiv2::XmpKey(key)) != xmp.end()) xmp[key] = std::to_string(value);
    };
    setIfThere("Xmp.tiff.Orientation", 1);
    setIfThere("Xmp.tiff.ImageWidth", header.width);
    setIfThere("Xmp.tiff.ImageLength", header.height);
    setIfThere("Xmp.exif.PixelXDimension", header.width);
    setIfThere("Xmp.exif.PixelYDimension", header.height);
    if (!xmp.empty()) target.setXmpData(xmp);
}

bool hasAnything(Exiv2::Image& image) {
    return !image.exifData().empty() || !image.iptcData().empty() || !image.xmpData().empty() ||
           image.iccProfileDefined();
}

/// A WebP file with a colour profile; Exiv2 0.27 loses it in files that had no extended header.
std::vector<std::uint8_t> withWebPProfile(const std::vector<std::uint8_t>& file,
                                          const Exiv2::DataBuf& profile) {
    const WebPData data{file.data(), file.size()};
    const WebPData chunk{profile.pData_, static_cast<std::size_t>(profile.size_)};
    const std::unique_ptr<WebPMux, void (*)(WebPMux*)> mux(WebPMuxCreate(&data, 0), WebPMuxDelete);
    WebPData assembled{};
    if (!mux || WebPMuxSetChunk(mux.get(), "ICCP", &chunk, 0) != WEBP_MUX_OK ||
        WebPMuxAssemble(mux.get(), &assembled) != WEBP_MUX_OK)
        throw Error(ErrorCode::Internal, "the colour profile cannot be put into the WebP file");
    const std::unique_ptr<WebPData, void (*)(WebPData*)> release(&assembled, WebPDataClear);
    return {assembled.bytes, assembled.bytes + assembled.size};
}

/// The encoded file with the metadata; throws whatever Exiv2 throws.
std::vector<std::uint8_t> carried(Exiv2::Image& source, std::span<const std::uint8_t> encoded,
                                  const Header& header, std::string& warning) {
    Exiv2::Image::AutoPtr target = openImage(encoded);
    target->setExifData(carriedExif(source.exifData(), target->exifData(), header, warning));
    if (!source.iptcData().empty()) target->setIptcData(source.iptcData());
    carryXmp(source, header, *target);
    const bool webp = header.format == Format::WebP;
    if (source.iccProfileDefined() && !webp) {
        Exiv2::DataBuf copy(source.iccProfile()->pData_, source.iccProfile()->size_);
        target->setIccProfile(copy);
    }
    target->writeMetadata();
    Exiv2::BasicIo& io = target->io();
    if (io.open() != 0) throw Error(ErrorCode::Internal, "the file with its metadata cannot be read back");
    std::vector<std::uint8_t> out(io.size());
    if (io.read(out.data(), static_cast<long>(out.size())) != static_cast<long>(out.size()))
        throw Error(ErrorCode::Internal, "the file with its metadata cannot be read back");
    if (source.iccProfileDefined() && webp) out = withWebPProfile(out, *source.iccProfile());
    const Header after = probe(out);
    if (after.width != header.width || after.height != header.height || after.format != header.format)
        throw Error(ErrorCode::Internal, "the metadata would change how the picture is shown");
    return out;
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

Metadata readMetadata(std::span<const std::uint8_t> file) {
    Metadata metadata;
    try {
        const Format format = probe(file).format;
        if (format == Format::Bmp) return metadata;
        if (format == Format::Png) {
            for (MetadataEntry& entry : readPngText(file, kMaxPngTexts)) {
                entry.value = shortText(entry.value);
                metadata.entries.push_back(std::move(entry));
            }
        }
        const Exiv2Session session;
        const Exiv2::Image::AutoPtr image = openImage(file);
        const Exiv2::ExifData& exif = image->exifData();
        append(
            exif, "EXIF", [&](const auto& datum) { return datum.print(&exif); }, metadata.entries);
        append(
            image->iptcData(), "IPTC", [](const auto& datum) { return datum.print(); }, metadata.entries);
        append(
            image->xmpData(), "XMP", [](const auto& datum) { return datum.print(); }, metadata.entries);
        if (holdsThumbnail(exif, format)) {
            const Exiv2::DataBuf thumbnail = Exiv2::ExifThumbC(exif).copy();
            metadata.thumbnail.assign(thumbnail.pData_, thumbnail.pData_ + thumbnail.size_);
        }
        metadata.hasIccProfile = image->iccProfileDefined();
        if (metadata.hasIccProfile)
            metadata.entries.push_back(
                {"ICC", "Icc.Profile", "(" + std::to_string(image->iccProfile()->size_) + " bytes)"});
        if (!session.firstError().empty())
            metadata.warning = "a part of the metadata cannot be read: " + toUtf8(session.firstError());
    } catch (const std::exception& failure) {
        metadata.warning = "the metadata cannot be read: " + toUtf8(failure.what());
    } catch (...) {
        metadata.warning = "the metadata cannot be read";
    }
    return metadata;
}

std::vector<std::uint8_t> carryMetadata(std::span<const std::uint8_t> source,
                                        std::vector<std::uint8_t> encoded, std::string* warning) {
    std::string note;
    try {
        const Header header = probe(encoded);
        if (probe(source).format != Format::Bmp) {
            const Exiv2Session session;
            const Exiv2::Image::AutoPtr image = openImage(source);
            if (hasAnything(*image)) {
                if (header.format == Format::Bmp)
                    note = "BMP holds no metadata; EXIF, XMP and the colour profile were dropped";
                else
                    encoded = carried(*image, encoded, header, note);
            }
        }
    } catch (const std::exception& failure) {
        note = "the metadata was not carried over: " + toUtf8(failure.what());
    } catch (...) {
        note = "the metadata was not carried over";
    }
    if (warning) *warning = note;
    return encoded;
}

}  // namespace signet::image
