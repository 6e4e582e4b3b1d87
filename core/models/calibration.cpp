#include "core/models/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace signet::models {
namespace {

std::vector<float> floats(const Json& json, const char* key) {
    auto values = json.at(key).get<std::vector<float>>();
    if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
        throw Error(ErrorCode::Corrupt, fmt::format("\"{}\" holds a number that is too large", key));
    return values;
}

int integer(const Json& json, const char* key) {
    return strictValue<int>(json.at(key), key);
}

}  // namespace

Calibration calibrationFromJson(const Json& json) {
    Calibration c;
    c.negatives = json.value("negatives", c.negatives);
    c.imagesSha256 = json.at("images_sha256").get<std::string>();
    c.codecs = json.at("codecs").get<std::vector<std::string>>();
    c.photographs = integer(json, "photographs");
    if (json.contains("unsigned_photographs")) c.unsignedPhotographs = integer(json, "unsigned_photographs");
    if (json.contains("originals")) c.originals = integer(json, "originals");
    if (json.contains("side")) c.side = integer(json, "side");
    c.unsignedScores = floats(json, "unsigned_scores");
    c.signedScores = floats(json, "signed_scores");
    if (json.contains("unsigned_maxima")) c.unsignedMaxima = floats(json, "unsigned_maxima");
    c.threshold = json.at("threshold").get<double>();
    c.balancedThreshold = json.at("balanced_threshold").get<double>();
    c.lowerThreshold = json.at("lower_threshold").get<double>();
    c.falsePositives = integer(json, "false_positives");
    c.bitTemperature = json.at("bit_temperature").get<double>();
    return c;
}

Json toJson(const Calibration& c) {
    const auto rounded = [](const std::vector<float>& values) {
        Json list = Json::array();
        for (const float value : values) list.push_back(std::round(static_cast<double>(value) * 1000) / 1000);
        return list;
    };
    Json json = {{"negatives", c.negatives},
                 {"images_sha256", c.imagesSha256},
                 {"codecs", c.codecs},
                 {"photographs", c.photographs},
                 {"side", c.side},
                 {"threshold", c.threshold},
                 {"balanced_threshold", c.balancedThreshold},
                 {"lower_threshold", c.lowerThreshold},
                 {"false_positives", c.falsePositives},
                 {"bit_temperature", c.bitTemperature},
                 {"unsigned_scores", rounded(c.unsignedScores)},
                 {"signed_scores", rounded(c.signedScores)}};
    if (c.unsignedPhotographs > 0) json["unsigned_photographs"] = c.unsignedPhotographs;
    if (c.originals > 0) json["originals"] = c.originals;
    if (!c.unsignedMaxima.empty()) json["unsigned_maxima"] = rounded(c.unsignedMaxima);
    return json;
}

}  // namespace signet::models
