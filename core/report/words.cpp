#include "core/report/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "core/image/decode.h"
#include "core/report/report_text.h"

namespace signet::report {
namespace {

std::string spaced(std::string key) {
    std::replace(key.begin(), key.end(), '_', ' ');
    return visible(key);
}

std::string listed(const std::vector<std::string>& parts) {
    if (parts.size() < 2) return parts.empty() ? "none" : parts.front();
    const std::vector<std::string> head(parts.begin(), parts.end() - 1);
    return fmt::format("{} and {}", fmt::join(head, ", "), parts.back());
}

std::string valueInWords(const Json& value) {
    if (value.is_null()) return "none";
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_number()) return trueMinus(value.dump());
    if (value.is_string()) return embedded(oneLine(value.get<std::string>(), 200));
    std::vector<std::string> parts;
    for (const auto& [key, part] : value.items())
        parts.push_back(value.is_object() ? spaced(key) + " " + valueInWords(part) : valueInWords(part));
    return listed(parts);
}

/// Nothing for a format this version does not know.
std::optional<image::Format> formatOf(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(image::Format::Jxl); ++i)
        if (image::toString(static_cast<image::Format>(i)) == name) return static_cast<image::Format>(i);
    return std::nullopt;
}

/// "rgb" is "RGB": names that are letters alone are written large.
std::string colourInWords(std::string name) {
    static constexpr std::array kLetters{"rgb", "cmyk", "ycck"};
    if (std::find(kLetters.begin(), kLetters.end(), name) != kLetters.end())
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return visible(name);
}

}  // namespace

std::string settingsInWords(const Json& params) {
    if (!params.is_object() || params.empty()) return "not recorded";
    std::vector<std::string> parts;
    for (const auto& [key, value] : params.items()) {
        if (key == "models" && value.is_array())
            parts.push_back((value.size() == 1 ? "model " : "models ") + valueInWords(value));
        else if (key == "tiles" && value.is_boolean())
            parts.push_back(value.get<bool>() ? "parts of the image (tiles) looked at as well"
                                              : "parts of the image (tiles) not looked at");
        else
            parts.push_back(spaced(key) + ": " + valueInWords(value));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

ImageWords imageInWords(const Json& record) {
    const auto decode = record.find("decode");
    if (!record.contains("width") || decode == record.end() || !decode->is_object()) return {};
    const Json& d = *decode;
    const auto format = formatOf(record.value("format", ""));
    std::string colour = d.value("colour", "");
    const auto plus = colour.find('+');
    colour = colourInWords(colour.substr(0, plus)) +
             (plus == std::string::npos ? "" : " with " + visible(colour.substr(plus + 1)));
    ImageWords words;
    words.image = fmt::format(
        "{} × {} px, {}, {} bit{} a channel, {}", record.value("width", 0), record.value("height", 0),
        format ? std::string(image::displayName(*format)) : visible(record.value("format", "")),
        d.value("bit_depth", 0), d.value("bit_depth", 0) == 1 ? "" : "s", colour);
    if (const int frames = d.value("frames", 1); frames > 1)
        words.image +=
            fmt::format(", {} {} of {} in the file", format ? image::frameWord(*format) : "picture",
                        d.value("frame", 1), frames);
    const int scale = d.value("scale_denominator", 1);
    const int orientation = d.value("orientation", 1);
    words.decoding =
        fmt::format("{}, {}, {}", visible(d.value("decoder", "")),
                    scale > 1 ? fmt::format("reduced to 1/{} of its side", scale) : "at full size",
                    orientation == 1 ? "upright as stored"
                    : d.value("orientation_applied", false)
                        ? fmt::format("turned or mirrored as its EXIF orientation {} asks", orientation)
                        : fmt::format("as stored; its EXIF orientation {} was not applied", orientation));
    return words;
}

std::string subjectInWords(const std::string& subject) {
    const auto colon = subject.find(':');
    std::string what = subject.substr(0, colon);
    if (what == "evidence") what = "exhibit";
    if (what == "audit" && colon != std::string::npos) what = "audit entry";
    if (what == "artifact") what = "evidence map";
    if (what == "fingerprint") what = "registered code";  // its name in entries up to schema 3
    what = spaced(what);
    return colon == std::string::npos ? what : what + " " + visible(subject.substr(colon + 1));
}

std::string subjectInWords(const cases::Problem& problem) {
    return problem.kind == "file" ? shownName(problem.subject) : subjectInWords(problem.subject);
}

std::string commentOf(const cases::Finding& finding) {
    const bool noted = finding.params.is_object() && finding.params.value("integrity", false);
    return noted ? shownName(finding.comment) : visible(finding.comment);
}

}  // namespace signet::report
