#pragma once

#include <optional>

#include "core/image/image.h"
#include "core/image/metadata.h"

namespace signet::examine {

/// The thumbnail in the EXIF data, turned by the image's EXIF orientation (1..8); nothing where there is none
/// or it cannot be decoded.
std::optional<image::Image> embeddedThumbnail(const image::Metadata& metadata, int orientation);

/// How an embedded thumbnail compares with its image.
struct ThumbnailMatch {
    double difference = 0;  ///< grey levels of 255, see matchThumbnail
    /// Where difference is over the threshold: the EXIF orientation (2..8) in which it would not be; 1: none.
    int orientation = 1;
};

/// Differences at or above this are reported, in grey levels. Chosen so that none of 2,801 photographs
/// reached it with thumbnails made of themselves in three ways (fitted, between bars, cut to 4:3), 160 px,
/// through five resampling filters, sharpening, tone curves and JPEG of quality 30 to 95. On 204 other
/// photographs 0 of 612 such thumbnails reached it (95 % upper limit 0.49 %), 204 of 204 thumbnails of
/// another photograph, 203 of images turned by 180 degrees, 190 of mirrored ones, 192 of images cut to 80 %
/// of their sides, 133 of those cut to 90 %, 167 of those with a strange patch of 30 % of the sides, 52 with
/// one of 10 %.
inline constexpr double kThumbnailThreshold = 22.0;

/// The measure: both are averaged to a raster of 24 cells along the longer side. The thumbnail's tones are
/// fitted to the image's (a cubic by least squares where the two correlate by 0.7 or more, else a straight
/// line of slope 2/3 to 3/2), which takes up brightness, contrast and tone curves. What is left over counts
/// only as far as it lies outside the range of the 3 x 3 cells around it, in both directions, which takes up
/// aliasing and shifts of less than a cell; the difference is the largest mean of that over 3 x 3 cells. The
/// thumbnail may show the whole image, stretched or between bars, or its middle cut to the thumbnail's shape:
/// the smallest difference of those counts.
ThumbnailMatch matchThumbnail(const image::Image& thumbnail, const image::Image& shown);

}  // namespace signet::examine
