#include <webp/mux.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/image/codecs.h"
#include "core/image/colour_profile.h"
#include "core/image/decode.h"
#include "core/image/exiv2_session.h"
#include "core/image/metadata.h"
#include "core/image/png_text.h"

namespace signet::image {
namespace {

/// What is carried, each part on its own.
enum Part { kExif, kIptc, kXmp, kComment, kProfile, kParts };
constexpr const char* kPartNames[kParts] = {"EXIF", "IPTC", "XMP", "the comment", "the colour profile"};

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
                            std::vector<std::string>& notes) {
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
            notes.push_back("the embedded thumbnail was dropped: it stood as the camera held it");
        }
    }
    return exif;
}

/// Made true of the new pixels.
Exiv2::XmpData carriedXmp(Exiv2::XmpData xmp, const Header& header) {
    const auto setIfThere = [&](const char* key, long value) {
        if (xmp.findKey(Exiv2::XmpKey(key)) != xmp.end()) xmp[key] = std::to_string(value);
    };
    setIfThere("Xmp.tiff.Orientation", 1);
    setIfThere("Xmp.tiff.ImageWidth", header.width);
    setIfThere("Xmp.tiff.ImageLength", header.height);
    setIfThere("Xmp.exif.PixelXDimension", header.width);
    setIfThere("Xmp.exif.PixelYDimension", header.height);
    return xmp;
}

/// A WebP file with a colour profile; Exiv2 0.27 loses it in files that had no extended header.
std::vector<std::uint8_t> withWebPProfile(const std::vector<std::uint8_t>& file,
                                          const std::vector<std::uint8_t>& profile) {
    const WebPData data{file.data(), file.size()};
    const WebPData chunk{profile.data(), profile.size()};
    const std::unique_ptr<WebPMux, void (*)(WebPMux*)> mux(WebPMuxCreate(&data, 0), WebPMuxDelete);
    WebPData assembled{};
    if (!mux || WebPMuxSetChunk(mux.get(), "ICCP", &chunk, 0) != WEBP_MUX_OK ||
        WebPMuxAssemble(mux.get(), &assembled) != WEBP_MUX_OK)
        throw Error(ErrorCode::Internal, "the colour profile cannot be put into the WebP file");
    const std::unique_ptr<WebPData, void (*)(WebPData*)> release(&assembled, WebPDataClear);
    return {assembled.bytes, assembled.bytes + assembled.size};
}

/// The encoded file with these parts of the metadata; throws whatever Exiv2 throws.
std::vector<std::uint8_t> withParts(const RawMetadata& metadata, const std::set<Part>& parts,
                                    std::span<const std::uint8_t> encoded, const Header& header) {
    Exiv2::Image::AutoPtr target = openWithExiv2(encoded, header.format);
    if (parts.contains(kExif)) target->setExifData(metadata.exif);
    if (parts.contains(kIptc)) target->setIptcData(metadata.iptc);
    if (parts.contains(kXmp)) target->setXmpData(metadata.xmp);
    if (parts.contains(kComment)) target->setComment(metadata.comment);
    const bool webp = header.format == Format::WebP;
    if (parts.contains(kProfile) && !webp) {
        Exiv2::DataBuf copy(metadata.profile.data(), static_cast<long>(metadata.profile.size()));
        target->setIccProfile(copy);
    }
    target->writeMetadata();
    Exiv2::BasicIo& io = target->io();
    if (io.open() != 0) throw Error(ErrorCode::Internal, "the file with its metadata cannot be read back");
    std::vector<std::uint8_t> out(io.size());
    if (io.read(out.data(), static_cast<long>(out.size())) != static_cast<long>(out.size()))
        throw Error(ErrorCode::Internal, "the file with its metadata cannot be read back");
    if (parts.contains(kProfile) && webp) out = withWebPProfile(out, metadata.profile);
    const Header after = probe(out);
    if (after.width != header.width || after.height != header.height || after.format != header.format)
        throw Error(ErrorCode::Internal, "the metadata would change how the picture is shown");
    return out;
}

/// As many of parts as go in together; those that do not are taken out of the set, and notes say why.
std::vector<std::uint8_t> withAllThatFits(const RawMetadata& metadata, std::set<Part>& parts,
                                          std::vector<std::uint8_t> encoded, const Header& header,
                                          std::vector<std::string>& notes) {
    try {
        return withParts(metadata, parts, encoded, header);
    } catch (const std::exception&) {  // one of them: found below
    }
    std::vector<std::uint8_t> best = encoded;
    const std::set<Part> all = std::exchange(parts, {});
    for (const Part part : all) {
        parts.insert(part);
        try {
            best = withParts(metadata, parts, encoded, header);
        } catch (const std::exception& failure) {
            parts.erase(part);
            notes.push_back(fmt::format("{} was not carried into the {}: {}", kPartNames[part],
                                        displayName(header.format), toUtf8(failure.what())));
        }
    }
    return best;
}

/// XMP that fits into the one segment of a JPEG that programs read: the largest properties go first.
Exiv2::XmpData fittingXmp(Exiv2::XmpData xmp, std::vector<std::string>& notes) {
    constexpr std::size_t kMaxPacketBytes = 65'000;  // of a segment's 65,533, less its head
    std::string packet;
    while (!xmp.empty() && Exiv2::XmpParser::encode(packet, xmp) == 0 && packet.size() > kMaxPacketBytes) {
        const auto largest = std::max_element(
            xmp.begin(), xmp.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
        notes.push_back(
            fmt::format("{} ({} bytes) was not carried: XMP of more than one JPEG segment is not written",
                        largest->key(), largest->size()));
        xmp.erase(largest);
    }
    return xmp;
}

/// Keys of a before that are not in b.
template <typename Data>
std::vector<std::string> missingKeys(const Data& a, const Data& b) {
    std::set<std::string> kept;
    for (const auto& datum : b) kept.insert(datum.key());
    std::vector<std::string> missing;
    for (const auto& datum : a)
        if (!kept.contains(datum.key()) && !describesStorage(datum.key())) missing.push_back(datum.key());
    return missing;
}

/// What Exiv2 left out without a word.
void noteMissing(const char* part, const std::vector<std::string>& missing, std::size_t all, Format format,
                 std::vector<std::string>& notes) {
    constexpr std::size_t kNamed = 5;
    if (missing.empty()) return;
    std::string which = part;
    if (missing.size() < all) {
        const auto named = std::span(missing).first(std::min(missing.size(), kNamed));
        which =
            fmt::format("{} ({}{})", part, fmt::join(named, ", "),
                        missing.size() > kNamed ? fmt::format(" and {} more", missing.size() - kNamed) : "");
    }
    notes.push_back(
        fmt::format("{} was not carried into the {}, which has no place for it", which, displayName(format)));
}

std::vector<std::uint8_t> carried(RawMetadata metadata, std::vector<std::uint8_t> encoded,
                                  const Header& header, std::vector<std::string>& notes) {
    RgbProfile profile = profileForRgb(metadata.profile);
    metadata.profile = std::move(profile.profile);
    if (!profile.note.empty()) notes.push_back(std::move(profile.note));
    {
        const Exiv2::Image::AutoPtr own = openWithExiv2(encoded, header.format);
        metadata.exif = carriedExif(metadata.exif, own->exifData(), header, notes);
    }
    metadata.xmp = carriedXmp(std::move(metadata.xmp), header);
    if (header.format == Format::Jpeg) metadata.xmp = fittingXmp(std::move(metadata.xmp), notes);
    std::set<Part> parts;
    if (!metadata.exif.empty()) parts.insert(kExif);
    if (!metadata.iptc.empty()) parts.insert(kIptc);
    if (!metadata.xmp.empty()) parts.insert(kXmp);
    if (!metadata.comment.empty()) parts.insert(kComment);
    if (!metadata.profile.empty()) parts.insert(kProfile);
    if (parts.empty()) return encoded;
    std::vector<std::uint8_t> file = withAllThatFits(metadata, parts, std::move(encoded), header, notes);
    const RawMetadata after = readRawMetadata(file, header.format, 1);
    const auto note = [&](Part part, const auto& before, const auto& now) {
        if (parts.contains(part))
            noteMissing(kPartNames[part], missingKeys(before, now), static_cast<std::size_t>(before.count()),
                        header.format, notes);
    };
    note(kExif, metadata.exif, after.exif);
    note(kIptc, metadata.iptc, after.iptc);
    note(kXmp, metadata.xmp, after.xmp);
    if (parts.contains(kComment) && header.format != Format::Jpeg)
        noteMissing(kPartNames[kComment], {{}}, 1, header.format, notes);
    return file;
}

std::vector<std::string> keywordsOf(std::span<const std::uint8_t> png) {
    constexpr std::size_t kNamed = 5;
    std::vector<std::string> keywords;
    for (const MetadataEntry& entry : readPngText(png, kNamed))
        keywords.push_back(entry.key.substr(entry.key.rfind('.') + 1));
    return keywords;
}

}  // namespace

std::vector<std::uint8_t> carryMetadata(std::span<const std::uint8_t> source,
                                        std::vector<std::uint8_t> encoded, std::string* warning, int frame) {
    std::vector<std::string> notes;
    try {
        const Header header = probe(encoded);
        const Format format = codecs::detectFormat(source);
        const auto owner = metadataOwner(source, format, frame);
        const auto texts = pngTextChunks(source);
        if (!owner) {
            notes.push_back(fmt::format("the metadata are those of the first {} and were not carried",
                                        frameWord(format)));
        } else {
            const Exiv2Session session;
            RawMetadata metadata = readRawMetadata(*owner, format, frame);
            if (header.format == Format::Bmp) {
                if (!metadata.empty() || !texts.empty())
                    notes.push_back(
                        "BMP holds no metadata; EXIF, XMP, texts and the colour profile were dropped");
            } else if (!metadata.empty()) {
                encoded = carried(std::move(metadata), std::move(encoded), header, notes);
            }
        }
        if (!texts.empty() && header.format == Format::Png)
            encoded = withPngTextChunks(std::move(encoded), texts);
        else if (!texts.empty() && header.format != Format::Bmp)
            notes.push_back(
                fmt::format("the texts of the PNG ({}) were not carried into the {}, which has no place for "
                            "them",
                            fmt::join(keywordsOf(source), ", "), displayName(header.format)));
    } catch (const std::exception& failure) {
        notes.push_back("the metadata was not carried over: " + toUtf8(failure.what()));
    } catch (...) {
        notes.push_back("the metadata was not carried over");
    }
    if (warning) *warning = fmt::format("{}", fmt::join(notes, "; "));
    return encoded;
}

}  // namespace signet::image
