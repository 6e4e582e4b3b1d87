#include "core/report/pictures.h"

#include <algorithm>
#include <cmath>

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

template <class Load>
Picture guarded(Load&& load) {
    try {
        return {load(), {}};
    } catch (const std::bad_alloc&) {
        return {{}, "there is not enough memory to decode it"};
    } catch (const std::exception& error) {
        return {{}, error.what()};
    }
}

}  // namespace

Picture loadThumbnail(const ExhibitContent& exhibit, int maxSide) {
    if (!exhibit.intact()) return {{}, "no picture: the file is not the one taken in"};
    return guarded([&] {
        const Bytes bytes =
            bytesWith(exhibit.file, exhibit.evidence.sha256, "no picture: the file is not the one taken in");
        image::DecodeOptions options;
        options.reduceToShortSide = maxSide;
        return reduced(image::toRgb8(image::decode(bytes, options).image), maxSide);
    });
}

Picture loadHeatmap(const HeatmapFile& heatmap, int maxSide) {
    return guarded([&] {
        const Bytes bytes =
            bytesWith(heatmap.path, heatmap.sha256, "no evidence map: its file is not the one recorded");
        image::Image map = image::toRgb8(image::decode(bytes).image);
        if (map.height > examine::kEvidenceCaptionHeight) {
            map.height -= examine::kEvidenceCaptionHeight;
            map.data.resize(map.sampleCount());
        }
        return reduced(map, maxSide);
    });
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
