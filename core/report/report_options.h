#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace signet::report {

/// The parts of a report, in their fixed order.
enum class Section {
    Summary,
    Case,
    Exhibits,
    Results,
    Findings,
    Custody,
    Method,
    Models,
    Likelihood,
    Integrity,
    History,
    Glossary,
    Limits
};

struct SectionInfo {
    Section section;
    const char* key;    ///< "summary", as in options and on the command line
    const char* title;  ///< its heading
    const char* help;   ///< one sentence for a form
    bool required;      ///< a final report must have it
};

std::span<const SectionInfo> reportSections();
const SectionInfo& sectionInfo(Section section);

/// How a report is made: the same struct for the command line, the form and the file of --options. Every text
/// may be empty.
struct ReportOptions {
    std::string title = "Examination of images for a signature";
    std::vector<std::string> sections;  ///< keys of those wanted; empty: all
    std::vector<std::string> tags;      ///< only exhibits with one of these tags; empty: all exhibits
    std::string logo;                   ///< image file of the laboratory
    std::string banner;                 ///< classification, at the top of each page
    /// A scale of resources/reporting/scales by name, the path of an own one, or "none"; empty: the case's
    /// choice (field verbal_scale), else enfsi-2015.
    std::string verbalScale;
    bool final = false;            ///< false: a draft, marked as such on each page
    std::string examiner;          ///< empty: the case's
    std::string reviewer;          ///< empty: the case's field "reviewer"
    std::string authoriser;        ///< empty: the case's field "authoriser"
    bool thumbnails = true;        ///< pictures of the exhibits
    bool evidenceMaps = true;      ///< evidence maps of the examinations
    bool trainingHistory = false;  ///< of the models' cards, what tells of training and evaluation in full
    int supersedes = -1;           ///< version it replaces; 0: none; -1: the last one of the same status
    bool confirmExaminer = false;  ///< although by the case's record they did nothing with the exhibits
    std::string acceptProblems;    ///< why a final report is issued although the verification found problems
    std::map<std::string, std::string> fields;  ///< of required_fields.h, over the case's

    bool has(Section section) const;

    /// Throws BadOption: an unknown section or field, a logo that is not there, ...
    void validate() const;
};

Json toJson(const ReportOptions& options);
/// Keys that are not there keep their default; an unknown one throws BadOption, naming the nearest.
/// validate()d.
ReportOptions reportOptionsFromJson(const Json& json);

}  // namespace signet::report
