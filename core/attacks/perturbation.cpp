#include "core/attacks/perturbation.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/attacks/colour_ops.h"
#include "core/attacks/compositing_ops.h"
#include "core/attacks/degradation_ops.h"
#include "core/attacks/geometric_ops.h"
#include "core/attacks/palette.h"
#include "core/attacks/paper_augmentation.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/image/resample.h"

namespace signet::attacks {
namespace {

[[noreturn]] void refuse(std::string_view step, const std::string& why) {
    throw Error(ErrorCode::BadOption, fmt::format("attack step \"{}\": {}", step, why));
}

/// "from 0.05 to 50", "a whole number from 1 to 100", "3, 5 or 7"
std::string rangeOf(const ValueRange& range) {
    if (range.spacing == 0) return fmt::format("from {} to {}", range.low, range.high);
    if (range.spacing == 1) return fmt::format("a whole number from {} to {}", range.low, range.high);
    std::string values;
    for (double value = range.low; value < range.high; value += range.spacing)
        values += fmt::format("{}{}", values.empty() ? "" : ", ", value);
    return fmt::format("{} or {}", values, range.high);
}

void checkValue(const KindInfo& info, double value, std::string_view step) {
    if (info.range && !info.range->holds(value))
        refuse(step, fmt::format("the value of {} is {}", info.name, rangeOf(*info.range)));
}

const KindInfo& infoOf(std::string_view name, std::string_view step) {
    if (const KindInfo* info = findKind(name)) return *info;
    std::string names;
    for (const KindInfo& info : kinds()) names += fmt::format("{}{}", names.empty() ? "" : ", ", info.name);
    refuse(step, fmt::format("there is no \"{}\"; there are {}", name, names));
}

Step parseStep(std::string_view text) {
    const std::size_t colon = text.find(':');
    const KindInfo& info = infoOf(text.substr(0, colon), text);
    if (!info.range) {
        if (colon != std::string_view::npos) refuse(text, fmt::format("{} takes no value", info.name));
        return {info.kind, 0};
    }
    if (colon == std::string_view::npos) {
        refuse(text, fmt::format("give its value, {}, as in {}:{}", rangeOf(*info.range), info.name,
                                 info.range->high));
    }
    const std::string_view number = text.substr(colon + 1);
    double value = 0;
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (problem != std::errc{} || end != number.data() + number.size() || !std::isfinite(value)) {
        refuse(text, fmt::format("\"{}\" is not a number; the value of {} is {}", number, info.name,
                                 rangeOf(*info.range)));
    }
    checkValue(info, value, text);
    return {info.kind, value};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string toText(const Step& step) {
    const KindInfo& info = infoOf(step.kind);
    return info.range ? fmt::format("{}:{}", info.name, step.value) : std::string(info.name);
}

image::Image applyPaper(const image::Image& image, PaperAugmentation::Source source, std::uint64_t seed) {
    const PaperAugmentation options{source};
    return applyPaperAugmentation(image, options, drawPaperAugmentation(options, seed));
}

/// Another stream of random numbers for every step of a chain.
std::uint64_t seedOfStep(std::uint64_t seed, std::size_t step) {
    constexpr std::uint64_t kStream = 0x61747461636bull;  // "attack"
    return StepRandom(seed, kStream, step).bits();
}

/// Degrees, each as likely.
double drawnAngle(std::uint64_t seed) {
    return StepRandom(seed, 0, 0).uniform(-180, 180);
}

image::Image applyStep(const image::Image& image, const Step& step, std::uint64_t seed) {
    switch (step.kind) {
        case Kind::None:
            return image;
        case Kind::Jpeg:
            return codecRoundTrip(image, image::Format::Jpeg, static_cast<int>(step.value));
        case Kind::WebP:
            return codecRoundTrip(image, image::Format::WebP, static_cast<int>(step.value));
        case Kind::Avif:
            return codecRoundTrip(image, image::Format::Avif, static_cast<int>(step.value));
        case Kind::Resize:
            return image::resize(scale(image, step.value), image.width, image.height);
        case Kind::Scale:
            return scale(image, step.value);
        case Kind::Blur:
            return blur(image, step.value);
        case Kind::Median:
            return median(image, static_cast<int>(step.value));
        case Kind::Noise:
            return addNoise(image, step.value, seed);
        case Kind::Crop:
            return cropToArea(image, step.value);
        case Kind::CropResize:
            return image::resize(cropToArea(image, step.value), image.width, image.height);
        case Kind::CropAt:
            return cropToAreaAnywhere(image, step.value, seed);
        case Kind::CropAspect:
            return cropToAspect(image, step.value, seed);
        case Kind::Rotate:
            return rotate(image, step.value, Interpolation::Bilinear);
        case Kind::RotateOut:
            return rotate(image, step.value, Interpolation::Bilinear, Canvas::Enlarged);
        case Kind::RotateAny:
            return rotate(image, drawnAngle(seed), Interpolation::Bilinear);
        case Kind::RotateOutAny:
            return rotate(image, drawnAngle(seed), Interpolation::Bilinear, Canvas::Enlarged);
        case Kind::Turn:
            return turn(image, static_cast<int>(step.value));
        case Kind::Flip:
            return flip(image);
        case Kind::FlipVertical:
            return flipVertical(image);
        case Kind::Stretch:
            return stretch(image, step.value, seed);
        case Kind::Perspective:
            return moveCorners(image, step.value, seed);
        case Kind::Brightness:
            return scaleAbout(image, step.value, 0);
        case Kind::Contrast:
            return scaleAbout(image, step.value, meanLuminance(image));
        case Kind::Gamma:
            return raiseToGamma(image, step.value);
        case Kind::Equalise:
            return equalise(image);
        case Kind::Grey:
            return saturate(image, 0);
        case Kind::Saturation:
            return saturate(image, step.value);
        case Kind::Hue:
            return moveHue(image, step.value);
        case Kind::Posterise:
            return posterise(image, static_cast<int>(step.value));
        case Kind::Palette:
            return reduceToPalette(image, static_cast<int>(step.value));
        case Kind::Overlay:
            return overlayPlate(image, step.value, seed);
        case Kind::Paste:
            return pasteOnPage(image, step.value, seed);
        case Kind::PaperText:
            return applyPaper(image, PaperAugmentation::Source::Text, seed);
        case Kind::PaperCode:
            return applyPaper(image, PaperAugmentation::Source::Code, seed);
    }
    throw Error(ErrorCode::Internal, "unknown attack step");
}

}  // namespace

Perturbation parsePerturbation(std::string_view spec) {
    Perturbation out;
    for (const std::string_view part : split(spec, '+')) {
        if (part.empty()) refuse(spec, "a step is missing; steps are joined by +, as in resize:0.5+jpeg:75");
        const Step step = parseStep(part);
        if (step.kind != Kind::None) out.steps.push_back(step);
    }
    return out;
}

std::vector<Perturbation> parsePerturbationList(std::string_view specs) {
    std::vector<Perturbation> out;
    for (const std::string_view spec : split(specs, ',')) out.push_back(parsePerturbation(spec));
    return out;
}

std::string toSpec(const Perturbation& perturbation) {
    std::string out;
    for (const Step& step : perturbation.steps) out += (out.empty() ? "" : "+") + toText(step);
    return out.empty() ? "none" : out;
}

Json toJson(const Perturbation& perturbation) {
    Json out = Json::array();
    for (const Step& step : perturbation.steps) {
        const KindInfo& info = infoOf(step.kind);
        Json item{{"name", info.name}};
        if (info.range) item["value"] = step.value;
        out.push_back(std::move(item));
    }
    return out;
}

Perturbation perturbationFromJson(const Json& json) {
    Perturbation out;
    try {
        for (const Json& item : json) {
            const auto name = item.at("name").get<std::string>();
            const KindInfo& info = infoOf(name, name);
            const Step step{info.kind, info.range ? item.at("value").get<double>() : 0};
            checkValue(info, step.value, toText(step));
            if (step.kind != Kind::None) out.steps.push_back(step);
        }
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::BadOption, fmt::format("attack steps: {}", error.what()));
    }
    return out;
}

std::string perturbationHelp() {
    std::string out;
    for (const KindInfo& info : kinds()) {
        const std::string spec = info.range
                                     ? fmt::format("{}:{}..{}", info.name, info.range->low, info.range->high)
                                     : std::string(info.name);
        out += fmt::format("  {:22} {}\n", spec, info.meaning);
    }
    return out;
}

image::Image apply(const image::Image& image, const Perturbation& perturbation, std::uint64_t seed) {
    if (image.channels != 3 || image.depth != 8) return apply(image::toRgb8(image), perturbation, seed);
    if (perturbation.steps.empty()) return image;
    image::Image out;
    for (std::size_t i = 0; i < perturbation.steps.size(); ++i) {
        const Step& step = perturbation.steps[i];
        checkValue(infoOf(step.kind), step.value, toText(step));
        out = applyStep(i == 0 ? image : out, step, seedOfStep(seed, i));
    }
    return out;
}

}  // namespace signet::attacks
