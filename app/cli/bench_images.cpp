#include "app/cli/bench_images.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resample.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

constexpr std::array<const char*, kSampleCount> kSamples{"astronaut.png", "chelsea.png", "coffee.png",
                                                         "rocket.jpg", "hubble_deep_field.jpg"};
constexpr int kGrainSide = 512;      ///< px of the grain tile that is repeated with changing offsets
constexpr double kGrainSigma = 6.0;  ///< 8-bit units: 12 megapixels at quality 92 then take about 4 MB
constexpr int kQuality = 92;

std::vector<int> makeGrain(std::mt19937& random) {
    std::normal_distribution<double> normal(0.0, kGrainSigma);
    std::vector<int> grain(static_cast<std::size_t>(kGrainSide) * kGrainSide);
    for (int& g : grain) g = static_cast<int>(std::clamp(normal(random), -127.0, 127.0));
    return grain;
}

}  // namespace

image::Image samplePicture(int index, int width, int height) {
    const fs::path sample =
        dataFolder() / "resources/samples" / kSamples[static_cast<std::size_t>(index % kSampleCount)];
    if (!fs::exists(sample))
        throw Error(ErrorCode::Environment, "the sample " + sample.string() + " is missing");
    return image::resize(image::toRgb8(image::decode(readFile(sample)).image), width, height);
}

image::Image benchPicture(int index, int width, int height) {
    image::Image picture = samplePicture(index, width, height);
    std::mt19937 random(static_cast<unsigned>(index));
    const std::vector<int> grain = makeGrain(random);
    for (int y = 0; y < height; ++y) {
        const std::size_t row = random() % kGrainSide;
        const std::size_t offset = random() % kGrainSide;
        std::uint8_t* pixel = picture.data.data() + static_cast<std::size_t>(y) * width * 3;
        for (int x = 0; x < width; ++x) {
            const int g = grain[row * kGrainSide + (offset + static_cast<std::size_t>(x)) % kGrainSide];
            for (int c = 0; c < 3; ++c, ++pixel)
                *pixel = static_cast<std::uint8_t>(std::clamp(*pixel + g, 0, 255));
        }
    }
    return picture;
}

std::vector<fs::path> writeBenchJpegs(const fs::path& folder, int n, int width, int height,
                                      const std::stop_token& stop) {
    std::vector<fs::path> files;
    for (int i = 0; i < n; ++i) {
        if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped while making test images");
        const auto bytes =
            image::encode(benchPicture(i, width, height),
                          {.format = image::Format::Jpeg, .quality = kQuality, .subsample = true});
        files.push_back(folder / fmt::format("{:03}.jpg", i));
        writeFileAtomically(files.back(), bytes, IfExists::Refuse);
    }
    return files;
}

}  // namespace signet::cli
