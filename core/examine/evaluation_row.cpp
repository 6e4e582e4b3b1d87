#include "core/examine/evaluation_row.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"

namespace signet::examine {
namespace {

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

metrics::Proportion& operator+=(metrics::Proportion& sum, const metrics::Proportion& more) {
    sum.k += more.k;
    sum.n += more.n;
    return sum;
}

template <typename Value>
void addTo(std::optional<Value>& sum, const std::optional<Value>& more) {
    if (!sum)
        sum = more;
    else if (more)
        *sum += *more;
}

void addTo(FamilyRates& sum, const FamilyRates& more) {
    sum.truePositives += more.truePositives;
    sum.falsePositives += more.falsePositives;
    addTo(sum.exactCodeRate, more.exactCodeRate);
    addTo(sum.wrongCodeRate, more.wrongCodeRate);
    addTo(sum.unsignedP, more.unsignedP);
}

void addRates(Json& json, const FamilyRates& f) {
    json["true_positives"] = metrics::toJson(f.truePositives);
    json["false_positives"] = metrics::toJson(f.falsePositives);
    if (f.exactCodeRate) json["exact_code_rate"] = metrics::toJson(*f.exactCodeRate);
    if (f.wrongCodeRate) json["wrong_code_rate"] = metrics::toJson(*f.wrongCodeRate);
    if (f.unsignedP) json["unsigned_p"] = toJson(*f.unsignedP);
}

Json familiesJson(const std::vector<FamilyRates>& families) {
    Json json = Json::array();
    for (const FamilyRates& family : families) {
        Json item{{"family", family.family}};
        addRates(item, family);
        json.push_back(std::move(item));
    }
    return json;
}

FamilyRates familyFromJson(const Json& json) {
    FamilyRates f;
    f.family = json.at("family").get<std::string>();
    f.truePositives = metrics::proportionFromJson(json.at("true_positives"));
    f.falsePositives = metrics::proportionFromJson(json.at("false_positives"));
    take(json, "exact_code_rate", f.exactCodeRate, metrics::proportionFromJson);
    take(json, "wrong_code_rate", f.wrongCodeRate, metrics::proportionFromJson);
    take(json, "unsigned_p", f.unsignedP, pValueSharesFromJson);
    return f;
}

}  // namespace

Json toJson(const EvaluationRow& r) {
    Json json = {{"attack", r.attack},
                 {"grid", r.grid > 0 ? Json(r.grid) : Json(nullptr)},
                 {"n", r.truePositives.n},
                 {"model", r.model},
                 {"model_sha256", r.modelSha256},
                 {"images_sha256", r.imagesSha256},
                 {"in_training", r.inTraining ? Json(*r.inTraining) : Json(nullptr)}};
    addQuality(json, r.quality);
    json.update({{"balanced_threshold", r.balancedThreshold},
                 {"threshold", r.threshold},
                 {"presence_accuracy", metrics::toJson(r.presenceAccuracy)},
                 {"true_positives", metrics::toJson(r.truePositives)},
                 {"false_positives", metrics::toJson(r.falsePositives)},
                 {"auc", {{"value", r.auc}, {"ci95", metrics::toJson(r.aucCi95)}}}});
    if (r.tprAtFpr) json["tpr_at_fpr"] = toJson(*r.tprAtFpr);
    if (r.bitAccuracy) json["bit_accuracy"] = metrics::toJson(*r.bitAccuracy);
    if (r.exactCodeRate) json["exact_code_rate"] = metrics::toJson(*r.exactCodeRate);
    if (r.wrongCodeRate) json["wrong_code_rate"] = metrics::toJson(*r.wrongCodeRate);
    if (r.codeTprAtFpr) {
        json["code_tpr_at_fpr"] = metrics::toJson(r.codeTprAtFpr->found);
        json["code_tpr_at_fpr"]["matched_bits_needed"] = r.codeTprAtFpr->matchedBitsNeeded;
        json["code_tpr_at_fpr"]["geometries_tried"] = r.codeTprAtFpr->geometriesTried;
    }
    if (r.unsignedP) json["unsigned_p"] = toJson(*r.unsignedP);
    if (!r.families.empty()) json["families"] = familiesJson(r.families);
    return json;
}

EvaluationRow evaluationRowFromJson(const Json& json) {
    EvaluationRow r;
    r.attack = json.at("attack").get<std::string>();
    // Records of before grids had numbers are of the first.
    r.grid = json.contains("grid") && json["grid"].is_null() ? 0 : json.value("grid", 1);
    r.model = json.value("model", "");
    r.modelSha256 = json.value("model_sha256", "");
    r.imagesSha256 = json.value("images_sha256", "");
    if (const auto seen = json.find("in_training"); seen != json.end() && seen->is_number_integer())
        r.inTraining = seen->get<int>();
    r.quality = qualityFromJson(json);
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
    take(json, "unsigned_p", r.unsignedP, pValueSharesFromJson);
    if (const auto families = json.find("families"); families != json.end())
        for (const Json& family : *families) r.families.push_back(familyFromJson(family));
    return r;
}

AllRows allRows(const std::vector<EvaluationRow>& rows) {
    AllRows out;
    std::map<std::string, FamilyRates> families;
    for (const EvaluationRow& row : rows) {
        ++out.rows;
        out.images = std::max(out.images, row.truePositives.n);
        addTo(
            out.all,
            {{}, row.truePositives, row.falsePositives, row.exactCodeRate, row.wrongCodeRate, row.unsignedP});
        for (const FamilyRates& family : row.families) addTo(families[family.family], family);
    }
    for (auto& [name, family] : families) {
        family.family = name;
        out.families.push_back(std::move(family));
    }
    return out;
}

Json toJson(const AllRows& all) {
    Json json = {{"rows", all.rows}, {"images", all.images}};
    addRates(json, all.all);
    json["families"] = familiesJson(all.families);
    return {{"all_rows", std::move(json)}};
}

void saveEvaluation(const models::Manifest& manifest, const std::vector<EvaluationRow>& rows) {
    keepRows(manifest, kEvaluationFile, rows);
}

std::vector<EvaluationRow> loadEvaluation(const models::Manifest& manifest) {
    std::vector<EvaluationRow> rows;
    try {
        for (const Json& record : keptRecords(manifest, kEvaluationFile))
            rows.push_back(evaluationRowFromJson(record));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, error.what());
    }
    return rows;
}

}  // namespace signet::examine
