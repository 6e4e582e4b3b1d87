#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/claim.h"
#include "core/examine/record_json.h"
#include "core/report/json_parts.h"
#include "core/report/keyed_conclusions.h"
#include "core/report/report_text.h"
#include "core/report/writers.h"

namespace signet::report {
namespace {

Json toJson(const LikelihoodResult& l) {
    return {{"log10_lr", l.log10Lr ? Json(*l.log10Lr) : Json(nullptr)},
            {"bounded", l.bounded},
            {"bounded_by", textOrNull(l.boundedBy)},
            {"condition", textOrNull(l.condition)},
            {"reason", textOrNull(plainMinus(l.reason))}};
}

Json matchJson(const examine::CodeMatch& m) {
    Json rivals = Json::array();
    for (const examine::CodeMatch::Rival& rival : m.rivals)
        rivals.push_back({{"holder", rival.holder},
                          {"code", rival.hex},
                          {"matched", rival.matched},
                          {"contradicted", rival.contradicted}});
    return {{"holder", m.holder},
            {"code", m.hex},
            {"matched", m.matched},
            {"bits", m.bits},
            {"searched", m.searched},
            {"hypotheses", m.geometriesTried},
            {"log10_p", finiteOrNull(m.log10P)},
            {"log10_p_corrected", finiteOrNull(m.log10PCorrected)},
            {"log10_likelihood", m.weighed ? finiteOrNull(m.log10Likelihood) : Json(nullptr)},
            {"log10_p_errors", m.weighed ? finiteOrNull(m.log10PErrors) : Json(nullptr)},
            {"contradicted", m.contradicted},
            {"answer", examine::toString(m.answer())},
            {"named", m.answer() == examine::MatchAnswer::Match},
            {"also_matching", rivals}};
}

Json keyedJson(const examine::Finding& f) {
    const examine::KeyedEvidence& keyed = *f.keyed;
    Json parts = Json::array();
    for (const auto& part : keyed.regions)
        parts.push_back({{"outline", part.outline},
                         {"log10_p", finiteOrNull(keyed.log10POf(part))},
                         {"code", part.codeHex.empty() ? Json(nullptr) : Json(part.codeHex)}});
    return {{"log10_p", finiteOrNull(keyed.log10P)},
            {"log10_p_present", -f.threshold},
            {"log10_p_inconclusive", -f.lowerThreshold},
            {"key", keyed.keyFingerprint},
            {"public_key", keyed.publicKey},
            {"keys_tried", keyed.keysTried},
            {"geometries_tried", keyed.trials},
            {"rank_p", keyed.rankP ? Json(*keyed.rankP) : Json(nullptr)},
            {"log10_p_code", f.code ? finiteOrNull(keyed.log10PCode) : Json(nullptr)},
            {"parts", parts}};
}

Json toJson(const ModelResult& r) {
    const examine::Finding& f = r.finding;
    const auto confidence = codeConfidence(f);
    Json json{{"model", f.model},
              {"model_sha256", f.modelSha256},
              {"validated", r.validated},
              {"kind", toString(f.kind)},
              {"presence", examine::answerOf(f)},
              {"signed", examine::signedJson(f)},
              {"score_logit", f.keyed ? Json(nullptr) : Json(f.scoreLogit)},
              {"threshold_logit", f.keyed ? Json(nullptr) : Json(f.threshold)},
              {"lower_threshold_logit", f.keyed ? Json(nullptr) : Json(f.lowerThreshold)},
              {"keyed", f.keyed ? keyedJson(f) : Json(nullptr)}};
    json["false_positive_rate"] = f.falsePositiveRate.n > 0
                                      ? Json{{"value", f.falsePositiveRate.value},
                                             {"upper95", f.falsePositiveRate.upper95},
                                             {"n", f.falsePositiveRate.n},
                                             {"measured_on", f.falsePositiveRate.measuredOn}}
                                      : Json(nullptr);
    json["outside_calibration"] = f.outside ? Json(*f.outside) : Json(nullptr);
    json["code"] = f.code ? Json{{"hex", f.code->hex},
                                 {"bits", f.code->bits},
                                 {"state", codeState(f)},
                                 {"checked", f.code->checked},
                                 {"mean_confidence", confidence ? Json(confidence->mean) : Json(nullptr)},
                                 {"lowest_confidence", confidence ? Json(confidence->lowest) : Json(nullptr)}}
                          : Json(nullptr);
    json["match"] = f.match ? matchJson(*f.match) : Json(nullptr);
    json["tiles"] = f.tiles ? Json{{"n", f.tiles->count()}, {"best_logit", f.tiles->best}} : Json(nullptr);
    json["likelihood"] = toJson(r.likelihood);
    return json;
}

Json toJson(const Conclusion& c) {
    Json propositions = Json::array();
    for (const auto& p : c.propositions)
        propositions.push_back({{"model", p.model}, {"h1", p.h1}, {"h2", p.h2}});
    Json lines = Json::array();
    for (const ConclusionLine& line : c.lines)
        lines.push_back({{"kind", toString(line.kind)},
                         {"model", textOrNull(line.model)},
                         {"text", plainMinus(line.text)}});
    return {{"headline", plainMinus(c.headline)}, {"propositions", propositions}, {"lines", lines}};
}

Json toJson(const cases::Examination& x) {
    return {{"id", x.id},
            {"method", x.method},
            {"method_version", x.methodVersion},
            {"models", x.models},
            {"params", x.params},
            {"device", x.device},
            {"host", x.host},
            {"examiner", x.examiner},
            {"started_utc", x.startedUtc},
            {"finished_utc", x.finishedUtc},
            {"done", x.done},
            {"problem", textOrNull(x.problem)},
            {"record", x.asRecorded}};
}

Json toJson(const FindingContent& f) {
    return {{"id", f.finding.id},
            {"examination", f.finding.examination == 0 ? Json(nullptr) : Json(f.finding.examination)},
            {"status", cases::toString(f.finding.status)},
            {"comment", f.finding.comment},
            {"region", f.finding.region},
            {"params", f.finding.params},
            {"created_utc", f.finding.createdUtc},
            {"author", f.finding.author},
            {"tags", f.tags}};
}

Json toJson(const ModelContent& m) {
    Json json{{"name", m.name}, {"sha256", m.sha256}, {"problem", textOrNull(m.problem)}};
    json["validated"] = m.manifest && m.manifest->validated;
    json["title"] = m.manifest ? Json(m.manifest->title) : Json(nullptr);
    json["card"] = textOrNull(m.card);
    json["calibration"] =
        m.calibration ? Json{{"photographs", m.calibration->photographs},
                             {"unsigned_photographs",
                              std::max(m.calibration->photographs, m.calibration->unsignedPhotographs)},
                             {"originals",
                              m.calibration->originals > 0 ? Json(m.calibration->originals) : Json(nullptr)},
                             {"side", m.calibration->side},
                             {"codecs", m.calibration->codecs},
                             {"images_sha256", m.calibration->imagesSha256},
                             {"threshold_logit", m.calibration->threshold},
                             {"lower_threshold_logit", m.calibration->lowerThreshold},
                             {"false_positives", m.calibration->falsePositives}}
                      : Json(nullptr);
    json["likelihood"] = m.fit ? Json{{"n", m.fit->photographs},
                                      {"log10_lower", m.fit->log10Lower},
                                      {"log10_upper", m.fit->log10Upper},
                                      {"cllr", finiteOrNull(m.fit->cllr)},
                                      {"cllr_min", finiteOrNull(m.fit->cllrMin)}}
                               : Json(nullptr);
    json["no_likelihood"] = textOrNull(plainMinus(m.noFit));
    return json;
}

Json toJson(const std::vector<Statement>& statements) {
    Json json = Json::array();
    for (const Statement& s : statements) json.push_back({{"title", s.title}, {"text", s.text}});
    return json;
}

Json reportJson(const ReportContent& c) {
    return {{"id", c.id},
            {"version", c.version},
            {"supersedes", c.supersedes == 0 ? Json(nullptr) : Json(c.supersedes)},
            {"status", c.draft() ? "draft" : "final"},
            {"issued_utc", c.createdUtc},
            {"options", toJson(c.options)},
            {"missing", c.blockers},
            {"warnings", c.warnings}};
}

Json verificationJson(const ReportContent& c) {
    const cases::Verification& v = c.verification;
    Json problems = Json::array();
    for (const cases::Problem& p : v.problems)
        problems.push_back({{"kind", p.kind}, {"subject", p.subject}, {"message", p.message}});
    return {{"ok", v.ok()},        {"utc", c.verifiedUtc},       {"audit_entries", v.auditEntries},
            {"rows", v.rows},      {"exhibits", v.exhibitFiles}, {"evidence_maps", v.artifacts},
            {"problems", problems}};
}

Json earlierJson(const ReportContent& c) {
    Json list = Json::array();
    for (const cases::IssuedReport& r : c.earlier) {
        list.push_back({{"version", r.version},
                        {"supersedes", r.supersedes == 0 ? Json(nullptr) : Json(r.supersedes)},
                        {"format", r.format},
                        {"sha256", r.sha256},
                        {"status", r.status},
                        {"created_utc", r.createdUtc},
                        {"author", r.author},
                        {"audit_head", r.auditHead}});
    }
    return list;
}

}  // namespace

Json exhibitJson(const ExhibitContent& e) {
    const cases::Exhibit& v = e.exhibit;
    Json json{
        {"number", v.id},
        {"name", e.name},
        {"original_path", v.originalPath.string()},
        {"picture", v.frame},
        {"copy_path", textOrNull(v.copyPath)},
        {"bytes", v.bytes},
        {"sha256", v.sha256},
        {"md5", v.md5},
        {"integrity",
         {{"ok", e.intact()}, {"verified_utc", e.verifiedUtc}, {"problem", textOrNull(e.integrityProblem)}}},
        {"received", {{"utc", v.receivedUtc}, {"by", v.receivedBy}, {"from", textOrNull(v.receivedFrom)}}},
        {"modified_utc", textOrNull(v.modifiedUtc)},
        {"duplicate_of", v.duplicateOf == 0 ? Json(nullptr) : Json(v.duplicateOf)},
        {"note", v.note},
        {"tags", e.tags},
        {"examinations", e.examinations},
        {"examination", e.examination ? toJson(*e.examination) : Json(nullptr)}};
    json["results"] = Json::array();
    for (const ModelResult& r : e.results) json["results"].push_back(toJson(r));
    json["conclusion"] = toJson(e.conclusion);
    json["remarks"] = e.remarks();
    json["evidence_maps"] = Json::array();
    for (const EvidenceMapFile& map : e.evidenceMaps)
        json["evidence_maps"].push_back(
            {{"path", map.path.string()}, {"sha256", map.sha256}, {"model", textOrNull(map.model)}});
    json["custody"] = Json::array();
    for (const cases::CustodyEvent& event : e.custody)
        json["custody"].push_back({{"utc", event.utc},
                                   {"actor", event.actor},
                                   {"action", event.action},
                                   {"details", event.details}});
    json["findings"] = Json::array();
    for (const FindingContent& f : e.findings) json["findings"].push_back(toJson(f));
    return json;
}

Json caseJson(const ReportContent& c) {
    Json fields = Json::object();
    for (const FieldContent& f : c.fields) fields[f.key] = f.value;
    return {{"created_utc", c.info.createdUtc},
            {"closed", c.info.closed},
            {"exhibits", c.exhibitsInCase},
            {"registered_codes", c.registeredCodes},
            {"fields", fields}};
}

Json auditJson(const cases::AuditEntry& entry) {
    return {{"seq", entry.seq},       {"utc", entry.utc},         {"actor", entry.actor},
            {"action", entry.action}, {"subject", entry.subject}, {"hash", entry.hash}};
}

void writeJson(const ReportContent& c, const WritePart& write, const WorkContext& context) {
    const auto put = [&](const std::string& text) {
        write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    };
    // Part by part, so that a case of any size fits into memory; ASCII alone, so that no text can pass for
    // another.
    const auto dumped = [](const Json& json) {
        return json.dump(-1, ' ', true, Json::error_handler_t::replace);
    };
    const auto part = [&](const char* key, const Json& json) {
        put(fmt::format(",\n\"{}\": {}", key, dumped(json)));
    };

    put("{\"format\": \"signet-report\",\n\"schema_version\": 1");
    part("report", reportJson(c));
    part("case", caseJson(c));
    put(",\n\"exhibits\": [");
    for (std::size_t i = 0; i < c.exhibits.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the report was stopped");
        put((i == 0 ? "\n" : ",\n") + dumped(exhibitJson(c.exhibits[i])));
    }
    put("]");
    Json models = Json::array();
    for (const ModelContent& m : c.models) models.push_back(toJson(m));
    part("models", models);
    const FalseFindings& expected = c.falseFindings;
    part("false_findings",
         {{"upper_limit", expected.answers > 0 ? Json(expected.bound) : Json(nullptr)},
          {"keyed_upper_limit", expected.keyedAnswers > 0 ? Json(expected.keyedBound) : Json(nullptr)},
          {"keyed_answers", expected.keyedAnswers},
          {"exhibits", expected.exhibits},
          {"models", expected.models},
          {"answers", expected.answers},
          {"answers_outside_calibration", expected.outside},
          {"statement", falseFindingsText(expected)}});
    part("actors", c.actors);
    part("verbal_scale", toJson(c.scale));
    part("verification", verificationJson(c));
    part("audit_head", auditJson(c.head));
    part("earlier_reports", earlierJson(c));
    part("tool", {{"name", "Signet"},
                  {"version", c.tool.version},
                  {"commit", c.tool.commit},
                  {"build_type", c.tool.buildType},
                  {"compiler", c.tool.compiler},
                  {"libraries", c.tool.libraries},
                  {"host", c.tool.host},
                  {"processor", c.tool.processor}});
    part("limits", toJson(c.limits));
    part("glossary", toJson(c.glossary));
    put("}\n");
}

}  // namespace signet::report
