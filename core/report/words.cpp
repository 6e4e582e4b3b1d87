#include "core/report/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <vector>

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
    static const std::map<std::string, std::string> kNames{
        {"jpeg", "JPEG"}, {"png", "PNG"},   {"webp", "WebP"}, {"tiff", "TIFF"},
        {"bmp", "BMP"},   {"gif", "GIF"},   {"heif", "HEIF"}, {"avif", "AVIF"},
        {"rgb", "RGB"},   {"cmyk", "CMYK"}, {"lab", "Lab"},   {"ycck", "YCCK"}};
    const auto named = [&](const std::string& key) {
        const auto known = kNames.find(key);
        return known == kNames.end() ? visible(key) : known->second;
    };
    std::string colour = d.value("colour", "");
    const auto plus = colour.find('+');
    colour = named(colour.substr(0, plus)) +
             (plus == std::string::npos ? "" : " with " + visible(colour.substr(plus + 1)));
    ImageWords words;
    words.image = fmt::format("{} × {} px, {}, {} bit{} a channel, {}", record.value("width", 0),
                              record.value("height", 0), named(record.value("format", "")),
                              d.value("bit_depth", 0), d.value("bit_depth", 0) == 1 ? "" : "s", colour);
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
    if (what == "fingerprint") what = "registered code";
    what = spaced(what);
    return colon == std::string::npos ? what : what + " " + visible(subject.substr(colon + 1));
}

std::string commentOf(const cases::Finding& finding) {
    const bool noted = finding.params.is_object() && finding.params.value("integrity", false);
    return noted ? shownName(finding.comment) : visible(finding.comment);
}

}  // namespace signet::report
