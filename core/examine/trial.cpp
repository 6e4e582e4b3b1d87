#include "core/examine/trial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/base/file_io.h"
#include "core/base/random.h"
#include "core/examine/examiner_impl.h"
#include "core/image/decode.h"
#include "core/image/resample.h"
#include "core/metrics/quality.h"

namespace signet::examine {
namespace {

constexpr std::uint64_t kCodeStream = 21;
constexpr std::uint64_t kKeyStream = 22;

}  // namespace

image::Image centreSquare(const image::Image& image, int side) {
    const double scale = static_cast<double>(side) / std::min(image.width, image.height);
    const int width = std::max(side, static_cast<int>(std::lround(image.width * scale)));
    const int height = std::max(side, static_cast<int>(std::lround(image.height * scale)));
    const image::Image reduced = image::resize(image, width, height);
    image::Image square = image::makeImage(side, side, 3);
    const int left = (width - side) / 2;
    const int top = (height - side) / 2;
    for (int y = 0; y < side; ++y) {
        std::memcpy(
            square.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(side) * 3,
            reduced.data.data() + (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(width) +
                                   static_cast<std::size_t>(left)) *
                                      3,
            static_cast<std::size_t>(side) * 3);
    }
    return square;
}

image::Image plainPicture(const std::filesystem::path& path, int side) {
    image::Image plain = image::toRgb8(image::decode(readFile(path)).image);
    if (side > 0) plain = centreSquare(plain, side);
    refuseSmall(plain.width, plain.height);
    return plain;
}

std::vector<std::uint8_t> drawnCode(int bits, std::uint64_t seed) {
    StepRandom random(seed, kCodeStream, 0);
    std::vector<std::uint8_t> code;
    do {
        code.assign(static_cast<std::size_t>(bits), 1);
        for (auto& bit : code) bit = bits == 1 || random.chance(0.5);
    } while (std::find(code.begin(), code.end(), 1) == code.end());
    return code;
}

signature::SecretKey drawnKey(std::uint64_t seed, std::uint64_t number) {
    StepRandom random(seed, kKeyStream, number);
    std::array<std::uint8_t, signature::SecretKey::kBytes> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.bits());
    return signature::SecretKey(bytes);
}

Trial signedTrial(LoadedModel& model, image::Image plain, std::vector<std::uint8_t> code,
                  const signature::EmbeddingOptions& embedding, int threads,
                  const signature::SecretKey& key) {
    Trial trial;
    trial.plain = std::move(plain);
    trial.code = std::move(code);
    double squaredError = 0;
    trial.marked = image::addResidual(
        trial.plain,
        model.injector().residual(trial.plain, {.code = trial.code, .key = &key, .embedding = embedding}), 1,
        threads, &squaredError);
    trial.psnrDb = metrics::psnrFromMse(squaredError / (3.0 * static_cast<double>(trial.plain.pixelCount())));
    return trial;
}

Trial makeTrial(LoadedModel& model, const std::filesystem::path& path, int side,
                const signature::EmbeddingOptions& embedding, std::uint64_t seed, int threads) {
    return signedTrial(model, plainPicture(path, side), drawnCode(model.detector().bits(), seed), embedding,
                       threads);
}

}  // namespace signet::examine
