#include <cmath>

#include "core/base/text.h"
#include "core/examine/examine.h"
#include "core/signature/model.h"

namespace signet::examine {
namespace {

Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json presenceJson(Presence presence) {
    return presence == Presence::Inconclusive ? Json(nullptr) : Json(presence == Presence::Present);
}

/// readable: a signature is reported, so that the confidences mean something.
Json toJson(const CodeReading& code, bool readable) {
    return {{"hex", code.hex},
            {"bits", code.bits},
            {"n", code.bits},
            {"readable", readable},
            {"checked", false},  // no signature so far holds a check of its code
            {"confidence", readable ? Json(code.confidence) : Json(nullptr)},
            {"bit_confidence", readable ? Json(code.bitConfidence) : Json(nullptr)},
            {"bit_logits", code.bitLogits}};
}

Json toJson(const Finding& f) {
    Json json = {
        {"model", f.model},
        {"model_sha256", f.modelSha256},
        {"score_logit", f.scoreLogit},
        {"threshold", f.threshold},
        {"lower_threshold", f.lowerThreshold},
        {"signed", presenceJson(f.presence)},
        {"presence", toString(f.presence)},
        {"fpr",
         {{"value", f.falsePositiveRate.value},
          {"upper95", f.falsePositiveRate.upper95},
          {"n", f.falsePositiveRate.n},
          {"measured_on", f.falsePositiveRate.n > 0 ? Json(f.falsePositiveRate.measuredOn) : Json(nullptr)}}},
        {"outside_calibration", f.outside},
        {"code", f.code ? toJson(*f.code, f.presence == Presence::Present) : Json(nullptr)},
        {"match", nullptr},
        {"geometry", f.geometry},
        {"hypotheses", f.hypotheses}};
    if (!f.evidence.logits.empty()) {
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

}  // namespace

Json toJson(const Record& r) {
    Json json = {{"path", toUtf8(r.path.string())},
                 {"sha256", r.sha256.empty() ? Json(nullptr) : Json(r.sha256)}};
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
    json["psnr_db"] = finite(r.psnrDb);
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

std::string runtimeDescription() {
    return signature::runtimeDescription();
}

}  // namespace signet::examine
