#include "core/report/report_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/option_info.h"
#include "core/report/required_fields.h"

namespace signet::report {
namespace {

constexpr std::array kSections{
    SectionInfo{Section::Summary, "summary", "Summary of results", "One line an exhibit", false},
    SectionInfo{Section::Case, "case", "Case and request", "Laboratory, customer, question, people", true},
    SectionInfo{Section::Exhibits, "exhibits", "Exhibits",
                "Files as received, with their hashes then and now", true},
    SectionInfo{Section::Results, "results", "Results and conclusions",
                "Pictures, scores, codes, conclusions", true},
    SectionInfo{Section::Findings, "findings", "Findings and notes", "What the analysts stated", false},
    SectionInfo{Section::Custody, "custody", "Chain of custody", "Who did what with each exhibit", false},
    SectionInfo{Section::Method, "method", "Method and settings", "Program, device, options, decoding", true},
    SectionInfo{Section::Models, "models", "Model cards", "What each model detects, measured on what, limits",
                false},
    SectionInfo{Section::Likelihood, "likelihood", "Likelihood ratios and verbal scale",
                "How ratios come about, their performance, the scale in full", true},
    SectionInfo{Section::Integrity, "integrity", "Integrity of the case",
                "Verification, head of the audit log", true},
    SectionInfo{Section::History, "history", "Earlier reports", "Reports issued in this case", false},
    SectionInfo{Section::Glossary, "glossary", "Terms", "What the words mean", false},
    SectionInfo{Section::Limits, "limits", "Limits of the method", "What the results do not say", true},
};

/// The one walk over the fields.
template <class Options, class Visit>
void walk(Options& o, Visit&& visit) {
    visit("title", o.title);
    visit("sections", o.sections);
    visit("tags", o.tags);
    visit("logo", o.logo);
    visit("banner", o.banner);
    visit("verbalScale", o.verbalScale);
    visit("final", o.final);
    visit("examiner", o.examiner);
    visit("reviewer", o.reviewer);
    visit("authoriser", o.authoriser);
    visit("thumbnails", o.thumbnails);
    visit("heatmaps", o.evidenceMaps);
    visit("trainingHistory", o.trainingHistory);
    visit("supersedes", o.supersedes);
    visit("confirmExaminer", o.confirmExaminer);
    visit("acceptProblems", o.acceptProblems);
    visit("fields", o.fields);
}

[[noreturn]] void refuseUnknown(const std::string& what, const std::string& key,
                                const std::vector<std::string>& known) {
    const std::string near = nearestKey(key, known);
    throw Error(
        ErrorCode::BadOption,
        fmt::format("there is no {} \"{}\"{}; there are: {}", what, key,
                    near.empty() ? "" : fmt::format(" (did you mean {}?)", near), fmt::join(known, ", ")));
}

std::vector<std::string> sectionKeys() {
    std::vector<std::string> keys;
    for (const SectionInfo& info : kSections) keys.emplace_back(info.key);
    return keys;
}

std::vector<std::string> fieldKeys() {
    std::vector<std::string> keys;
    for (const ReportField& field : reportFields()) keys.emplace_back(field.key);
    return keys;
}

}  // namespace

std::span<const SectionInfo> reportSections() {
    return kSections;
}

const SectionInfo& sectionInfo(Section section) {
    return kSections[static_cast<std::size_t>(section)];
}

bool ReportOptions::has(Section section) const {
    return sections.empty() ||
           std::find(sections.begin(), sections.end(), sectionInfo(section).key) != sections.end();
}

void ReportOptions::validate() const {
    const auto known = sectionKeys();
    for (const std::string& key : sections)
        if (std::find(known.begin(), known.end(), key) == known.end()) refuseUnknown("section", key, known);
    const auto knownFields = fieldKeys();
    for (const auto& [key, value] : fields)
        if (std::find(knownFields.begin(), knownFields.end(), key) == knownFields.end())
            refuseUnknown("field", key, knownFields);
    if (supersedes < -1)
        throw Error(ErrorCode::BadOption, "supersedes is a version, 0 for none or -1 for the last report");
    std::error_code ignored;
    if (!logo.empty() && !std::filesystem::is_regular_file(logo, ignored))
        throw Error(ErrorCode::BadOption, fmt::format("the logo {} is not a file", logo));
}

Json toJson(const ReportOptions& options) {
    Json json = Json::object();
    walk(options, [&](const char* key, const auto& value) { json[key] = value; });
    return json;
}

ReportOptions reportOptionsFromJson(const Json& json) {
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "report options are a JSON object");
    ReportOptions options;
    std::vector<std::string> known;
    walk(options, [&]<class T>(const char* key, T& value) {
        known.emplace_back(key);
        if (const auto found = json.find(key); found != json.end()) value = strictValue<T>(*found, key);
    });
    for (const auto& [key, value] : json.items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            refuseUnknown("report option", key, known);
    options.validate();
    return options;
}

}  // namespace signet::report
