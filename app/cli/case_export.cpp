#include "app/cli/case_export.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "core/base/text.h"
#include "core/report/portable_export.h"
#include "core/report/report_text.h"

namespace signet::cli {
namespace {

struct Arguments {
    CaseOptions at;
    std::string output;
    report::ExportOptions options;
};

void run(Session& session, const Arguments& a) {
    cases::CaseStore store = openCase(a.at, false);
    const report::ExportResult result = report::exportCase(
        store, a.output, a.options, session.options().workspaceFolder(), session.context());
    for (const std::string& omitted : result.omitted) spdlog::warn("left out: {}", toUtf8(omitted));
    if (!result.omitted.empty()) session.countFailure();
    session.emit(
        {{"case", toUtf8(a.at.location)},
         {"output", toUtf8(a.output)},
         {"exhibits", result.exhibits},
         {"files", result.files},
         {"bytes", result.bytes},
         {"omitted", result.omitted},
         {"manifest_sha256", result.manifestSha256}},
        fmt::format(
            "{}: {} exhibits, {} files, {}\nSHA-256 of manifest.json: {}\nHand this hash over by another "
            "way; signet case verify {} --head {} checks the export against it.",
            shown(a.output), result.exhibits, result.files, report::fileSize(result.bytes),
            result.manifestSha256, shown(a.output), result.manifestSha256));
}

}  // namespace

void verifyExport(Session& session, const std::string& path, const std::string& head) {
    const report::ExportVerification found = report::verifyExport(path, head, session.context());
    Json problems = Json::array();
    std::string text;
    for (const cases::Problem& problem : found.problems) {
        problems.push_back(
            {{"kind", problem.kind}, {"subject", problem.subject}, {"message", problem.message}});
        text += fmt::format("{}: {}\n", problem.subject, problem.message);
    }
    text += fmt::format(
        "portable export: {} files, {} exhibits, {} maps, {} audit entries: {}\nSHA-256 of "
        "manifest.json: {}",
        found.files, found.evidenceFiles, found.artifacts, found.auditEntries,
        found.ok() ? "all as exported" : fmt::format("{} do not fit", found.problems.size()),
        found.manifestSha256);
    if (found.ok() && head.empty())
        text += "\nCompare this hash with the one that was handed over, or give it with --head.";
    if (!found.ok()) session.countFailure();
    session.emit({{"export", toUtf8(path)},
                  {"verified", found.ok()},
                  {"problems", problems},
                  {"files", found.files},
                  {"audit_entries", found.auditEntries},
                  {"rows", found.rows},
                  {"evidence_files", found.evidenceFiles},
                  {"artifacts", found.artifacts},
                  {"manifest_sha256", found.manifestSha256},
                  {"head", found.head}},
                 text);
}

void addCaseExport(CLI::App& caseApp, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(caseApp, common, "export",
                      "Writes a case, or its tagged exhibits, into a folder or a zip file to hand on",
                      "signet case export 2026-17.case -o court.zip --tag notable");
    auto a = std::make_shared<Arguments>();
    addCaseOptions(sub, a->at);
    sub.add_option("-o,--output", a->output, "A folder, or a name that ends in .zip; must not exist yet")
        ->required();
    sub.add_option("--tag", a->options.tags, "Only exhibits with this tag; may be given several times")
        ->allow_extra_args(false);
    sub.add_flag("--audit", a->options.audit,
                 "The audit log also with tagged exhibits alone: it tells of the other exhibits too");
    sub.callback(
        [&common, &status, a] { status = runCommand(common, [&](Session& session) { run(session, *a); }); });
}

}  // namespace signet::cli
