#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signet::image {

/// The formats that are read; those from Gif on are not written.
enum class Format { Jpeg, Png, WebP, Tiff, Bmp, Gif, Heif, Avif, Jxl };

/// Lower-case name: "jpeg", "png", "webp", "tiff", "bmp", "gif", "heif", "avif", "jxl".
std::string_view toString(Format format);

/// The name people know it by: "JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF", "HEIF/HEIC", "AVIF", "JPEG XL".
std::string_view displayName(Format format);

/// All of them in a sentence: "JPEG, PNG, ... and JPEG XL".
std::string readFormats();

/// False for formats that are read only.
bool canEncode(Format format);

/// A format to write: "jpg", "jpeg", "png", "webp", "tif", "tiff", "bmp" (any case). Throws BadOption.
Format formatFromName(std::string_view name);

/// File-name ending with its dot: ".jpg", ".png", ...
std::string_view extensionOf(Format format);

/// Pixels in memory: interleaved rows without padding, RGB order, samples of 8 bits or of 16 bits in native
/// byte order, straight (not premultiplied) alpha. A plain value; not thread-safe while written.
struct Image {
    int width = 0;
    int height = 0;
    int channels = 3;  ///< 1 grey, 3 RGB, 4 RGBA
    int depth = 8;     ///< bits a sample: 8 or 16
    std::vector<std::uint8_t> data;

    std::size_t sampleCount() const {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
               static_cast<std::size_t>(channels);
    }
    std::size_t pixelCount() const {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    }
    const std::uint16_t* samples16() const { return reinterpret_cast<const std::uint16_t*>(data.data()); }
    std::uint16_t* samples16() { return reinterpret_cast<std::uint16_t*>(data.data()); }
};

/// An empty image of this size, samples 0.
Image makeImage(int width, int height, int channels, int depth = 8);

/// 8-bit RGB of any image: 16-bit samples rounded, grey repeated, alpha dropped (not blended: the signature
/// is in RGB).
Image toRgb8(const Image& image);

}  // namespace signet::image
