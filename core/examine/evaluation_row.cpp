#include "core/examine/evaluation_row.h"

#include <fmt/format.h>

#include <sstream>

#include "core/base/error.h"
#include "core/base/file_io.h"

namespace signet::examine {
namespace {

constexpr std::uint64_t kMaxBytes = 64ull << 20;

Json toJson(const TprAtFpr& t) {
    Json json = {{"value", nullptr}, {"fpr", t.fpr}, {"calibration_originals", t.calibrationOriginals}};
    if (t.found) {
        json.update(metrics::toJson(*t.found));
        json["threshold"] = t.threshold;
    } else {
        json["reason"] = t.reason;
    }
    return json;
}

TprAtFpr tprFrom(const Json& json) {
    TprAtFpr t;
    t.fpr = json.at("fpr").get<double>();
    t.calibrationOriginals = json.value("calibration_originals", 0);
    t.reason = json.value("reason", "");
    if (json.at("value").is_null()) return t;
    t.found = metrics::proportionFromJson(json);
    t.threshold = json.value("threshold", 0.0);
    return t;
}

/// Sets value where the key is there.
template <typename Value, typename Read>
void take(const Json& json, const char* key, Value& value, Read read) {
    if (const auto at = json.find(key); at != json.end() && !at->is_null()) value = read(*at);
}

}  // namespace

Json toJson(const EvaluationRow& r) {
    const SigningQuality& q = r.quality;
    Json json = {{"attack", r.attack},
                 {"n", r.truePositives.n},
                 {"model", r.model},
                 {"model_sha256", r.modelSha256},
                 {"images_sha256", r.imagesSha256},
                 {"in_training", r.inTraining ? Json(*r.inTraining) : Json(nullptr)},
                 {"psnr_db", metrics::toJson(q.psnrDb)},
                 {"ssim", metrics::toJson(q.ssim)},
                 {"visible",
                  {{"p99", metrics::toJson(q.visibleP99)},
                   {"p999", metrics::toJson(q.visibleP999)},
                   {"share_over_1", metrics::toJson(q.visibleShareOver1)},
                   {"pixels_per_degree", q.pixelsPerDegree}}},
                 {"balanced_threshold", r.balancedThreshold},
                 {"threshold", r.threshold},
                 {"presence_accuracy", metrics::toJson(r.presenceAccuracy)},
                 {"true_positives", metrics::toJson(r.truePositives)},
                 {"false_positives", metrics::toJson(r.falsePositives)},
                 {"auc", {{"value", r.auc}, {"ci95", metrics::toJson(r.aucCi95)}}}};
    if (r.tprAtFpr) json["tpr_at_fpr"] = toJson(*r.tprAtFpr);
    if (r.bitAccuracy) json["bit_accuracy"] = metrics::toJson(*r.bitAccuracy);
    if (r.exactCodeRate) json["exact_code_rate"] = metrics::toJson(*r.exactCodeRate);
    if (r.wrongCodeRate) json["wrong_code_rate"] = metrics::toJson(*r.wrongCodeRate);
    if (r.codeTprAtFpr) {
        json["code_tpr_at_fpr"] = metrics::toJson(r.codeTprAtFpr->found);
        json["code_tpr_at_fpr"]["matched_bits_needed"] = r.codeTprAtFpr->matchedBitsNeeded;
        json["code_tpr_at_fpr"]["geometries_tried"] = r.codeTprAtFpr->geometriesTried;
    }
    return json;
}

EvaluationRow evaluationRowFromJson(const Json& json) {
    EvaluationRow r;
    r.attack = json.at("attack").get<std::string>();
    r.model = json.value("model", "");
    r.modelSha256 = json.value("model_sha256", "");
    r.imagesSha256 = json.value("images_sha256", "");
    if (const auto seen = json.find("in_training"); seen != json.end() && seen->is_number_integer())
        r.inTraining = seen->get<int>();
    take(json, "psnr_db", r.quality.psnrDb, metrics::meanFromJson);
    take(json, "ssim", r.quality.ssim, metrics::meanFromJson);
    if (const auto seen = json.find("visible"); seen != json.end()) {
        take(*seen, "p99", r.quality.visibleP99, metrics::meanFromJson);
        take(*seen, "p999", r.quality.visibleP999, metrics::meanFromJson);
        take(*seen, "share_over_1", r.quality.visibleShareOver1, metrics::meanFromJson);
        r.quality.pixelsPerDegree = seen->value("pixels_per_degree", 0.0);
    }
    r.balancedThreshold = json.value("balanced_threshold", 0.0);
    r.threshold = json.at("threshold").get<double>();
    take(json, "presence_accuracy", r.presenceAccuracy, metrics::proportionFromJson);
    r.truePositives = metrics::proportionFromJson(json.at("true_positives"));
    take(json, "false_positives", r.falsePositives, metrics::proportionFromJson);
    if (const auto auc = json.find("auc"); auc != json.end()) {
        r.auc = auc->at("value").get<double>();
        r.aucCi95 = {auc->at("ci95").at(0).get<double>(), auc->at("ci95").at(1).get<double>()};
    }
    take(json, "tpr_at_fpr", r.tprAtFpr, tprFrom);
    take(json, "bit_accuracy", r.bitAccuracy, metrics::meanFromJson);
    take(json, "exact_code_rate", r.exactCodeRate, metrics::proportionFromJson);
    take(json, "wrong_code_rate", r.wrongCodeRate, metrics::proportionFromJson);
    take(json, "code_tpr_at_fpr", r.codeTprAtFpr, [](const Json& code) {
        return CodeTprAtFpr{metrics::proportionFromJson(code), code.at("matched_bits_needed").get<int>(),
                            code.at("geometries_tried").get<int>()};
    });
    return r;
}

void saveEvaluation(const models::Manifest& manifest, const std::vector<EvaluationRow>& rows) {
    std::string text;
    for (const EvaluationRow& row : rows) text += toJson(row).dump() + "\n";
    writeFileAtomically(manifest.folder / kEvaluationFile, text, IfExists::Replace);
}

std::vector<EvaluationRow> loadEvaluation(const models::Manifest& manifest) {
    const auto path = manifest.folder / kEvaluationFile;
    std::vector<EvaluationRow> rows;
    if (!std::filesystem::exists(path)) return rows;
    std::istringstream lines(readTextFile(path, kMaxBytes));
    try {
        for (std::string line; std::getline(lines, line);)
            if (!line.empty()) rows.push_back(evaluationRowFromJson(Json::parse(line)));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, error.what());
    }
    return rows;
}

}  // namespace signet::examine
