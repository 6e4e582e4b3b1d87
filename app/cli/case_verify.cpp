#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "core/base/text.h"
#include "core/cases/verify.h"
#include "core/report/portable_export.h"
#include "core/report/words.h"

namespace signet::cli {
namespace {

struct VerifyArguments {
    CaseOptions at;
    cases::VerifyOptions options;
    bool quick = false;
};

Json toJson(const std::vector<cases::Problem>& problems) {
    Json list = Json::array();
    for (const cases::Problem& p : problems)
        list.push_back({{"kind", p.kind}, {"subject", p.subject}, {"message", p.message}});
    return list;
}

std::string linesOf(const std::vector<cases::Problem>& problems, const char* before = "") {
    std::string text;
    for (const cases::Problem& p : problems)
        text += fmt::format("{}{}: {}\n", before, report::subjectInWords(p), p.message);
    return text;
}

/// A portable export; head is its manifest's SHA-256 (may be empty).
void verifyExport(Session& session, const std::string& path, const std::string& head) {
    const report::ExportVerification found = report::verifyExport(path, head, session.context());
    std::string text = linesOf(found.problems);
    text += fmt::format(
        "portable export: {} files, {} exhibits, {} maps, {} audit entries: {}\nSHA-256 of "
        "manifest.json: {}",
        found.files, found.exhibitFiles, found.artifacts, found.auditEntries,
        found.ok() ? "all as exported" : fmt::format("{} do not fit", found.problems.size()),
        found.manifestSha256);
    if (found.ok() && head.empty())
        text += "\nCompare this hash with the one that was handed over, or give it with --head.";
    if (!found.ok()) session.countFailure();
    session.emit({{"export", toUtf8(path)},
                  {"verified", found.ok()},
                  {"problems", toJson(found.problems)},
                  {"files", found.files},
                  {"audit_entries", found.auditEntries},
                  {"rows", found.rows},
                  {"evidence_files", found.exhibitFiles},
                  {"artifacts", found.artifacts},
                  {"manifest_sha256", found.manifestSha256},
                  {"head", found.head}},
                 text);
}

void verify(Session& session, const VerifyArguments& arguments) {
    if (report::isExport(arguments.at.location))
        return verifyExport(session, arguments.at.location, arguments.options.expectedHead);
    cases::CaseStore store = openCase(arguments.at, true);
    cases::VerifyOptions options = arguments.options;
    options.files = !arguments.quick;
    const cases::Verification found = cases::verify(store, options, session.context());
    std::string text = linesOf(found.problems);
    text += linesOf(found.history, "note: ");
    if (!found.underWay.empty())
        text += fmt::format("not recorded yet, of an intake or examination that goes on or was cut off: {}\n",
                            fmt::join(found.underWay, ", "));
    text += fmt::format("{} audit entries, {} rows, {} exhibits, {} maps: {}\nHead of the audit log: {}",
                        found.auditEntries, found.rows, found.exhibitFiles, found.artifacts,
                        found.ok() ? "all as recorded" : fmt::format("{} do not fit", found.problems.size()),
                        found.head);
    if (!found.ok()) session.countFailure();
    session.emit({{"case", arguments.at.location},
                  {"verified", found.ok()},
                  {"problems", toJson(found.problems)},
                  {"history", toJson(found.history)},
                  {"audit_entries", found.auditEntries},
                  {"rows", found.rows},
                  {"evidence_files", found.exhibitFiles},
                  {"artifacts", found.artifacts},
                  {"under_way", found.underWay},
                  {"head", found.head}},
                 text);
}

}  // namespace

void addCaseVerify(CLI::App& group, CommonOptions& common, int& status) {
    auto arguments = std::make_shared<VerifyArguments>();
    CLI::App& sub = addSubcommand(group, common, "verify",
                                  "Walks the audit log, every row, exhibit and map of a case or of a "
                                  "portable export, and names what does not fit; a file that is not "
                                  "registered among it",
                                  "signet case verify 2026-17.case --head 5d41402abc4b2a76...");
    addCaseOptions(sub, arguments->at);
    sub.add_option("--head", arguments->options.expectedHead,
                   "Head of the audit log as an earlier report prints it: it must be in the log; for a "
                   "portable export the SHA-256 of its manifest");
    sub.add_flag("--quick", arguments->quick, "Only the database: look at no exhibits, maps and other files");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { verify(session, *arguments); });
    });
}

}  // namespace signet::cli
