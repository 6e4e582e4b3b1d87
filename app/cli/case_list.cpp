#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "core/base/visible_text.h"
#include "core/examine/findings.h"

namespace signet::cli {
namespace {

using cases::CaseStore;
using cases::Exhibit;
using Align = Table::Align;

std::string holderText(const Exhibit& e) {
    if (!e.match || *e.match == examine::MatchAnswer::None) return {};
    return *e.match == examine::MatchAnswer::Match ? e.holder
                                                   : fmt::format("{} ({})", e.holder, toString(*e.match));
}

std::string remarkLines(const Exhibit& e) {
    std::string text;
    for (const std::string& remark : e.remarks) text += "\n       " + remark;
    return text;
}

struct ListArguments {
    CaseOptions at;
    std::string what = "evidence";
};

std::string nameInList(const Exhibit& e) {
    return visibleName((e.originalPath.parent_path() / cases::nameOf(e)).native());
}

/// By a logit, or as assuranceText has it by a p-value.
std::string scoreText(const Exhibit& e) {
    if (const auto log10P = cases::log10POf(e)) return examine::pValueText(*log10P);
    return e.model.empty() ? std::string() : fmt::format("{:.2f}", e.score);
}

void listExhibits(Session& session, CaseStore& store) {
    const std::vector<Exhibit> all = store.exhibits().all();
    std::size_t width = 4, answer = 15, score = 7;
    for (const Exhibit& e : all) {
        width = std::max(width, columnsOf(nameInList(e)));
        answer = std::max(answer, columnsOf(e.presence));
        score = std::max(score, columnsOf(scoreText(e)));
    }
    const Table table({{"id", 5, Align::Right},
                       {"exhibit", std::min(width, kPathColumns), Align::Left},
                       {"SHA-256", 16, Align::Left},
                       {"state", 7, Align::Left},
                       {"presence", answer, Align::Left},
                       {"model", 14, Align::Left},
                       {"score", score, Align::Right},
                       {"code", 21, Align::Left},
                       {"holder", 6, Align::Left}});
    session.line(all.empty() ? std::string("No exhibits yet; `signet case add` takes some in.")
                             : table.header());
    for (const Exhibit& e : all) {
        session.emit(recordOf(e), table.row({std::to_string(e.id), truncateFront(nameInList(e), kPathColumns),
                                             e.sha256.substr(0, 16), std::string(toString(e.state)),
                                             e.problem.empty() ? e.presence : e.problem, e.model,
                                             scoreText(e), cases::codeText(e), holderText(e)}) +
                                      remarkLines(e));
    }
}

void listAudit(Session& session, CaseStore& store) {
    for (const cases::AuditEntry& entry : store.audit().entries()) {
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
    for (const Exhibit& e : store.exhibits().all()) {
        for (const cases::CustodyEvent& event : store.custody().of(e.id)) {
            session.emit({{"evidence", event.exhibit},
                          {"utc", event.utc},
                          {"actor", event.actor},
                          {"action", event.action},
                          {"details", event.details}},
                         fmt::format("{:>5}  {}  {}  {}  {}", event.exhibit, event.utc, event.actor,
                                     event.action, event.details));
        }
    }
}

void listFindings(Session& session, CaseStore& store) {
    for (const cases::Finding& finding : store.findings().all()) {
        session.emit({{"finding", finding.id},
                      {"evidence", finding.exhibit},
                      {"examination", finding.examination == 0 ? Json(nullptr) : Json(finding.examination)},
                      {"status", toString(finding.status)},
                      {"comment", finding.comment},
                      {"region", finding.region},
                      {"created_utc", finding.createdUtc},
                      {"author", finding.author}},
                     fmt::format("{:>5}  exhibit {}  {}  {}", finding.id, finding.exhibit,
                                 toString(finding.status), finding.comment));
    }
}

void listCodes(Session& session, CaseStore& store) {
    for (const cases::RegisteredCode& code : store.codes().all()) {
        session.emit({{"id", code.id},
                      {"code", code.hex},
                      {"bits", code.bits},
                      {"model", textOrNull(code.model)},
                      {"holder", code.holder},
                      {"issued_utc", code.issuedUtc},
                      {"notes", code.notes},
                      {"withdrawn", code.withdrawn},
                      {"key", textOrNull(code.keyFingerprint)},
                      {"picture_hash", textOrNull(code.pictureHash)},
                      {"picture_sha256", textOrNull(code.pictureSha256)}},
                     fmt::format("{:>5}  {}  {} bits  {}{}{}", code.id, code.hex, code.bits, code.holder,
                                 code.pictureHash.empty() ? "" : "  (with its picture)",
                                 code.withdrawn ? "  (withdrawn)" : ""));
    }
}

void listReports(Session& session, CaseStore& store) {
    for (const cases::IssuedReport& report : store.reports().all()) {
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
        {"evidence", listExhibits}, {"audit", listAudit}, {"custody", listCustody},
        {"findings", listFindings}, {"codes", listCodes}, {"reports", listReports}};
    return all;
}

}  // namespace

void addCaseList(CLI::App& group, CommonOptions& common, int& status) {
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

}  // namespace signet::cli
