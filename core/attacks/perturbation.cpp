#include "core/attacks/perturbation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/attacks/paper_augmentation.h"
#include "core/attacks/pixel_ops.h"
#include "core/base/error.h"
#include "core/base/random.h"

namespace signet::attacks {
namespace {

struct KindInfo {
    Kind kind;
    std::string_view name;
    bool takesValue;
    double low;
    double high;
    bool integer;
    std::string_view meaning;
};

constexpr std::array kKinds{
    KindInfo{Kind::None, "none", false, 0, 0, false, "nothing"},
    KindInfo{Kind::Jpeg, "jpeg", true, 1, 100, true, "JPEG round trip at this quality (4:2:0)"},
    KindInfo{Kind::WebP, "webp", true, 1, 100, true, "WebP round trip at this quality (100: lossless)"},
    KindInfo{Kind::Resize, "resize", true, 0.05, 1, false, "to this share of each side and back"},
    KindInfo{Kind::Crop, "crop", true, 0.01, 1, false,
             "centre crop to this share of the area; the image gets smaller"},
    KindInfo{Kind::CropResize, "cropresize", true, 0.01, 1, false,
             "the same crop, resized back to the original size"},
    KindInfo{Kind::Rotate, "rotate", true, -180, 180, false,
             "degrees counter-clockwise about the centre; size kept, outside grey 128"},
    KindInfo{Kind::Flip, "flip", false, 0, 0, false, "mirror left to right"},
    KindInfo{Kind::Blur, "blur", true, 0.05, 50, false, "Gaussian blur, sigma in pixels"},
    KindInfo{Kind::Noise, "noise", true, 0.001, 1, false,
             "Gaussian noise, sigma as a share of the full range; seeded"},
    KindInfo{Kind::Brightness, "brightness", true, 0, 10, false, "samples times this factor"},
    KindInfo{Kind::Contrast, "contrast", true, 0, 10, false,
             "distance from the mean luminance times this factor"},
    KindInfo{Kind::PaperText, "paper-text", false, 0, 0, false,
             "rotation, blur and flip as drawn in paper A's text; seeded"},
    KindInfo{Kind::PaperCode, "paper-code", false, 0, 0, false,
             "rotation, blur and flip as drawn in paper A's code; seeded"},
};

const KindInfo& infoOf(Kind kind) {
    return *std::find_if(kKinds.begin(), kKinds.end(),
                         [&](const KindInfo& info) { return info.kind == kind; });
}

[[noreturn]] void refuse(std::string_view step, const std::string& why) {
    throw Error(ErrorCode::BadOption, fmt::format("attack step \"{}\": {}", step, why));
}

std::string rangeOf(const KindInfo& info) {
    return fmt::format("{}{} to {}", info.integer ? "a whole number from " : "from ", info.low, info.high);
}

void checkValue(const KindInfo& info, double value, std::string_view step) {
    const bool whole = !info.integer || value == std::floor(value);
    if (!info.takesValue || (value >= info.low && value <= info.high && whole)) return;
    refuse(step, fmt::format("the value of {} is {}", info.name, rangeOf(info)));
}

const KindInfo& infoOf(std::string_view name, std::string_view step) {
    for (const KindInfo& info : kKinds) {
        if (info.name == name) return info;
    }
    std::string names;
    for (const KindInfo& info : kKinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", info.name);
    refuse(step, fmt::format("there is no \"{}\"; there are {}", name, names));
}

Step parseStep(std::string_view text) {
    const std::size_t colon = text.find(':');
    const KindInfo& info = infoOf(text.substr(0, colon), text);
    if (!info.takesValue) {
        if (colon != std::string_view::npos) refuse(text, fmt::format("{} takes no value", info.name));
        return {info.kind, 0};
    }
    if (colon == std::string_view::npos) {
        refuse(text, fmt::format("give its value, {}, as in {}:{}", rangeOf(info), info.name, info.high));
    }
    const std::string_view number = text.substr(colon + 1);
    double value = 0;
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (problem != std::errc{} || end != number.data() + number.size() || !std::isfinite(value)) {
        refuse(text, fmt::format("\"{}\" is not a number; the value of {} is {}", number, info.name,
                                 rangeOf(info)));
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
    return info.takesValue ? fmt::format("{}:{}", info.name, step.value) : std::string(info.name);
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

image::Image applyStep(const image::Image& image, const Step& step, std::uint64_t seed) {
    switch (step.kind) {
        case Kind::None:
            return image;
        case Kind::Jpeg:
            return codecRoundTrip(image, image::Format::Jpeg, static_cast<int>(step.value));
        case Kind::WebP:
            return codecRoundTrip(image, image::Format::WebP, static_cast<int>(step.value));
        case Kind::Resize:
            return resizeAndBack(image, step.value);
        case Kind::Crop:
            return cropToArea(image, step.value);
        case Kind::CropResize:
            return image::resize(cropToArea(image, step.value), image.width, image.height);
        case Kind::Rotate:
            return rotate(image, step.value, Interpolation::Bilinear);
        case Kind::Flip:
            return flip(image);
        case Kind::Blur:
            return blur(image, step.value);
        case Kind::Noise:
            return addNoise(image, step.value, seed);
        case Kind::Brightness:
            return scaleAbout(image, step.value, 0);
        case Kind::Contrast:
            return scaleAbout(image, step.value, meanLuminance(image));
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
        if (info.takesValue) item["value"] = step.value;
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
            const Step step{info.kind, info.takesValue ? item.at("value").get<double>() : 0};
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
    for (const KindInfo& info : kKinds) {
        const std::string range = info.takesValue ? fmt::format("{}:{}..{}", info.name, info.low, info.high)
                                                  : std::string(info.name);
        out += fmt::format("  {:22} {}\n", range, info.meaning);
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
