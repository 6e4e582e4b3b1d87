#include "core/report/model_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/cases/match.h"
#include "core/examine/findings.h"
#include "core/image/jpeg_quality.h"

namespace signet::report {
namespace {

/// Tells a frame that was located elsewhere from the rounding of one that was not, in units of half the
/// image.
constexpr double kMovedFrame = 0.1;

template <class T>
T valueOr(const Json& json, const char* key, T fallback) {
    const auto found = json.find(key);
    if (found == json.end()) return fallback;
    if constexpr (std::is_same_v<T, std::string>) {
        return found->is_string() ? found->get<T>() : fallback;
    } else if constexpr (std::is_same_v<T, bool>) {
        return found->is_boolean() ? found->get<T>() : fallback;
    } else {
        return found->is_number() ? found->get<T>() : fallback;
    }
}

const Json& objectAt(const Json& json, const char* key) {
    static const Json kNothing = Json::object();
    const auto found = json.find(key);
    return found != json.end() && found->is_object() ? *found : kNothing;
}

std::optional<CodeResult> codeOf(const examine::Finding& finding) {
    if (!finding.code) return std::nullopt;
    const examine::CodeReading& read = *finding.code;
    CodeResult code{read.hex, read.bits, {}, {}};
    if (finding.presence != examine::Presence::Present) return code;
    code.meanConfidence = code.lowestConfidence = read.confidence;
    if (!read.bitConfidence.empty())
        code.lowestConfidence = *std::min_element(read.bitConfidence.begin(), read.bitConfidence.end());
    return code;
}

/// The lowest quality of a codec among a calibration's, e.g. 50 of "jpeg:50"; nothing where it has none.
std::optional<int> lowestQuality(const models::Calibration& calibration, std::string_view codec) {
    std::optional<int> lowest;
    for (const std::string& spec : calibration.codecs) {
        if (!spec.starts_with(codec) || spec.size() <= codec.size() || spec[codec.size()] != ':') continue;
        int quality = 0;
        const char* begin = spec.data() + codec.size() + 1;
        const auto [stop, problem] = std::from_chars(begin, spec.data() + spec.size(), quality);
        if (problem == std::errc{} && stop == spec.data() + spec.size())
            lowest = std::min(lowest.value_or(quality), quality);
    }
    return lowest;
}

bool isLosslessWebp(std::span<const std::uint8_t> head) {
    return head.size() >= 16 && std::memcmp(head.data(), "RIFF", 4) == 0 &&
           std::memcmp(head.data() + 8, "WEBPVP8L", 8) == 0;
}

std::string formatProblem(const models::Calibration& calibration, const ExhibitCondition& exhibit) {
    if (exhibit.format == "png" || exhibit.format == "tiff" || exhibit.format == "bmp") return {};
    if (exhibit.format == "jpeg") {
        if (calibration.isAsTheyAre())
            return "it is a JPEG, and of which qualities the calibration's photographs were is not recorded";
        const auto lowest = lowestQuality(calibration, "jpeg");
        if (!lowest) return "it is a JPEG, and the calibration holds none";
        if (!exhibit.jpegQuality) return "its JPEG quality cannot be told from the file";
        if (*exhibit.jpegQuality < *lowest) {
            return fmt::format("its JPEG quality is about {}, under the calibration's lowest of {}",
                               *exhibit.jpegQuality, *lowest);
        }
        return {};
    }
    if (exhibit.format == "webp") {
        return exhibit.losslessWebp ? std::string()
                                    : "the quality of a lossy WebP cannot be told from the file";
    }
    return fmt::format("its format ({}) is unknown to the calibration",
                       exhibit.format.empty() ? "not recorded" : exhibit.format);
}

}  // namespace

std::string codeState(const ModelResult& result) {
    const bool matches = result.match && result.match->answer() == cases::MatchAnswer::Match;
    return matches ? "matches a registered code" : std::string(examine::kUnverified);
}

std::vector<ModelResult> modelResults(const Json& record) {
    std::vector<ModelResult> results;
    const auto findings = record.find("findings");
    if (findings == record.end() || !findings->is_array()) return results;
    for (const Json& f : *findings) {
        if (!f.is_object()) continue;
        ModelResult r;
        r.model = valueOr<std::string>(f, "model", "");
        r.sha256 = valueOr<std::string>(f, "model_sha256", "");
        r.presence = valueOr<std::string>(f, "presence", "");
        if (const auto answer = f.find("signed"); answer != f.end() && answer->is_boolean())
            r.isSigned = answer->get<bool>();
        r.score = valueOr(f, "score_logit", 0.0);
        r.threshold = valueOr(f, "threshold", 0.0);
        r.lowerThreshold = valueOr(f, "lower_threshold", r.threshold);
        const Json& fpr = objectAt(f, "fpr");
        r.fpr = valueOr(fpr, "value", 0.0);
        r.fprUpper95 = valueOr(fpr, "upper95", 1.0);
        r.fprPhotographs = valueOr(fpr, "n", 0);
        r.hypotheses = std::max(1, valueOr(f, "hypotheses", 1));
        r.code = codeOf(examine::findingFromJson(f));
        r.match = cases::matchFromJson(f);
        if (const auto g = f.find("geometry"); g != f.end() && g->is_array() && g->size() == 6) {
            for (std::size_t i = 0; i < 6; ++i)
                if ((*g)[i].is_number()) r.geometry[i] = (*g)[i].get<double>();
        }
        const Json& tiles = objectAt(f, "tiles");
        r.tiles = valueOr(tiles, "columns", 0) * valueOr(tiles, "rows", 0);
        r.bestTile = valueOr(tiles, "best_logit", 0.0);
        results.push_back(std::move(r));
    }
    return results;
}

ExhibitCondition exhibitCondition(const Json& record, std::span<const std::uint8_t> head) {
    ExhibitCondition condition;
    condition.format = valueOr<std::string>(record, "format", "");
    condition.width = valueOr(record, "width", 0);
    condition.height = valueOr(record, "height", 0);
    if (const auto quality = image::estimateJpegQuality(head)) condition.jpegQuality = quality->quality;
    condition.losslessWebp = isLosslessWebp(head);
    return condition;
}

std::vector<std::string> outsideConditions(const models::Calibration& calibration,
                                           const ExhibitCondition& exhibit, const ModelResult& result) {
    std::vector<std::string> reasons;
    if (const std::string format = formatProblem(calibration, exhibit); !format.empty())
        reasons.push_back(format);
    if (std::min(exhibit.width, exhibit.height) < calibration.side) {
        reasons.push_back(fmt::format("it has {} × {} px, less than the calibration's {} × {} px",
                                      exhibit.width, exhibit.height, calibration.side, calibration.side));
    }
    constexpr std::array<double, 6> kIdentity{1, 0, 0, 0, 1, 0};
    double moved = 0;
    for (std::size_t i = 0; i < 6; ++i) moved = std::max(moved, std::abs(result.geometry[i] - kIdentity[i]));
    const bool reportedAbsent = result.isSigned.has_value() && !*result.isSigned;
    if (!reportedAbsent && moved > kMovedFrame)
        reasons.push_back(
            "the signature was read from a turned, mirrored or cropped frame, which the calibration "
            "does not hold");
    return reasons;
}

std::string conditionOf(const models::Calibration& calibration) {
    if (calibration.isAsTheyAre())
        return fmt::format("photographs as they are, of at least {0} px a side", calibration.side);
    std::string codecs;
    for (std::size_t i = 0; i < calibration.codecs.size(); ++i) {
        if (i > 0) codecs += i + 1 == calibration.codecs.size() ? " or " : ", ";
        codecs += calibration.codecs[i] == "none" ? "unchanged" : calibration.codecs[i];
    }
    return fmt::format("photographs reduced to {0} × {0} px ({1})", calibration.side, codecs);
}

}  // namespace signet::report
