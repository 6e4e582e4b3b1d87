#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "tests/core/image_builders.h"

/// Files of several pictures, and of formats that the program reads and does not write, made by the
/// libraries' own encoders.
namespace signet::tests {

/// One colour, RGB of 8 bits.
image::Image plain(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue);

/// Four fields of different colours, so that every turn shows.
image::Image fields(int width, int height, int depth = 8);

/// A JPEG file of these pictures with their index (CIPA DC-007).
FileBytes mpoFile(const std::vector<FileBytes>& jpegs);

/// A TIFF file of these pages (RGB, 8 bits).
FileBytes tiffPages(const std::vector<image::Image>& pages);

/// A frame of an animation: a one-colour area; alpha 0 is transparent.
struct Patch {
    int left = 0, top = 0, width = 0, height = 0;
    std::uint8_t rgba[4] = {0, 0, 0, 255};
    int disposal = 0;  ///< 0 keep, 1 clear, 2 restore
};
FileBytes gifFile(int width, int height, const std::vector<Patch>& frames, bool interlaced = false);
/// stillIsFrame: the first patch is IDAT; else a still picture of that colour comes before the frames.
FileBytes apngFile(int width, int height, const std::vector<Patch>& frames, bool stillIsFrame = true);
/// Whole pictures, lossless.
FileBytes webpFrames(const std::vector<image::Image>& frames);

struct HeifOptions {
    bool avif = false;
    int orientation = 1;  ///< as irot and imir
    FileBytes exif;       ///< a TIFF structure
    FileBytes profile;    ///< ICC
};
FileBytes heifFile(const std::vector<image::Image>& pictures, const HeifOptions& options = {});

/// A lossless JPEG XL file, an animation where there are several frames.
FileBytes jxlFile(const std::vector<image::Image>& frames, int orientation = 1, const FileBytes& exif = {});

/// The colour at a pixel, as "r,g,b" or "r,g,b,a" of 8 bits.
std::string colourAt(const image::Image& image, int x, int y);

/// True where the colours at a pixel are at most tolerance apart from these.
bool isColour(const image::Image& image, int x, int y, int red, int green, int blue, int tolerance = 24);

}  // namespace signet::tests
