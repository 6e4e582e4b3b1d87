#include "core/attacks/paper_augmentation.h"

#include <fmt/format.h>

#include <cmath>

#include "core/attacks/pixel_ops.h"
#include "core/base/error.h"
#include "core/base/random.h"

namespace signet::attacks {
namespace {

constexpr double kMaxDegrees = 30;
constexpr double kMinVariance = 0.01;
constexpr double kMaxVariance = 10;
constexpr double kMinCodeSigma = 0.01;
constexpr double kMaxCodeSigma = 1;
constexpr int kCodeSigmas = 10;
constexpr int kCodeKernel = 5;

}  // namespace

Json PaperAugmentation::toJson() const {
    return {{"source", source == Source::Text ? "text" : "code"}};
}

PaperAugmentation PaperAugmentation::fromJson(const Json& json) {
    const Json source = json.is_object() ? json.value("source", Json("text")) : Json();
    const std::string name = source.is_string() ? source.get<std::string>() : source.dump();
    if (name == "text") return {Source::Text};
    if (name == "code") return {Source::Code};
    throw Error(ErrorCode::BadOption,
                fmt::format("paper augmentation source \"{}\": give text or code", name));
}

PaperDraw drawPaperAugmentation(const PaperAugmentation& options, std::uint64_t seed) {
    StepRandom random(seed, 0, 0);
    PaperDraw draw;
    if (options.source == PaperAugmentation::Source::Text) {
        draw.rotationDegrees = random.uniform(-kMaxDegrees, kMaxDegrees);
        draw.blurSigma = std::sqrt(random.uniform(kMinVariance, kMaxVariance));
    } else {
        draw.rotationDegrees = static_cast<double>(random.index(61)) - kMaxDegrees;
        const auto place = static_cast<double>(random.index(kCodeSigmas));
        draw.blurSigma = kMinCodeSigma + (kMaxCodeSigma - kMinCodeSigma) * place / (kCodeSigmas - 1);
    }
    draw.flip = random.chance(0.5);
    return draw;
}

image::Image applyPaperAugmentation(const image::Image& image, const PaperAugmentation& options,
                                    const PaperDraw& draw) {
    image::Image out = image::toRgb8(image);
    if (options.source == PaperAugmentation::Source::Text) {
        out = rotate(out, draw.rotationDegrees, Interpolation::Bilinear);
        out = blur(out, draw.blurSigma);
    } else {
        out = rotate(out, draw.rotationDegrees, Interpolation::Nearest);
        out = blurGreyPadded(out, draw.blurSigma, kCodeKernel);
    }
    return draw.flip ? flip(out) : out;
}

}  // namespace signet::attacks
