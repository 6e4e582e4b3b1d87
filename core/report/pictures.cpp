#include "core/report/pictures.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/examine/examine.h"
#include "core/image/decode.h"
#include "core/image/resample.h"

namespace signet::report {
namespace {

image::Image reduced(const image::Image& image, int maxSide) {
    const double scale = static_cast<double>(maxSide) / std::max(image.width, image.height);
    if (scale >= 1) return image;
    return image::resize(image, std::max(1, static_cast<int>(std::lround(image.width * scale))),
                         std::max(1, static_cast<int>(std::lround(image.height * scale))));
}

Bytes bytesWith(const std::filesystem::path& path, const std::string& sha256, const char* altered) {
    Bytes bytes = readFile(path);
    if (sha256Hex(bytes) != sha256) throw Error(ErrorCode::HashMismatch, altered);
    return bytes;
}

Picture withoutPicture(std::string problem) {
    Picture picture;
    picture.problem = std::move(problem);
    return picture;
}

template <class Load>
Picture guarded(Load&& load) {
    try {
        return load();
    } catch (const std::bad_alloc&) {
        return withoutPicture("there is not enough memory to decode it");
    } catch (const std::exception& error) {
        return withoutPicture(error.what());
    }
}

Picture reducedPicture(const image::Image& image, int maxSide) {
    return {reduced(image, maxSide), {}, image.width, image.height};
}

}  // namespace

Picture loadThumbnail(const ExhibitContent& e, int maxSide) {
    if (!e.intact()) return withoutPicture("no picture: the file is not the one taken in");
    return guarded([&] {
        const Bytes bytes =
            bytesWith(e.file, e.exhibit.sha256, "no picture: the file is not the one taken in");
        image::DecodeOptions options;
        options.reduceToShortSide = maxSide;
        options.frame = e.exhibit.frame;
        const image::Decoded decoded = image::decode(bytes, options);
        Picture picture = reducedPicture(image::toRgb8(decoded.image), maxSide);
        const image::Header header = image::probe(bytes, options.frame);
        picture.fullWidth = header.width;  // decoding may have reduced it already
        picture.fullHeight = header.height;
        return picture;
    });
}

Picture loadEvidenceMap(const EvidenceMapFile& evidenceMap, int maxSide) {
    return guarded([&] {
        const Bytes bytes = bytesWith(evidenceMap.path, evidenceMap.sha256,
                                      "no evidence map: its file is not the one recorded");
        image::Image map = image::toRgb8(image::decode(bytes).image);
        if (map.height > examine::kEvidenceCaptionHeight) {
            map.height -= examine::kEvidenceCaptionHeight;
            map.data.resize(map.sampleCount());
        }
        return reducedPicture(map, maxSide);
    });
}

std::optional<Region> regionOf(const examine::KeyedEvidence::Region& part, const examine::Record& record,
                               std::string label) {
    if (part.outline.size() < 3) return std::nullopt;
    Region region;
    region.label = std::move(label);
    for (const auto& [x, y] : part.outline) region.corners.push_back({x * record.width, y * record.height});
    const auto extent = [&](std::size_t axis) {
        const auto [low, high] =
            std::minmax_element(region.corners.begin(), region.corners.end(),
                                [&](const auto& a, const auto& b) { return a[axis] < b[axis]; });
        return std::pair((*low)[axis], (*high)[axis] - (*low)[axis]);
    };
    std::tie(region.x, region.width) = extent(0);
    std::tie(region.y, region.height) = extent(1);
    return region;
}

std::optional<Region> regionOf(const cases::Finding& finding) {
    const Json& json = finding.region;
    if (!json.is_array() || json.size() != 4) return std::nullopt;
    if (!std::all_of(json.begin(), json.end(), [](const Json& number) { return number.is_number(); }))
        return std::nullopt;
    Region region{json[0].get<double>(), json[1].get<double>(), json[2].get<double>(), json[3].get<double>(),
                  std::to_string(finding.id)};
    if (!(region.width > 0 && region.height > 0)) return std::nullopt;
    return region;
}

std::optional<Region> sharesOf(const Region& region, const Picture& picture) {
    if (picture.fullWidth <= 0 || picture.fullHeight <= 0) return std::nullopt;
    const auto share = [](double at, int whole) { return std::clamp(at / whole, 0.0, 1.0); };
    Region out = region;
    out.x = share(region.x, picture.fullWidth);
    out.y = share(region.y, picture.fullHeight);
    out.width = share(region.x + region.width, picture.fullWidth) - out.x;
    out.height = share(region.y + region.height, picture.fullHeight) - out.y;
    if (!(out.width > 0 && out.height > 0)) return std::nullopt;
    for (auto& [x, y] : out.corners) {
        x = share(x, picture.fullWidth);
        y = share(y, picture.fullHeight);
    }
    return out;
}

double aspectOf(const ExhibitContent& exhibit) {
    if (!exhibit.examination) return 0;
    const double width = exhibit.examination->record.width;
    const double height = exhibit.examination->record.height;
    return width > 0 && height > 0 ? width / height : 0;
}

image::Image loadLogo(const std::string& path, int maxSide) {
    image::Image image = image::decode(readFile(path)).image;
    if (image.depth == 8 && image.channels == 4) {
        for (std::size_t i = 0; i < image.data.size(); i += 4) {
            const int alpha = image.data[i + 3];
            for (std::size_t c = 0; c < 3; ++c)
                image.data[i + c] =
                    static_cast<std::uint8_t>((image.data[i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
    }
    return reduced(image::toRgb8(image), maxSide);
}

}  // namespace signet::report
