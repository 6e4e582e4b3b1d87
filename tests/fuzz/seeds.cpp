// ASAN_OPTIONS=detect_leaks=0 fuzz_seeds FOLDER (the encoder of HEIF leaks): writes the seeds of
// tests/fuzz/corpus that are not text: small files of every kind of picture, by the builders of the tests,
// and weight files. The text seeds are written by hand; more come from what libFuzzer found.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/file_io.h"
#include "tests/core/frame_builders.h"
#include "tests/core/image_builders.h"

using namespace signet;
using namespace signet::tests;
using image::Format;
namespace fs = std::filesystem;

namespace {

void pictures(const fs::path& folder) {
    const auto save = [&](const std::string& name, const FileBytes& bytes) {
        writeFileAtomically(folder / name, bytes, IfExists::Replace);
    };
    const image::Image colour = makePicture(20, 13, 3), clear = makePicture(9, 11, 4);
    const image::Image grey = makePicture(8, 8, 1), deep = makePicture(7, 5, 3, 16);
    const std::vector<Patch> patches{{0, 0, 12, 8, {200, 40, 30, 255}, 0},
                                     {2, 1, 5, 4, {20, 90, 200, 255}, 1},
                                     {4, 3, 6, 4, {20, 200, 20, 255}, 2}};
    for (const Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff, Format::Bmp})
        save("colour" + std::string(image::extensionOf(format)), encoded(colour, format, 80));
    for (const Format format : {Format::Png, Format::WebP, Format::Tiff})
        save("alpha" + std::string(image::extensionOf(format)), encoded(clear, format, 100));
    for (const Format format : {Format::Jpeg, Format::Png, Format::Tiff})
        save("grey" + std::string(image::extensionOf(format)), encoded(grey, format));
    save("deep.png", encoded(deep, Format::Png));
    save("deep.tif", encoded(deep, Format::Tiff));
    save("cmyk.jpg", cmykJpeg(8, 8, {10, 80, 160, 30}, false, true));
    save("ycck.jpg", cmykJpeg(8, 8, {10, 80, 160, 30}, true, true));
    save("progressive.jpg", progressiveJpeg(16, 16, 1));
    save("two.mpo", mpoFile({encoded(grey, Format::Jpeg), encoded(colour, Format::Jpeg, 60)}));
    save("pages.tif", tiffPages({plain(6, 4, 1, 2, 3), plain(3, 7, 9, 8, 7)}));
    save("frames.gif", gifFile(12, 8, patches));
    save("interlaced.gif", gifFile(12, 8, {patches[0]}, true));
    save("frames.png", apngFile(12, 8, patches));
    save("still-and-frames.png", apngFile(12, 8, patches, false));
    save("frames.webp", webpFrames({plain(8, 6, 200, 0, 0), plain(8, 6, 0, 200, 0)}));
    save("two.heic", heifFile({fields(16, 16), fields(16, 16)}));
    save("turned.avif", heifFile({fields(16, 16)}, {true, 6, exifWithOrientation(6), {}}));
    save("frames.jxl", jxlFile({fields(8, 6), fields(8, 6)}));
    save("turned.jxl", jxlFile({fields(8, 6)}, 6, exifWithOrientation(6)));
    for (const Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff})
        save("turned" + std::string(image::extensionOf(format)),
             withOrientation(encoded(colour, format), format, 6));
    const std::vector<std::pair<std::string, std::string>> metadata{
        {"Exif.Image.Make", "Maker"},
        {"Exif.Photo.UserComment", "seen"},
        {"Iptc.Application2.Caption", "a caption"},
        {"Xmp.dc.source", "a source"}};
    save("metadata.jpg", withMetadata(encoded(grey, Format::Jpeg), metadata, encoded(grey, Format::Jpeg)));
    save("metadata.png", withMetadata(encoded(grey, Format::Png), metadata));
    save("text.png",
         withPngChunk(encoded(grey, Format::Png), "tEXt", {'k', 'e', 'y', 0, 't', 'e', 'x', 't'}));
    save("palette.png",
         pngFile(3, 2, 8, 3, {pngChunk("PLTE", {1, 2, 3, 200, 100, 0})}, {0, 0, 1, 0, 0, 1, 1, 0}));
}

void weights(const fs::path& folder) {
    const auto save = [&](const std::string& name, std::string_view header, std::size_t payload) {
        Bytes bytes(8 + header.size() + payload, 1);
        const std::uint64_t length = header.size();
        std::memcpy(bytes.data(), &length, 8);
        std::memcpy(bytes.data() + 8, header.data(), header.size());
        writeFileAtomically(folder / name, bytes, IfExists::Replace);
    };
    save("nothing.safetensors", "{}", 0);
    save("two.safetensors",
         R"({"__metadata__":{"kind":"seed"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
         R"("b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}})",
         9);
    save("empty.safetensors", R"({"a":{"dtype":"I64","shape":[0,3],"data_offsets":[0,0]}})", 0);
    std::string all = "{";
    std::size_t at = 0;
    for (const auto& [name, bytes] : std::vector<std::pair<std::string, std::size_t>>{
             {"F64", 8}, {"F16", 2}, {"BF16", 2}, {"I32", 4}, {"I16", 2}, {"I8", 1}, {"BOOL", 1}}) {
        all.append(at == 0 ? "\"" : ",\"").append(name).append(R"(":{"dtype":")").append(name);
        all += R"(","shape":[1],"data_offsets":[)" + std::to_string(at) + "," + std::to_string(at + bytes) +
               "]}";
        at += bytes;
    }
    save("kinds.safetensors", all + "}", at);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    const fs::path folder = arguments[1];
    fs::create_directories(folder / "decoders");
    fs::create_directories(folder / "safetensors");
    pictures(folder / "decoders");
    weights(folder / "safetensors");
    return 0;
}
