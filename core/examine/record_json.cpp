#include "core/examine/record_json.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/text.h"
#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/metrics/read_errors.h"

namespace signet::examine {
namespace {

/// readable: a signature is reported, so that the confidences mean something.
Json toJson(const CodeReading& code, bool readable) {
    return {{"hex", code.hex},
            {"bits", code.bits},
            {"n", code.bits},
            {"readable", readable},
            {"checked", code.checked},
            {"confidence", readable && !code.checked ? Json(code.confidence) : Json(nullptr)},
            {"bit_confidence", readable && !code.checked ? Json(code.bitConfidence) : Json(nullptr)},
            {"bit_logits", code.bitLogits}};
}

Json toJson(const KeyedEvidence& keyed) {
    Json json = {{"key", keyed.keyFingerprint},
                 {"public_key", keyed.publicKey},
                 {"keys_tried", keyed.keysTried},
                 {"log10_p", keyed.log10P},
                 {"log10_p_sync", keyed.log10PSync},
                 {"log10_p_energy", keyed.log10PEnergy},
                 {"log10_p_code", keyed.log10PCode},
                 {"trials", keyed.trials},
                 {"rank_p", keyed.rankP ? Json(*keyed.rankP) : Json(nullptr)},
                 {"view_to_frame", keyed.viewToFrame},
                 {"regions", Json::array()}};
    if (keyed.picture) {
        const signature::Likeness& likeness = keyed.picture->comparison.likeness;
        json["picture"] = {{"answer", toString(keyed.picture->comparison.answer)},
                           {"signs", likeness.signs},
                           {"agreeing", likeness.agreeing},
                           {"name", keyed.picture->name},
                           {"sha256", textOrNull(keyed.picture->sha256)}};
    }
    for (const KeyedEvidence::Region& region : keyed.regions)
        json["regions"].push_back({{"outline", region.outline},
                                   {"log10_p", region.log10P},
                                   {"code", region.codeHex.empty() ? Json(nullptr) : Json(region.codeHex)}});
    return json;
}

/// What scripts ask for first, and under "keyed" everything. kind: the p-value follows from the law of random
/// patterns; the check by counting is under "keyed".
void addKeyed(Json& json, const Finding& f) {
    for (const char* key : {"p_value", "key", "region"}) json[key] = nullptr;
    if (const auto log10P = log10POf(f))
        json["p_value"] = {{"value", std::pow(10, *log10P)},
                           {"kind", "tail"},
                           {"keys", f.keyed ? Json(f.keyed->keysTried) : Json(nullptr)}};
    if (!f.keyed) return;
    json["key"] = f.keyed->keyFingerprint;
    if (!f.keyed->regions.empty()) json["region"] = f.keyed->regions.front().outline;
    json["keyed"] = toJson(*f.keyed);
}

Json toJson(const Finding& f) {
    Json json = {
        {"model", f.model},
        {"kind", toString(f.kind)},
        {"model_sha256", f.modelSha256},
        {"score_logit", f.scoreLogit},
        {"threshold", f.threshold},
        {"lower_threshold", f.lowerThreshold},
        {"signed", signedJson(f)},
        {"presence", answerOf(f)},
        {"fpr",
         {{"value", f.falsePositiveRate.value},
          {"upper95", f.falsePositiveRate.upper95},
          {"n", f.falsePositiveRate.n},
          {"measured_on", f.falsePositiveRate.n > 0 ? Json(f.falsePositiveRate.measuredOn) : Json(nullptr)}}},
        {"outside_calibration", f.outside ? Json(*f.outside) : Json(nullptr)},
        {"code", f.code ? toJson(*f.code, f.presence == Presence::Present) : Json(nullptr)},
        {"match", f.match ? toJson(*f.match) : Json(nullptr)},
        {"geometry", f.geometry},
        {"hypotheses", f.geometriesTried}};
    if (f.kind == models::Kind::Classifier) json["classes"] = f.classes;
    addKeyed(json, f);
    if (!f.evidence.logits.empty() && !f.keyed) {
        const double map = f.evidence.mean();
        json["score_parts"] = {{"map", map}, {"rest", f.scoreLogit - map}};
    }
    if (f.tiles) {
        json["tiles"] = {{"columns", f.tiles->columns},
                         {"rows", f.tiles->rows},
                         {"side", f.tiles->side},
                         {"best_logit", f.tiles->best},
                         {"logits", f.tiles->logits}};
    }
    return json;
}

Json toJson(const image::DecodeInfo& d) {
    return {{"decoder", d.decoder},
            {"stored_width", d.storedWidth},
            {"stored_height", d.storedHeight},
            {"bit_depth", d.bitDepth},
            {"colour", d.colour},
            {"orientation", d.orientation},
            {"orientation_applied", d.orientationApplied},
            {"scale_denominator", d.scaleDenominator},
            {"frames", d.frames},
            {"frame", d.frame},
            {"damaged", d.damaged}};
}

Json errorJson(const Record::Failure& failure) {
    return {{"code", failure.code}, {"message", toUtf8(failure.message)}};
}

const Json kNothing = Json::object();

/// The object under a key; an empty one where there is none.
const Json& member(const Json& json, const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_object() ? *at : kNothing;
}

/// The objects of the list under a key.
std::vector<Json> list(const Json& json, const char* key) {
    std::vector<Json> objects;
    const auto at = json.find(key);
    if (at == json.end() || !at->is_array()) return objects;
    std::copy_if(at->begin(), at->end(), std::back_inserter(objects),
                 [](const Json& entry) { return entry.is_object(); });
    return objects;
}

template <typename Value>
void read(const Json& json, const char* key, Value& value) {
    const auto at = json.find(key);
    if (at == json.end()) return;
    try {
        value = at->get<Value>();
    } catch (const Json::exception&) {  // of the wrong kind: the default stays
    }
}

/// A kind that this version does not know is taken for the only one there was.
models::Kind kindFrom(const Json& finding) {
    std::string word;
    read(finding, "kind", word);
    for (const models::Kind kind : {models::Kind::Fingerprint, models::Kind::Classifier})
        if (toString(kind) == word) return kind;
    return models::Kind::Signature;
}

/// By the words that a finding claims with: once its kind, key and code are read.
Presence presenceFrom(const Json& json, const Finding& finding) {
    std::string word;
    read(json, "presence", word);
    const Claim claim = claimOf(finding);
    return word == claim.present  ? Presence::Present
           : word == claim.absent ? Presence::Absent
                                  : Presence::Inconclusive;
}

CodeReading codeFrom(const Json& json, int photographs) {
    CodeReading code;
    read(json, "hex", code.hex);
    read(json, "bits", code.bits);
    read(json, "checked", code.checked);
    read(json, "confidence", code.confidence);
    read(json, "bit_confidence", code.bitConfidence);
    read(json, "bit_logits", code.bitLogits);
    for (double& p : code.bitConfidence) p = metrics::supportedProbability(p, photographs);
    code.confidence = metrics::supportedProbability(code.confidence, photographs);
    if (code.bits > 0 && code.bitConfidence.size() == static_cast<std::size_t>(code.bits))
        code.confidence =
            std::accumulate(code.bitConfidence.begin(), code.bitConfidence.end(), 0.0) / code.bits;
    if (!code.bitLogits.empty()) return code;
    try {
        for (const std::uint8_t bit : bitsFromHex(code.hex, code.bits))
            code.bitLogits.push_back(bit != 0 ? 1.0F : -1.0F);
    } catch (const std::exception&) {  // no code
    }
    return code;
}

/// Of a record that does not say whether a match is contradicted, from the confidences of the code's bits.
void weighAnew(CodeMatch& match, const CodeReading& code) {
    const auto errors = readErrorsOf(code.bits, code.bitConfidence);
    if (!errors || match.hex.empty() || match.bits != code.bits) return;
    const auto read = bitsFromHex(code.hex, match.bits);
    const auto differs = [&](const std::string& hex) {
        auto bits = bitsFromHex(hex, match.bits);
        std::transform(bits.begin(), bits.end(), read.begin(), bits.begin(),
                       [](auto a, auto b) { return a != b; });
        return bits;
    };
    match.weigh(*errors, differs(match.hex));
    for (CodeMatch::Rival& rival : match.rivals) {
        if (rival.hex.empty()) continue;
        CodeMatch other = match;
        other.weigh(*errors, differs(rival.hex));
        rival.contradicted = other.contradicted;
    }
}

std::optional<CodeMatch> matchFrom(const Json& json, const Finding& finding) {
    if (json.empty()) return std::nullopt;
    CodeMatch match;
    read(json, json.contains("nearest_holder") ? "nearest_holder" : "holder", match.holder);
    read(json, "code", match.hex);
    read(json, "n", match.bits);
    read(json, "matched", match.matched);
    read(json, "database_size", match.searched);
    match.geometriesTried = finding.geometriesTried;
    read(json, "hypotheses", match.geometriesTried);
    if (match.bits <= 0 || match.searched <= 0 || match.matched > match.bits) return std::nullopt;
    read(json, "instance", match.instance);
    read(json, "revoked", match.revoked);
    match.checked = finding.code && finding.code->checked;
    match.setChances();
    for (const Json& entry : list(json, "also_matching")) {
        CodeMatch::Rival& rival = match.rivals.emplace_back();
        read(entry, "holder", rival.holder);
        read(entry, "code", rival.hex);
        read(entry, "matched", rival.matched);
        read(entry, "contradicted", rival.contradicted);
    }
    if (json.contains("contradicted")) {
        read(json, "contradicted", match.contradicted);
        match.weighed = json.contains("log10_p_errors") && json["log10_p_errors"].is_number();
        read(json, "log10_likelihood", match.log10Likelihood);
        read(json, "log10_p_errors", match.log10PErrors);
    } else if (finding.code) {
        weighAnew(match, *finding.code);
    }
    return match;
}

KeyedEvidence::Picture pictureFrom(const Json& json) {
    KeyedEvidence::Picture picture;
    std::string answer;
    read(json, "answer", answer);
    picture.comparison.answer = signature::pictureAnswerFrom(answer);
    read(json, "signs", picture.comparison.likeness.signs);
    read(json, "agreeing", picture.comparison.likeness.agreeing);
    read(json, "name", picture.name);
    read(json, "sha256", picture.sha256);
    return picture;
}

KeyedEvidence keyedFrom(const Json& json) {
    KeyedEvidence keyed;
    read(json, "key", keyed.keyFingerprint);
    read(json, "public_key", keyed.publicKey);
    read(json, "keys_tried", keyed.keysTried);
    read(json, "log10_p", keyed.log10P);
    read(json, "log10_p_sync", keyed.log10PSync);
    read(json, "log10_p_energy", keyed.log10PEnergy);
    read(json, "log10_p_code", keyed.log10PCode);
    read(json, "trials", keyed.trials);
    if (json.contains("rank_p") && json["rank_p"].is_number()) keyed.rankP = json["rank_p"].get<double>();
    read(json, "view_to_frame", keyed.viewToFrame);
    if (const Json& picture = member(json, "picture"); !picture.empty()) keyed.picture = pictureFrom(picture);
    for (const Json& entry : list(json, "regions")) {
        KeyedEvidence::Region& region = keyed.regions.emplace_back();
        read(entry, "outline", region.outline);
        read(entry, "log10_p", region.log10P);
        read(entry, "code", region.codeHex);
    }
    return keyed;
}

Finding findingFrom(const Json& json) {
    Finding finding;
    read(json, "model", finding.model);
    finding.kind = kindFrom(json);
    read(json, "classes", finding.classes);
    read(json, "model_sha256", finding.modelSha256);
    read(json, "score_logit", finding.scoreLogit);
    read(json, "threshold", finding.threshold);
    finding.lowerThreshold = finding.threshold;
    read(json, "lower_threshold", finding.lowerThreshold);
    read(json, "geometry", finding.geometry);
    read(json, "hypotheses", finding.geometriesTried);
    finding.geometriesTried = std::max(1, finding.geometriesTried);
    const Json& rate = member(json, "fpr");
    read(rate, "value", finding.falsePositiveRate.value);
    read(rate, "upper95", finding.falsePositiveRate.upper95);
    read(rate, "n", finding.falsePositiveRate.n);
    read(rate, "measured_on", finding.falsePositiveRate.measuredOn);
    if (json.contains("outside_calibration") && json["outside_calibration"].is_array()) {
        finding.outside.emplace();
        for (const Json& reason : json["outside_calibration"])
            if (reason.is_string()) finding.outside->push_back(reason.get<std::string>());
    }
    if (const Json& code = member(json, "code"); !code.empty())
        finding.code = codeFrom(code, finding.falsePositiveRate.n);
    if (const Json& keyed = member(json, "keyed"); !keyed.empty()) finding.keyed = keyedFrom(keyed);
    finding.presence = presenceFrom(json, finding);
    finding.match = matchFrom(member(json, "match"), finding);
    if (const Json& tiles = member(json, "tiles"); !tiles.empty()) {
        finding.tiles.emplace();
        read(tiles, "columns", finding.tiles->columns);
        read(tiles, "rows", finding.tiles->rows);
        read(tiles, "side", finding.tiles->side);
        read(tiles, "best_logit", finding.tiles->best);
        read(tiles, "logits", finding.tiles->logits);
    }
    return finding;
}

/// Nothing for a format this version does not know.
std::optional<image::Format> formatOf(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(image::Format::Jxl); ++i)
        if (image::toString(static_cast<image::Format>(i)) == name) return static_cast<image::Format>(i);
    return std::nullopt;
}

/// Without a decoder, that is not described, where the format is not known.
image::DecodeInfo decodeFrom(const Json& json, const std::string& format) {
    image::DecodeInfo info;
    info.bitDepth = 0;  // not recorded
    const auto known = formatOf(format);
    if (!known) return info;
    info.format = *known;
    read(json, "decoder", info.decoder);
    read(json, "stored_width", info.storedWidth);
    read(json, "stored_height", info.storedHeight);
    read(json, "bit_depth", info.bitDepth);
    read(json, "colour", info.colour);
    read(json, "orientation", info.orientation);
    read(json, "orientation_applied", info.orientationApplied);
    read(json, "scale_denominator", info.scaleDenominator);
    read(json, "frames", info.frames);
    read(json, "frame", info.frame);
    read(json, "damaged", info.damaged);
    return info;
}

}  // namespace

Json signedJson(const Finding& finding) {
    if (finding.kind == models::Kind::Classifier || finding.presence == Presence::Inconclusive)
        return nullptr;
    return finding.presence == Presence::Present;
}

Json toJson(const Record& r) {
    Json json = {{"path", toUtf8(r.path.string())}, {"sha256", textOrNull(r.sha256)}};
    json["frame"] = r.decode.frame;
    if (r.error) {
        json["error"] = errorJson(*r.error);
        return json;
    }
    json["width"] = r.width;
    json["height"] = r.height;
    json["format"] = image::toString(r.decode.format);
    json["findings"] = Json::array();
    for (const auto& finding : r.findings) json["findings"].push_back(toJson(finding));
    json["conflicts"] = Json::array();
    for (const Conflict& conflict : r.conflicts)
        json["conflicts"].push_back({{"kind", conflict.kind}, {"message", conflict.message}});
    if (r.metadata) {
        json["metadata"] = Json::array();
        for (const image::MetadataEntry& entry : *r.metadata)
            json["metadata"].push_back({{"group", entry.group}, {"key", entry.key}, {"value", entry.value}});
    }
    if (r.maps) {
        json["evidence_maps"] = Json::array();
        for (const MapFile& map : *r.maps)
            json["evidence_maps"].push_back({{"model", map.model}, {"file", toUtf8(map.name.string())}});
    }
    json["decode"] = toJson(r.decode);
    json["warnings"] = r.warnings;
    json["seconds"] = r.seconds;
    return json;
}

Json toJson(const SignRecord& r) {
    Json json = {{"path", toUtf8(r.path.string())}};
    if (r.error) json["error"] = errorJson(*r.error);
    if (r.sha256Out.empty()) return json;
    json["output"] = toUtf8(r.output.string());
    json["sha256_in"] = r.sha256In;
    json["sha256_out"] = r.sha256Out;
    json["model"] = r.model;
    json["code"] = r.codeHex;
    if (!r.keyFingerprint.empty()) json["key"] = r.keyFingerprint;
    json["psnr_db"] = finiteOrNull(r.psnrDb);
    json["ssim"] = r.ssim;
    json["visible"] = metrics::toJson(r.visible);
    json["verified"] = r.verified;
    json["already_signed"] = r.alreadySigned;
    json["code_before"] = r.codeBefore ? toJson(*r.codeBefore, r.alreadySigned) : Json(nullptr);
    if (r.verification) json["verification"] = toJson(*r.verification);
    json["warnings"] = r.warnings;
    json["seconds"] = r.seconds;
    return json;
}

Json toJson(const CodeMatch& match) {
    Json rivals = Json::array();
    for (const CodeMatch::Rival& rival : match.rivals)
        rivals.push_back({{"holder", rival.holder},
                          {"code", rival.hex},
                          {"matched", rival.matched},
                          {"contradicted", rival.contradicted}});
    const MatchAnswer answer = match.answer();
    return {{"holder", answer == MatchAnswer::Match ? match.holder : std::string()},
            {"nearest_holder", match.holder},
            {"answer", toString(answer)},
            {"code", match.hex},
            {"matched", match.matched},
            {"n", match.bits},
            {"p_value", std::pow(10.0, match.log10P)},
            {"p_value_corrected", std::pow(10.0, match.log10PCorrected)},
            {"log10_p", match.log10P},
            {"log10_p_corrected", match.log10PCorrected},
            {"log10_likelihood", match.weighed ? Json(match.log10Likelihood) : Json(nullptr)},
            {"log10_p_errors", match.weighed ? Json(match.log10PErrors) : Json(nullptr)},
            {"contradicted", match.contradicted},
            {"database_size", match.searched},
            {"instance", match.instance > 0 ? Json(match.instance) : Json(nullptr)},
            {"revoked", match.instance > 0 ? Json(match.revoked) : Json(nullptr)},
            {"hypotheses", match.geometriesTried},
            {"also_matching", rivals}};
}

Record recordFromJson(const Json& json) {
    Record record;
    if (!json.is_object()) return record;
    std::string path;
    std::string format;
    read(json, "path", path);
    record.path = path;
    read(json, "sha256", record.sha256);
    read(json, "width", record.width);
    read(json, "height", record.height);
    read(json, "format", format);
    record.decode = decodeFrom(member(json, "decode"), format);
    read(json, "frame", record.decode.frame);
    for (const Json& finding : list(json, "findings")) record.findings.push_back(findingFrom(finding));
    for (const Json& entry : list(json, "conflicts")) {
        Conflict& conflict = record.conflicts.emplace_back();
        read(entry, "kind", conflict.kind);
        read(entry, "message", conflict.message);
    }
    if (json.contains("metadata") && json["metadata"].is_array()) {
        record.metadata.emplace();
        for (const Json& entry : json["metadata"]) {
            image::MetadataEntry& value = record.metadata->emplace_back();
            read(entry, "group", value.group);
            read(entry, "key", value.key);
            read(entry, "value", value.value);
        }
    }
    if (json.contains("evidence_maps") && json["evidence_maps"].is_array()) {
        record.maps.emplace();
        for (const Json& entry : json["evidence_maps"]) {
            std::string name;
            MapFile& map = record.maps->emplace_back();
            read(entry, "model", map.model);
            read(entry, "file", name);
            map.name = name;
        }
    }
    read(json, "warnings", record.warnings);
    read(json, "seconds", record.seconds);
    if (const Json& error = member(json, "error"); !error.empty()) {
        record.error.emplace();
        read(error, "code", record.error->code);
        read(error, "message", record.error->message);
    }
    return record;
}

}  // namespace signet::examine
