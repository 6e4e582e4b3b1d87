#include "core/report/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
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
        else if (key == "keys" && value.is_array())
            parts.push_back((value.size() == 1 ? "key tried: " : "keys tried: ") + valueInWords(value));
        else
            parts.push_back(spaced(key) + ": " + valueInWords(value));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

ImageWords imageInWords(const examine::Record& record) {
    const image::DecodeInfo& d = record.decode;
    if (record.width <= 0 || d.decoder.empty()) return {};
    const auto plus = d.colour.find('+');
    const std::string colour =
        colourInWords(d.colour.substr(0, plus)) +
        (plus == std::string::npos ? "" : " with " + visible(d.colour.substr(plus + 1)));
    ImageWords words;
    words.image = fmt::format("{} × {} px, {}, {} bit{} a channel, {}", record.width, record.height,
                              image::displayName(d.format), d.bitDepth, d.bitDepth == 1 ? "" : "s", colour);
    if (d.frames > 1)
        words.image +=
            fmt::format(", {} {} of {} in the file", image::frameWord(d.format), d.frame, d.frames);
    words.decoding =
        fmt::format("{}, {}, {}", visible(d.decoder),
                    d.scaleDenominator > 1 ? fmt::format("reduced to 1/{} of its side", d.scaleDenominator)
                                           : "at full size",
                    d.orientation == 1 ? "upright as stored"
                    : d.orientationApplied
                        ? fmt::format("turned or mirrored as its EXIF orientation {} asks", d.orientation)
                        : fmt::format("as stored; its EXIF orientation {} was not applied", d.orientation));
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
