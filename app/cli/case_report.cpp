#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "app/cli/case_options.h"
#include "app/cli/commands.h"
#include "app/cli/pdf_writer.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/report/issue.h"
#include "core/report/words.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

constexpr std::uint64_t kMaxOptionsBytes = 4 << 20;

struct CaseReportArguments {
    CaseOptions at;
    std::string output;
    std::string optionsFile;
    std::vector<std::string> without;
    std::vector<std::string> fields;
    report::ReportOptions given;  ///< what the command line itself says
    bool noPictures = false;
    bool force = false;
    CLI::App* sub = nullptr;
};

std::string sectionKeys() {
    std::vector<std::string> keys;
    for (const auto& section : report::reportSections()) keys.emplace_back(section.key);
    return fmt::format("{}", fmt::join(keys, ", "));
}

std::string fieldKeys() {
    std::vector<std::string> keys;
    for (const auto& field : report::reportFields())
        keys.push_back(std::string(field.key) + (field.required ? "*" : ""));
    return fmt::format("{}", fmt::join(keys, ", "));
}

/// The file's options with the command line's over them.
report::ReportOptions optionsOf(const CaseReportArguments& a) {
    report::ReportOptions options;
    if (!a.optionsFile.empty()) {
        options = report::reportOptionsFromJson(
            Json::parse(readTextFile(a.optionsFile, kMaxOptionsBytes), nullptr, false));
    }
    const auto over = [&](const char* name, auto member) {
        if (a.sub->count(name) > 0) options.*member = a.given.*member;
    };
    using Options = report::ReportOptions;
    over("--title", &Options::title);
    over("--sections", &Options::sections);
    over("--tag", &Options::tags);
    over("--logo", &Options::logo);
    over("--banner", &Options::banner);
    over("--verbal-scale", &Options::verbalScale);
    over("--final", &Options::final);
    over("--reviewer", &Options::reviewer);
    over("--authoriser", &Options::authoriser);
    over("--supersedes", &Options::supersedes);
    over("--training-history", &Options::trainingHistory);
    over("--accept-problems", &Options::acceptProblems);
    over("--confirm-examiner", &Options::confirmExaminer);
    if (a.noPictures) options.thumbnails = options.evidenceMaps = false;
    if (!a.at.examiner.empty()) options.examiner = a.at.examiner;
    if (!a.without.empty()) {
        if (options.sections.empty())
            for (const auto& section : report::reportSections()) options.sections.emplace_back(section.key);
        for (const std::string& key : a.without)
            if (std::erase(options.sections, key) == 0)
                throw Error(ErrorCode::BadOption,
                            fmt::format("--without {}: no such section; there are: {}", key, sectionKeys()));
    }
    for (const std::string& field : a.fields) {
        const auto equals = field.find('=');
        if (equals == std::string::npos)
            throw Error(ErrorCode::BadOption, fmt::format("--field {}: give KEY=VALUE", toUtf8(field)));
        options.fields[field.substr(0, equals)] = field.substr(equals + 1);
    }
    options.validate();
    return options;
}

cases::CaseStore openToRecord(const CaseOptions& at) {
    try {
        return openCase(at, false);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NoPermission) throw;
        spdlog::warn("the case can only be read: the report will not be recorded in it ({})",
                     toUtf8(error.what()));
        return openCase(at, true);
    }
}

void run(Session& session, const CaseReportArguments& a) {
    const std::string format = report::formatOf(a.output);
    const report::ReportWriter writer = reportWriter(format);
    const report::ReportOptions options = optionsOf(a);
    std::error_code ignored;
    if (!a.force && fs::exists(fs::symlink_status(a.output, ignored)))
        throw Error(ErrorCode::Exists,
                    fmt::format("{} exists: choose another name or give --force", shown(a.output)));
    cases::CaseStore store = openToRecord(a.at);
    const report::ReportContent content =
        report::collectReport(store, options, session.options().workspaceFolder(), session.context());
    report::refuseCaseFiles(a.output, a.at.location, content);
    const cases::IssuedReport issued = report::issueReport(
        store, content, a.output, writer, a.force ? IfExists::Replace : IfExists::Refuse, session.context());

    const auto problems = content.verification.problems.size();
    std::string text =
        fmt::format("{}: report {}, version {} ({}), {} exhibits\nSHA-256 {}", shown(a.output), content.id,
                    content.version, issued.status, content.exhibits.size(), issued.sha256);
    if (content.supersedes > 0) text += fmt::format("\nsupersedes version {}", content.supersedes);
    if (content.draft() && !content.blockers.empty())
        text += fmt::format("\na final report still needs:\n  - {}",
                            toUtf8(fmt::format("{}", fmt::join(content.blockers, "\n  - "))));
    if (const std::string examiner = content.strangeExaminer(); !examiner.empty())
        spdlog::warn("{} The report says so.", toUtf8(examiner));
    if (problems > 0) {
        const cases::Problem& first = content.verification.problems.front();
        spdlog::warn("the verification found {} problem{}, which the report states; the first: {}: {}",
                     problems, problems == 1 ? "" : "s", report::subjectInWords(first),
                     toUtf8(first.message));
        if (content.draft()) session.countFailure();
    }
    session.emit({{"case", toUtf8(a.at.location)},
                  {"output", toUtf8(a.output)},
                  {"format", format},
                  {"report", content.id},
                  {"version", content.version},
                  {"supersedes", content.supersedes == 0 ? Json(nullptr) : Json(content.supersedes)},
                  {"status", issued.status},
                  {"recorded", !store.readOnly()},
                  {"exhibits", content.exhibits.size()},
                  {"sha256", issued.sha256},
                  {"verified", problems == 0},
                  {"problems", problems},
                  {"missing", content.blockers},
                  {"warnings", content.warnings},
                  {"head", content.head.hash}},
                 text);
}

}  // namespace

void addCaseReport(CLI::App& caseApp, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(caseApp, common, "report", "Writes a report: PDF, HTML, JSON or CSV",
                                  "signet case report 2026-17.case -o report.pdf --final --reviewer \"B. "
                                  "Rossi\" --authoriser \"C. Okafor\"\n\n"
                                  "Fields (*: needed for --final): " +
                                      fieldKeys() +
                                      ".\nA draft can always be made; where the verification of the case "
                                      "finds a problem the report says so and the "
                                      "exit status is 1. A final report is refused as long as a field is "
                                      "missing, an exhibit is not examined or the "
                                      "verification finds a problem; --accept-problems REASON prints the "
                                      "reason beside the problem instead.");
    auto a = std::make_shared<CaseReportArguments>();
    a->sub = &sub;
    addCaseOptions(sub, a->at);
    sub.add_option("-o,--output", a->output, "The report: a name that ends in .pdf, .html, .json or .csv")
        ->required();
    sub.add_flag("--final", a->given.final, "No draft: all fields filled in, everything verified");
    sub.add_option("--tag", a->given.tags, "Only exhibits with this tag; may be given several times")
        ->allow_extra_args(false);
    sub.add_option("--sections", a->given.sections, "Only these: " + sectionKeys())
        ->delimiter(',')
        ->allow_extra_args(false);
    sub.add_option("--without", a->without, "All sections but these")
        ->delimiter(',')
        ->allow_extra_args(false);
    sub.add_option("--options", a->optionsFile, "JSON file of options; the command line goes over it")
        ->check(CLI::ExistingFile);
    sub.add_option("--title", a->given.title, "Title of the report");
    sub.add_option("--logo", a->given.logo, "Picture of the laboratory on the first page");
    sub.add_option("--banner", a->given.banner, "Classification at the top of each page");
    sub.add_option("--reviewer", a->given.reviewer, "Who reviewed the case file");
    sub.add_option("--authoriser", a->given.authoriser, "Who authorises the report");
    sub.add_option("--field", a->fields, "KEY=VALUE, over what the case has; may be given several times")
        ->allow_extra_args(false);
    sub.add_option(
        "--verbal-scale", a->given.verbalScale,
        "Words for likelihood ratios: a name, a JSON file or none (default: the case's, else enfsi-2015)");
    sub.add_option("--supersedes", a->given.supersedes,
                   "Version that this one replaces; 0: none (default: the last one of the same status)");
    sub.add_option("--accept-problems", a->given.acceptProblems,
                   "Why a final report is issued although the verification found problems; it is printed");
    sub.add_flag(
        "--confirm-examiner", a->given.confirmExaminer,
        "The examiner named is right, although by the case's record they did nothing with the exhibits");
    sub.add_flag("--no-pictures", a->noPictures, "Neither exhibits nor evidence maps");
    sub.add_flag("--training-history", a->given.trainingHistory,
                 "The models' cards with training and evaluation in full");
    sub.add_flag("--force", a->force, "Replace the file if it exists");
    sub.callback(
        [&common, &status, a] { status = runCommand(common, [&](Session& session) { run(session, *a); }); });
}

}  // namespace signet::cli
