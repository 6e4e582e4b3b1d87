#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <map>
#include <memory>

#include "app/cli/case_export.h"
#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/base/visible_text.h"
#include "core/cases/verify.h"
#include "core/examine/findings.h"
#include "core/report/portable_export.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

using cases::CaseStore;
using cases::Evidence;
using Align = Table::Align;

constexpr std::size_t kPathColumns = 44;

/// A code that matches no registered one is called unverified.
std::string codeText(const Evidence& e) {
    return e.code.empty() || e.match == examine::MatchAnswer::Match ? e.code
                                                                    : examine::unverifiedCode(e.code);
}

std::string holderText(const Evidence& e) {
    if (!e.match || *e.match == examine::MatchAnswer::None) return {};
    return *e.match == examine::MatchAnswer::Match ? e.holder
                                                   : fmt::format("{} ({})", e.holder, toString(*e.match));
}

std::string remarkLines(const Evidence& e) {
    std::string text;
    for (const std::string& remark : e.remarks) text += "\n       " + remark;
    return text;
}

struct NewArguments {
    CaseOptions at;
    cases::CaseInfo info;
};

void create(Session& session, NewArguments& arguments) {
    cases::OpenOptions open;
    arguments.info.examiner = arguments.at.examiner;
    open.actor = arguments.at.examiner;
    open.folder = arguments.at.folder;
    CaseStore::create(arguments.at.location, arguments.info, open);
    CaseStore store(arguments.at.location, open);
    session.emit({{"case", arguments.at.location},
                  {"title", arguments.info.title},
                  {"examiner", arguments.info.examiner},
                  {"folder", toUtf8(store.folder().native())},
                  {"head", store.head().hash}},
                 fmt::format("{}: a new case; copies and maps go to {}", arguments.at.location,
                             shown(store.folder())));
}

struct ListArguments {
    CaseOptions at;
    std::string what = "evidence";
};

std::string nameInList(const Evidence& e) {
    return visibleName((e.originalPath.parent_path() / cases::nameOf(e)).native());
}

void listEvidence(Session& session, CaseStore& store) {
    const std::vector<Evidence> all = store.evidence();
    std::size_t width = 4;
    for (const Evidence& e : all) width = std::max(width, columnsOf(nameInList(e)));
    const Table table({{"id", 5, Align::Right},
                       {"exhibit", std::min(width, kPathColumns), Align::Left},
                       {"SHA-256", 16, Align::Left},
                       {"state", 7, Align::Left},
                       {"presence", 15, Align::Left},
                       {"model", 14, Align::Left},
                       {"score", 7, Align::Right},
                       {"code", 21, Align::Left},
                       {"holder", 6, Align::Left}});
    session.line(all.empty() ? std::string("No exhibits yet; `signet case add` takes some in.")
                             : table.header());
    for (const Evidence& e : all) {
        session.emit(recordOf(e), table.row({std::to_string(e.id), truncateFront(nameInList(e), kPathColumns),
                                             e.sha256.substr(0, 16), std::string(toString(e.state)),
                                             e.problem.empty() ? e.presence : e.problem, e.model,
                                             e.model.empty() ? "" : fmt::format("{:.2f}", e.score),
                                             codeText(e), holderText(e)}) +
                                      remarkLines(e));
    }
}

void listAudit(Session& session, CaseStore& store) {
    for (const cases::AuditEntry& entry : store.audit()) {
        session.emit({{"seq", entry.seq},
                      {"utc", entry.utc},
                      {"actor", entry.actor},
                      {"action", entry.action},
                      {"subject", entry.subject},
                      {"details", Json::parse(entry.details, nullptr, false)},
                      {"previous_hash", entry.previousHash},
                      {"hash", entry.hash}},
                     fmt::format("{:>6}  {}  {}  {}  {}  {}", entry.seq, entry.utc, entry.actor, entry.action,
                                 entry.subject, entry.hash.substr(0, 16)));
    }
}

void listCustody(Session& session, CaseStore& store) {
    for (const Evidence& e : store.evidence()) {
        for (const cases::CustodyEvent& event : store.custody(e.id)) {
            session.emit({{"evidence", event.evidence},
                          {"utc", event.utc},
                          {"actor", event.actor},
                          {"action", event.action},
                          {"details", event.details}},
                         fmt::format("{:>5}  {}  {}  {}  {}", event.evidence, event.utc, event.actor,
                                     event.action, event.details));
        }
    }
}

void listFindings(Session& session, CaseStore& store) {
    for (const cases::Finding& finding : store.findings()) {
        session.emit({{"finding", finding.id},
                      {"evidence", finding.evidence},
                      {"examination", finding.examination == 0 ? Json(nullptr) : Json(finding.examination)},
                      {"status", toString(finding.status)},
                      {"comment", finding.comment},
                      {"region", finding.region},
                      {"created_utc", finding.createdUtc},
                      {"author", finding.author}},
                     fmt::format("{:>5}  exhibit {}  {}  {}", finding.id, finding.evidence,
                                 toString(finding.status), finding.comment));
    }
}

void listCodes(Session& session, CaseStore& store) {
    for (const cases::RegisteredCode& code : store.codes(true)) {
        session.emit({{"id", code.id},
                      {"code", code.hex},
                      {"bits", code.bits},
                      {"model", code.model.empty() ? Json(nullptr) : Json(code.model)},
                      {"holder", code.holder},
                      {"issued_utc", code.issuedUtc},
                      {"notes", code.notes},
                      {"withdrawn", code.withdrawn}},
                     fmt::format("{:>5}  {}  {} bits  {}{}", code.id, code.hex, code.bits, code.holder,
                                 code.withdrawn ? "  (withdrawn)" : ""));
    }
}

void listReports(Session& session, CaseStore& store) {
    for (const cases::IssuedReport& report : store.reports()) {
        session.emit({{"version", report.version},
                      {"supersedes", report.supersedes == 0 ? Json(nullptr) : Json(report.supersedes)},
                      {"format", report.format},
                      {"path", report.path},
                      {"sha256", report.sha256},
                      {"status", report.status},
                      {"created_utc", report.createdUtc},
                      {"author", report.author},
                      {"audit_head", report.auditHead}},
                     fmt::format("version {}  {}  {}  {}  {}", report.version, report.status,
                                 report.createdUtc, report.path, report.sha256.substr(0, 16)));
    }
}

const std::map<std::string, void (*)(Session&, CaseStore&)>& lists() {
    static const std::map<std::string, void (*)(Session&, CaseStore&)> all{
        {"evidence", listEvidence}, {"audit", listAudit}, {"custody", listCustody},
        {"findings", listFindings}, {"codes", listCodes}, {"reports", listReports}};
    return all;
}

struct VerifyArguments {
    CaseOptions at;
    cases::VerifyOptions options;
    bool quick = false;
};

void verify(Session& session, const VerifyArguments& arguments) {
    if (report::isExport(arguments.at.location))
        return verifyExport(session, arguments.at.location, arguments.options.expectedHead);
    CaseStore store = openCase(arguments.at, true);
    cases::VerifyOptions options = arguments.options;
    options.files = !arguments.quick;
    const cases::Verification found = cases::verify(store, options, session.context());
    Json problems = Json::array();
    std::string text;
    for (const cases::Problem& problem : found.problems) {
        problems.push_back(
            {{"kind", problem.kind}, {"subject", problem.subject}, {"message", problem.message}});
        text += fmt::format("{}: {}\n", problem.subject, problem.message);
    }
    Json history = Json::array();
    for (const cases::Problem& past : found.history) {
        history.push_back({{"kind", past.kind}, {"subject", past.subject}, {"message", past.message}});
        text += fmt::format("note: {}: {}\n", past.subject, past.message);
    }
    if (!found.underWay.empty())
        text += fmt::format("not recorded yet, of an intake or examination that goes on or was cut off: {}\n",
                            fmt::join(found.underWay, ", "));
    text += fmt::format("{} audit entries, {} rows, {} exhibits, {} maps: {}\nHead of the audit log: {}",
                        found.auditEntries, found.rows, found.evidenceFiles, found.artifacts,
                        found.ok() ? "all as recorded" : fmt::format("{} do not fit", found.problems.size()),
                        found.head);
    if (!found.ok()) session.countFailure();
    session.emit({{"case", arguments.at.location},
                  {"verified", found.ok()},
                  {"problems", problems},
                  {"history", history},
                  {"audit_entries", found.auditEntries},
                  {"rows", found.rows},
                  {"evidence_files", found.evidenceFiles},
                  {"artifacts", found.artifacts},
                  {"under_way", found.underWay},
                  {"head", found.head}},
                 text);
}

struct TagArguments {
    CaseOptions at;
    std::string name;
    std::vector<std::int64_t> exhibits;
    bool remove = false;
};

void tag(Session& session, const TagArguments& arguments) {
    CaseStore store = openCase(arguments.at, false);
    cases::Tag tag{0, arguments.name, {}};
    for (const cases::Tag& known : store.tags())
        if (known.name == arguments.name) tag = known;
    if (tag.id == 0) store.saveTag(tag);
    for (const std::int64_t id : arguments.exhibits) {
        const Evidence exhibit = store.evidenceOf(id);
        store.setTag(id, tag.id, !arguments.remove);
        session.emit(
            {{"evidence", id}, {"tag", tag.name}, {"set", !arguments.remove}},
            fmt::format("exhibit {}: {} \"{}\"", id, arguments.remove ? "without" : "tagged", tag.name));
    }
}

}  // namespace

void addCase(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& group =
        *app.add_subcommand("case", "A case: exhibits taken in, examined, verified and reported");
    group.footer(
        "Example:\n  signet case new 2026-17.case --title \"Photographs of May\" --examiner \"A. Turing\"\n"
        "  signet case add 2026-17.case photos/\n  signet case examine 2026-17.case\n"
        "  signet case report 2026-17.case -o report.pdf");
    group.require_subcommand(1);

    {
        auto arguments = std::make_shared<NewArguments>();
        CLI::App& sub = addSubcommand(
            group, common, "new", "Makes a case",
            "signet case new 2026-17.case --title \"Photographs of May\" --examiner \"A. Turing\"");
        addCaseOptions(sub, arguments->at);
        sub.get_option("--examiner")->required()->description("Your name: it stands on every action");
        sub.add_option("--title", arguments->info.title, "What the case is about")->required();
        sub.add_option("--number", arguments->info.number, "The laboratory's number");
        sub.add_option("--organisation", arguments->info.organisation, "The laboratory");
        sub.add_option("--customer", arguments->info.customer, "Who asked for the examination");
        sub.add_option("--description", arguments->info.description, "What was asked");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { create(session, *arguments); });
        });
    }
    addCaseAdd(group, common, status);
    addCaseExamine(group, common, status);
    {
        auto arguments = std::make_shared<ListArguments>();
        std::vector<std::string> names;
        for (const auto& [name, function] : lists()) names.push_back(name);
        CLI::App& sub = addSubcommand(group, common, "list", "What is in a case",
                                      "signet case list 2026-17.case --what audit");
        addCaseOptions(sub, arguments->at);
        sub.add_option("--what", arguments->what, fmt::format("One of {}", fmt::join(names, ", ")))
            ->check(CLI::IsMember(names))
            ->capture_default_str();
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) {
                CaseStore store = openCase(arguments->at, true);
                lists().at(arguments->what)(session, store);
            });
        });
    }
    {
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
        sub.add_flag("--quick", arguments->quick,
                     "Only the database: look at no exhibits, maps and other files");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { verify(session, *arguments); });
        });
    }
    addCaseRecords(group, common, status);
    {
        auto arguments = std::make_shared<TagArguments>();
        CLI::App& sub =
            addSubcommand(group, common, "tag", "Tags exhibits", "signet case tag 2026-17.case notable 3 7");
        addCaseOptions(sub, arguments->at);
        sub.add_option("NAME", arguments->name, "The tag")->required();
        sub.add_option("EXHIBIT", arguments->exhibits, "Numbers of exhibits (`signet case list`)")
            ->required();
        sub.add_flag("--remove", arguments->remove, "Take the tag off");
        sub.callback([&common, &status, arguments] {
            status = runCommand(common, [&](Session& session) { tag(session, *arguments); });
        });
    }
    addCaseReport(group, common, status);
    addCaseExport(group, common, status);
}

}  // namespace signet::cli
