#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/image/image.h"
#include "core/image/metadata.h"

/// Images and files that the tests of core/image make for themselves.
namespace signet::tests {

using FileBytes = std::vector<std::uint8_t>;

/// A smooth picture with some noise, the same for the same arguments; alpha varies where there is one.
image::Image makePicture(int width, int height, int channels, int depth = 8, unsigned seed = 1);

/// The picture as a file of that format.
FileBytes encoded(const image::Image& picture, image::Format format, int quality = 95);

/// A TIFF structure (as EXIF holds it) of one entry: the orientation.
FileBytes exifWithOrientation(int orientation, bool bigEndian = false);

/// file with EXIF orientation put in by hand (JPEG APP1, PNG eXIf, WebP EXIF, the TIFF tag).
FileBytes withOrientation(const FileBytes& file, image::Format format, int orientation);

/// file with these metadata: Exiv2's keys ("Exif.Image.Make", "Xmp.dc.source", ...) with their values as
/// text. thumbnail: a JPEG for the EXIF data; empty: none.
FileBytes withMetadata(const FileBytes& file, const std::vector<std::pair<std::string, std::string>>& entries,
                       const FileBytes& thumbnail = {});

/// A PNG file with a chunk put behind its header.
FileBytes withPngChunk(const FileBytes& png, const char* type, const FileBytes& body);

/// A PNG chunk with its CRC.
FileBytes pngChunk(const char* type, const FileBytes& body);

/// PNG signature and an IHDR of this size, without pixels.
FileBytes pngHeader(std::uint32_t width, std::uint32_t height, int bitDepth, int colourType);

/// A whole PNG from rows that are already filtered (each row starts with its filter byte).
FileBytes pngFile(std::uint32_t width, std::uint32_t height, int bitDepth, int colourType,
                  const std::vector<FileBytes>& chunksBeforePixels, const FileBytes& filteredRows);

/// A one-colour CMYK JPEG of quality 100; ycck stores it so; adobe writes the Adobe marker.
FileBytes cmykJpeg(int width, int height, const std::uint8_t (&colour)[4], bool ycck, bool adobe);

/// A progressive JPEG whose last scan is repeated.
FileBytes progressiveJpeg(int width, int height, int repeatsOfLastScan);

/// A file of these characters, and one file behind another.
FileBytes bytesOf(std::string_view text);
FileBytes joined(FileBytes a, const FileBytes& b);

/// The value of an entry, "(none)" where there is none of that key.
std::string valueOf(const image::Metadata& metadata, const std::string& key);

/// The name of the code of the signet::Error that work throws, "no error" where it throws none.
std::string codeOf(const std::function<void()>& work);
std::string nameOf(ErrorCode code);

/// Largest difference of two pictures of one kind; 1e9 where the kind differs.
double largestDifference(const image::Image& a, const image::Image& b);

}  // namespace signet::tests
