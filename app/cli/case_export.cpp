#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "core/base/text.h"
#include "core/report/portable_export.h"
#include "core/report/report_text.h"

namespace signet::cli {
namespace {

struct CaseExportArguments {
    CaseOptions at;
    std::string output;
    report::ExportOptions options;
};

void run(Session& session, const CaseExportArguments& a) {
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

void addCaseExport(CLI::App& caseApp, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(caseApp, common, "export",
                      "Writes a case, or its tagged exhibits, into a folder or a zip file to hand on",
                      "signet case export 2026-17.case -o court.zip --tag notable");
    auto a = std::make_shared<CaseExportArguments>();
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
