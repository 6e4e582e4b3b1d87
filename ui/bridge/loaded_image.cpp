#include "ui/bridge/loaded_image.h"

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/examine/thumbnail.h"
#include "core/image/difference.h"

namespace signet::ui {
namespace {

constexpr int kSmallestLevel = 512;  ///< px: below this, drawing from the level is fast enough at any zoom

void releaseSamples(void* holder) {
    delete static_cast<std::shared_ptr<const image::Image>*>(holder);
}

QImage share(const std::shared_ptr<const image::Image>& samples, QImage::Format format) {
    auto* holder = new std::shared_ptr<const image::Image>(samples);
    return {samples->data.data(),
            samples->width,
            samples->height,
            static_cast<qsizetype>(samples->width) * samples->channels,
            format,
            releaseSamples,
            holder};
}

}  // namespace

QImage toQImage(const std::shared_ptr<const image::Image>& samples) {
    if (samples->depth == 8) {
        const QImage::Format format = samples->channels == 1   ? QImage::Format_Grayscale8
                                      : samples->channels == 3 ? QImage::Format_RGB888
                                                               : QImage::Format_RGBA8888;
        return share(samples, format);
    }
    return share(std::make_shared<const image::Image>(image::toRgb8(*samples)), QImage::Format_RGB888);
}

std::vector<QImage> makeLevels(const QImage& full) {
    std::vector<QImage> levels{full};
    while (std::max(levels.back().width(), levels.back().height()) > 2 * kSmallestLevel) {
        const QImage& last = levels.back();
        const QSize half(std::max(1, (last.width() + 1) / 2), std::max(1, (last.height() + 1) / 2));
        levels.push_back(last.scaled(half, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    }
    return levels;
}

LoadedImagePtr wrapImage(image::Image pixels) {
    auto loaded = std::make_shared<LoadedImage>();
    loaded->samples = std::make_shared<const image::Image>(std::move(pixels));
    loaded->levels = makeLevels(toQImage(loaded->samples));
    return loaded;
}

LoadedDifferencePtr makeDifference(const LoadedImage& a, const LoadedImage& b, int gain) {
    auto made = std::make_shared<LoadedDifference>();
    made->gain = gain;
    try {
        image::Difference difference = image::absoluteDifference(*a.samples, *b.samples, gain);
        made->largest = difference.largest;
        made->pixels = difference.pixels;
        auto picture = std::make_shared<LoadedImage>();
        picture->samples = std::make_shared<const image::Image>(std::move(difference.picture));
        auto level = picture->samples;
        picture->levels = {toQImage(level)};
        while (std::max(level->width, level->height) > 2 * kSmallestLevel) {
            level = std::make_shared<const image::Image>(image::halvedByMaximum(*level));
            picture->levels.push_back(toQImage(level));
        }
        made->picture = std::move(picture);
    } catch (const std::exception& error) {
        made->error = error.what();
    }
    return made;
}

LoadedImagePtr loadImage(const std::filesystem::path& path, int frame) {
    auto loaded = std::make_shared<LoadedImage>();
    loaded->path = path;
    try {
        const Bytes bytes = readFile(path);
        loaded->fileBytes = bytes.size();
        loaded->sha256 = sha256Hex(bytes);
        loaded->metadata = image::readMetadata(bytes, frame);
        image::DecodeOptions options;
        options.frame = frame;
        image::Decoded decoded = image::decode(bytes, options);
        loaded->info = std::move(decoded.info);
        loaded->samples = std::make_shared<const image::Image>(std::move(decoded.image));
        loaded->levels = makeLevels(toQImage(loaded->samples));
        const int turned = loaded->info.orientationApplied ? loaded->info.orientation : 1;
        if (auto thumbnail = examine::embeddedThumbnail(loaded->metadata, turned))
            loaded->thumbnail = toQImage(std::make_shared<const image::Image>(std::move(*thumbnail)));
    } catch (const Error& error) {
        loaded->errorCode = toString(error.code());
        loaded->error = error.what();
    } catch (const std::exception& error) {
        loaded->errorCode = "internal";
        loaded->error = error.what();
    }
    return loaded;
}

QImage loadThumbnail(const std::filesystem::path& path, int side, int frame) {
    try {
        image::DecodeOptions options;
        options.reduceToShortSide = side;
        options.frame = frame;
        const Bytes bytes = readFile(path);
        const auto samples = std::make_shared<const image::Image>(image::decode(bytes, options).image);
        return toQImage(samples).scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace signet::ui
