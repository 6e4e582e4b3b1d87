#include "core/report/document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/text.h"
#include "core/report/document_sections.h"
#include "core/report/report_text.h"

namespace signet::report {
namespace {

std::string orNone(const std::string& text) {
    return text.empty() ? "–" : text;
}

void summary(const ReportContent& c, const BlockSink& sink) {
    sink(Paragraph{{},
                   c.options.tags.empty()
                       ? fmt::format("All {} exhibits of the case.", grouped(c.exhibitsInCase))
                       : fmt::format("{} of {} exhibits of the case: those tagged {}.",
                                     grouped(static_cast<int>(c.exhibits.size())), grouped(c.exhibitsInCase),
                                     embedded(fmt::format("{}", fmt::join(c.options.tags, ", ")))),
                   Tone::Plain,
                   false});
    Table table;
    table.columns = {{"Exhibit", 0.5, false, true},
                     {"File", 2, false, false},
                     {"Result by model", 3, false, false},
                     {"SHA-256 (first digits)", 1.3, true, false}};
    for (const ExhibitContent& e : c.exhibits) {
        table.rows.push_back({std::to_string(e.exhibit.id), embedded(shownName(e.name, 120)),
                              e.conclusion.headline, e.exhibit.sha256.substr(0, 16)});
        table.tones.push_back(e.intact() ? Tone::Plain : Tone::Alert);
    }
    sink(table);
    if (const std::string expected = falseFindingsText(c.falseFindings); !expected.empty())
        sink(Paragraph{"False findings to be expected.", expected, Tone::Plain, false});
    sink(Paragraph{
        {},
        "The lines are a directory of the results, not conclusions. Each conclusion stands with its exhibit.",
        Tone::Plain,
        false});
}

void caseFields(const ReportContent& c, const BlockSink& sink) {
    Facts facts;
    for (const FieldContent& field : c.fields) {
        if (field.value.empty() && !field.required) continue;
        const bool missing = field.value.find_first_not_of(" \t\r\n") == std::string::npos;
        facts.facts.push_back({field.label, missing ? "missing" : visible(field.value), false,
                               missing ? Tone::Note : Tone::Plain});
    }
    facts.facts.push_back({"Case opened", localTime(c.info.createdUtc), false, Tone::Plain});
    facts.facts.push_back({"State of the case", c.info.closed ? "closed" : "open", false, Tone::Plain});
    sink(facts);
    sink(Paragraph{
        {},
        "Times are given in the local time of the computer that made the report, with its offset from UTC.",
        Tone::Plain,
        false});
}

void exhibitList(const ReportContent& c, const BlockSink& sink) {
    for (const ExhibitContent& e : c.exhibits) {
        const cases::Exhibit& v = e.exhibit;
        sink(Heading{2, fmt::format("{}: {}", e.label, embedded(shownName(e.name, 300))), {}});
        if (!e.intact())
            sink(Paragraph{"Integrity not confirmed.", embedded(shownName(e.integrityProblem)), Tone::Alert,
                           false});
        Facts f;
        f.facts = {
            {"Received as", shownName(v.originalPath.string()), false, Tone::Plain},
            {"Kept as",
             v.copyPath.empty() ? "the file itself, in its place" : "verified copy " + visible(v.copyPath),
             false, Tone::Plain},
            {"Size", fileSize(v.bytes), false, Tone::Plain},
            {"SHA-256 at intake", v.sha256, true, Tone::Plain},
            {"MD5 at intake", v.md5, true, Tone::Plain},
            {"SHA-256 now",
             e.intact() ? fmt::format("the same, verified {}", localTime(e.verifiedUtc))
                        : fmt::format("NOT the same, checked {}", localTime(e.verifiedUtc)),
             false, e.intact() ? Tone::Plain : Tone::Alert},
            {"Received", fmt::format("{} by {}", localTime(v.receivedUtc), embedded(orNone(v.receivedBy))),
             false, Tone::Plain},
            {"Received from", visible(orNone(v.receivedFrom)), false, Tone::Plain},
            {"File last modified", orNone(localTime(v.modifiedUtc)), false, Tone::Plain}};
        if (v.duplicateOf != 0)
            f.facts.push_back(
                {"Duplicate", fmt::format("same bytes as exhibit {}", v.duplicateOf), false, Tone::Plain});
        if (!e.tags.empty())
            f.facts.push_back(
                {"Tags", visible(fmt::format("{}", fmt::join(e.tags, ", "))), false, Tone::Plain});
        if (!v.note.empty()) f.facts.push_back({"Note", visible(v.note), false, Tone::Plain});
        sink(f);
    }
}

void custody(const ReportContent& c, const BlockSink& sink) {
    for (const ExhibitContent& e : c.exhibits) {
        sink(Heading{2, fmt::format("{}: {}", e.label, embedded(shownName(e.name, 300))), {}});
        Table table;
        table.columns = {{"When", 1.7, false, false},
                         {"Who", 1, false, false},
                         {"What", 0.9, false, false},
                         {"Details", 2.4, false, false}};
        for (const cases::CustodyEvent& event : e.custody)
            table.rows.push_back(
                {localTime(event.utc), visible(event.actor), visible(event.action), visible(event.details)});
        sink(table);
    }
}

void history(const ReportContent& c, const BlockSink& sink) {
    if (c.earlier.empty()) {
        sink(Paragraph{{}, "No report was issued in this case before.", Tone::Plain, false});
        return;
    }
    Table table;
    table.columns = {{"Version", 0.5, false, true},
                     {"Status", 0.8, false, false},
                     {"Issued", 1.3, false, false},
                     {"By", 1, false, false},
                     {"SHA-256", 4.5, true, false}};
    for (const cases::IssuedReport& r : c.earlier) {
        int by = c.supersedes == r.version ? c.version : 0;
        for (const cases::IssuedReport& other : c.earlier)
            if (other.supersedes == r.version) by = other.version;
        table.rows.push_back(
            {std::to_string(r.version),
             by == 0 ? fmt::format("{}, {}", r.status, r.format)
                     : fmt::format("withdrawn ({}, {}); replaced by version {}", r.status, r.format, by),
             localTime(r.createdUtc), visible(r.author), r.sha256});
    }
    sink(table);
}

void statements(const std::vector<Statement>& list, bool small, const BlockSink& sink) {
    for (const Statement& s : list) sink(Paragraph{s.title + ".", s.text, Tone::Plain, false, small});
}

void signatures(const ReportContent& c, const BlockSink& sink) {
    sink(Heading{1, "Authorisation", "authorisation"});
    if (const std::string declaration = c.field("declaration"); !declaration.empty())
        sink(Paragraph{"Declaration.", visible(declaration), Tone::Plain, false});
    sink(Paragraph{
        {},
        "The results relate only to the items examined, as received. The report may be copied only in full.",
        Tone::Plain,
        false});
    Table table;
    table.columns = {{"", 1, false, false},
                     {"Name", 2, false, false},
                     {"Date", 1, false, false},
                     {"Signature", 2, false, false}};
    for (const char* key : {"examiner", "reviewer", "authoriser"}) {
        for (const FieldContent& field : c.fields)
            if (field.key == key)
                table.rows.push_back({field.label, visible(orNone(field.value)) + "\n ", "", ""});
    }
    sink(table);
}

}  // namespace

std::string statusWord(const ReportContent& content) {
    return content.draft() ? "Draft" : "Final";
}

Facts identification(const ReportContent& c) {
    Facts f;
    f.facts = {{"Report", c.id, false, Tone::Plain},
               {"Version",
                c.supersededReport.empty() ? std::to_string(c.version)
                                           : fmt::format("{}, supersedes {}", c.version, c.supersededReport),
                false, Tone::Plain},
               {"Status", c.draft() ? "DRAFT: preliminary, not authorised" : "Final", false,
                c.draft() ? Tone::Note : Tone::Plain},
               {"Issued", localTime(c.createdUtc), false, Tone::Plain}};
    const std::pair<const char*, const char*> fields[] = {{"Case", "title"},
                                                          {"Case number", "number"},
                                                          {"Laboratory", "organisation"},
                                                          {"Customer", "customer"},
                                                          {"Examiner", "examiner"}};
    for (const auto& [label, key] : fields)
        f.facts.push_back({label, visible(orNone(c.field(key))), false, Tone::Plain});
    f.facts.push_back({"Head of the audit log", c.head.hash, true, Tone::Plain});
    return f;
}

void writePreliminaries(const ReportContent& c, const BlockSink& sink) {
    if (c.draft()) {
        sink(Paragraph{"Draft.",
                       "This is a preliminary report. It was not authorised and is not for use as evidence.",
                       Tone::Note, false});
        if (!c.blockers.empty()) {
            std::string list;
            for (const std::string& blocker : c.blockers) list += "\n• " + visible(blocker);
            sink(Paragraph{"A final report still needs:", list, Tone::Note, false});
        }
    }
    if (!c.verification.ok()) {
        sink(Paragraph{
            "Integrity not confirmed.",
            fmt::format("The verification found {} problem{}; they stand in the section \u201c{}\u201d.",
                        c.verification.problems.size(), c.verification.problems.size() == 1 ? "" : "s",
                        sectionInfo(Section::Integrity).title),
            Tone::Alert, false});
        if (!c.options.acceptProblems.empty())
            sink(Paragraph{"Issued nevertheless:", embedded(c.options.acceptProblems), Tone::Alert, false});
    }
    for (const std::string& warning : c.warnings)
        sink(Paragraph{"Note.", visible(warning), Tone::Note, false});
}

void writeDocument(const ReportContent& c, const BlockSink& sink) {
    for (const SectionInfo& info : reportSections()) {
        if (!c.options.has(info.section)) continue;
        sink(Heading{1, info.title, info.key});
        switch (info.section) {
            case Section::Summary:
                summary(c, sink);
                break;
            case Section::Case:
                caseFields(c, sink);
                break;
            case Section::Exhibits:
                exhibitList(c, sink);
                break;
            case Section::Results:
                resultsSection(c, sink);
                break;
            case Section::Findings:
                findingsSection(c, sink);
                break;
            case Section::Custody:
                custody(c, sink);
                break;
            case Section::Method:
                methodSection(c, sink);
                break;
            case Section::Models:
                modelsSection(c, sink);
                break;
            case Section::Likelihood:
                likelihoodSection(c, sink);
                break;
            case Section::Integrity:
                integritySection(c, sink);
                break;
            case Section::History:
                history(c, sink);
                break;
            case Section::Glossary:
                statements(c.glossary, true, sink);
                break;
            case Section::Limits:
                statements(c.limits, false, sink);
                break;
        }
    }
    signatures(c, sink);
}

}  // namespace signet::report
