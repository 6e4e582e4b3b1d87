#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/examine/claim.h"
#include "core/report/report_text.h"
#include "core/report/words.h"
#include "core/report/writers.h"

namespace signet::report {
namespace {

constexpr const char* kColumns =
    "report,status,exhibit,file,original_path,bytes,sha256,md5,integrity,verified_utc,received_utc,received_"
    "by,"
    "received_from,tags,examined_utc,examiner,device,model,model_sha256,validated,presence,score_logit,"
    "threshold_logit,"
    "lower_threshold_logit,fpr,fpr_upper95,fpr_photographs,outside_calibration,code,bits,code_state,"
    "bit_right_if_as_calibrated,nearest_holder,bits_matched,codes_searched,hypotheses,log10_p_corrected,"
    "log10_p_errors,match,log10_lr,lr_bounded,no_lr_reason,log10_p_value,key,public_key,keys_tried,"
    "geometries_tried,signed_parts,findings,remarks,problem";

using Row = std::vector<std::string>;

std::string number(double value) {
    return fmt::format("{:.10g}", value);
}

Row exhibitCells(const ReportContent& c, const ExhibitContent& e) {
    const cases::Exhibit& v = e.exhibit;
    Row row{csvText(c.id),
            c.draft() ? "draft" : "final",
            std::to_string(v.id),
            csvText(shownName(e.name)),
            csvText(shownName(v.originalPath.string())),
            std::to_string(v.bytes),
            csvText(v.sha256),
            csvText(v.md5),
            e.intact() ? "verified" : "NOT CONFIRMED",
            csvText(e.verifiedUtc),
            csvText(v.receivedUtc),
            csvText(v.receivedBy),
            csvText(v.receivedFrom),
            csvText(fmt::format("{}", fmt::join(e.tags, "; ")))};
    if (e.examination)
        row.insert(row.end(), {csvText(e.examination->finishedUtc), csvText(e.examination->examiner),
                               csvText(e.examination->device)});
    else
        row.insert(row.end(), 3, "");
    return row;
}

/// Corners as shares of the image's width and height: "0.1,0.2 0.9,0.2 0.9,0.8 0.1,0.8; ...".
std::string outlinesOf(const examine::KeyedEvidence& keyed) {
    std::vector<std::string> parts;
    for (const auto& part : keyed.regions) {
        std::vector<std::string> corners;
        for (const auto& corner : part.outline)
            corners.push_back(fmt::format("{:.3g},{:.3g}", corner[0], corner[1]));
        parts.push_back(fmt::format("{}", fmt::join(corners, " ")));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

Row keyedCells(const examine::Finding& f) {
    if (!f.keyed) return Row(6);
    const examine::KeyedEvidence& keyed = *f.keyed;
    return {number(keyed.log10P),           csvText(keyed.keyFingerprint),
            keyed.publicKey ? "yes" : "no", std::to_string(keyed.keysTried),
            std::to_string(keyed.trials),   csvText(outlinesOf(keyed))};
}

Row resultCells(const ModelResult& r) {
    const examine::Finding& f = r.finding;
    Row row{csvText(f.model), csvText(f.modelSha256), r.validated ? "yes" : "no",
            csvText(examine::answerOf(f))};
    for (const double score : {f.scoreLogit, f.threshold, f.lowerThreshold})
        row.push_back(f.keyed ? std::string() : number(score));
    if (f.falsePositiveRate.n > 0)
        row.insert(row.end(), {number(f.falsePositiveRate.value), number(f.falsePositiveRate.upper95),
                               std::to_string(f.falsePositiveRate.n)});
    else
        row.insert(row.end(), 3, "");
    row.push_back(f.outside ? csvText(fmt::format("{}", fmt::join(*f.outside, "; "))) : "not recorded");
    const auto confidence = codeConfidence(f);
    if (f.code)
        row.insert(row.end(), {csvText(f.code->hex), std::to_string(f.code->bits), codeState(f),
                               confidence ? number(confidence->mean) : std::string()});
    else
        row.insert(row.end(), 4, "");
    if (f.match)
        row.insert(row.end(), {csvText(f.match->holder), std::to_string(f.match->matched),
                               std::to_string(f.match->searched), std::to_string(f.match->geometriesTried),
                               number(f.match->log10PCorrected),
                               f.match->weighed ? number(f.match->log10PErrors) : std::string(),
                               csvText(examine::toString(f.match->answer()))});
    else
        row.insert(row.end(), 7, "");
    const LikelihoodResult& l = r.likelihood;
    row.insert(row.end(), {l.log10Lr ? number(*l.log10Lr) : "", l.log10Lr ? (l.bounded ? "yes" : "no") : "",
                           csvText(plainMinus(l.reason))});
    const Row keyed = keyedCells(f);
    row.insert(row.end(), keyed.begin(), keyed.end());
    return row;
}
constexpr std::size_t kResultCells = 31;

std::string findingsOf(const ExhibitContent& e) {
    std::string text;
    for (const FindingContent& f : e.findings)
        text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", cases::toString(f.finding.status),
                            commentOf(f.finding));
    return csvText(text);
}

}  // namespace

void writeCsv(const ReportContent& c, const WritePart& write, const WorkContext& context) {
    const auto put = [&](std::string text) {
        text += "\r\n";
        write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    };
    put(kColumns);
    for (const ExhibitContent& e : c.exhibits) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the report was stopped");
        std::string problem = e.integrityProblem;
        if (e.examination && !e.examination->problem.empty())
            problem += (problem.empty() ? "" : "; ") + e.examination->problem;
        if (!e.examination) problem += std::string(problem.empty() ? "" : "; ") + "not examined";
        const auto finish = [&](Row row) {
            row.push_back(findingsOf(e));
            row.push_back(csvText(fmt::format("{}", fmt::join(e.remarks(), "\n"))));
            row.push_back(csvText(shownName(problem)));
            put(fmt::format("{}", fmt::join(row, ",")));
        };
        const Row exhibit = exhibitCells(c, e);
        if (e.results.empty()) {
            Row row = exhibit;
            row.insert(row.end(), kResultCells, "");
            finish(std::move(row));
        }
        for (const ModelResult& r : e.results) {
            Row row = exhibit;
            const Row cells = resultCells(r);
            row.insert(row.end(), cells.begin(), cells.end());
            finish(std::move(row));
        }
    }
}

}  // namespace signet::report
