#include "core/attacks/paper_augmentation.h"

#include <fmt/format.h>

#include <cmath>

#include "core/attacks/degradation_ops.h"
#include "core/attacks/geometric_ops.h"
#include "core/base/error.h"
#include "core/base/random.h"

namespace signet::attacks {
namespace {

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
    return drawPaper(options.source, random);
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
