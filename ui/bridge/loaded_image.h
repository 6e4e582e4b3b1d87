#pragma once

#include <QImage>
#include <QString>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/image/decode.h"
#include "core/image/metadata.h"

namespace signet::ui {

/// A decoded image as the viewer needs it: the samples as they are, a QImage that shares them where the
/// layout allows, and halved versions for drawing at small zoom. Made on a worker, read-only afterwards.
struct LoadedImage {
    std::filesystem::path path;
    std::shared_ptr<const image::Image> samples;  ///< for the read-out: 8 or 16 bits
    std::vector<QImage> levels;                   ///< [0] full size, each next one half of it
    image::DecodeInfo info;
    image::Metadata metadata;
    QImage thumbnail;  ///< the one in the EXIF data, turned like the image; null: none
    std::uint64_t fileBytes = 0;
    std::string sha256;
    std::string errorCode;  ///< not empty where nothing could be shown
    std::string error;

    int width() const { return samples ? samples->width : 0; }
    int height() const { return samples ? samples->height : 0; }
};

using LoadedImagePtr = std::shared_ptr<const LoadedImage>;

/// A QImage of these samples; shares memory with them for 8-bit RGB, RGBA and grey, else a converted copy.
QImage toQImage(const std::shared_ptr<const image::Image>& samples);

/// full and its halves down to about 512 px, for drawing.
std::vector<QImage> makeLevels(const QImage& full);

/// Pixels that are no file's, ready to be shown.
LoadedImagePtr wrapImage(image::Image pixels);

/// |a - b| of two images times gain, ready to be shown; the smaller levels keep the largest of what they
/// stand for.
struct LoadedDifference {
    LoadedImagePtr picture;  ///< null where there is none
    int gain = 1;
    double largest = 0;        ///< of all samples, in 8-bit levels
    std::uint64_t pixels = 0;  ///< that differ
    std::string error;         ///< why there is no picture
};
using LoadedDifferencePtr = std::shared_ptr<const LoadedDifference>;

/// Never throws. Not for the GUI thread.
LoadedDifferencePtr makeDifference(const LoadedImage& a, const LoadedImage& b, int gain);

/// Reads, hashes and decodes a file, with its metadata. Never throws: see LoadedImage::error. Not for the GUI
/// thread.
LoadedImagePtr loadImage(const std::filesystem::path& path, int frame = 1);

/// A frame of a file with its longest side at most side px; null where it cannot be decoded. Not for the GUI
/// thread.
QImage loadThumbnail(const std::filesystem::path& path, int side, int frame = 1);

}  // namespace signet::ui
