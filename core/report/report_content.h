#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/cases/case_store.h"
#include "core/cases/verify.h"
#include "core/report/conclusions.h"
#include "core/report/false_findings.h"
#include "core/report/model_content.h"
#include "core/report/report_options.h"
#include "core/report/required_fields.h"
#include "core/report/verbal_scale.h"

namespace signet::report {

/// A value of reportFields() as it stands in the report.
struct FieldContent {
    std::string key;
    std::string label;
    std::string value;  ///< empty: missing
    bool required = false;
};

struct FindingContent {
    cases::Finding finding;
    std::vector<std::string> tags;
};

/// A picture an examination made.
struct EvidenceMapFile {
    std::filesystem::path path;
    std::string sha256;  ///< as recorded
    std::string model;   ///< whose map it is
};

struct ExhibitContent {
    cases::Exhibit exhibit;
    std::string label;           ///< "Exhibit 3": the number is the exhibit's id in the case
    std::string name;            ///< file name as received, raw
    std::filesystem::path file;  ///< the copy, or the original
    std::string verifiedUtc;
    std::string integrityProblem;  ///< empty: the file has the SHA-256 recorded at intake
    std::vector<std::string> tags;
    std::optional<cases::Examination> examination;  ///< the last one
    int examinations = 0;                           ///< how often it was examined
    std::vector<ModelResult> results;
    std::vector<EvidenceMapFile> evidenceMaps;
    std::vector<cases::CustodyEvent> custody;
    std::vector<FindingContent> findings;
    Conclusion conclusion;

    bool intact() const { return integrityProblem.empty(); }
    /// Conflicts and warnings of the last examination.
    std::vector<std::string> remarks() const;
};

/// What this program and machine are.
struct ToolContent {
    std::string version, commit, buildType, compiler, libraries, host, processor;
};

/// Topics beside the names of the kinds: a signature that is found by a p-value, or by a score and its
/// calibration.
inline constexpr const char* kKeyedSignature = "keyed signature";
inline constexpr const char* kScoredSignature = "scored signature";

/// A fixed text of resources/reporting/statements.json.
struct Statement {
    std::string title;
    std::string text;
};

/// Everything a report says, as plain data: no writer reads the case. Pictures are read when they are
/// written, so that 500 exhibits need no more memory than one.
struct ReportContent {
    std::string id;  ///< unique: on each page
    int version = 0;
    int supersedes = 0;
    std::string supersededReport;  ///< "version 2 of ..., SHA-256 ..."; empty: none
    std::string createdUtc;
    ReportOptions options;
    cases::CaseInfo info;
    std::vector<FieldContent> fields;
    std::vector<std::string> blockers;  ///< what keeps it from being final; empty: nothing
    std::vector<std::string> warnings;  ///< e.g. the case is read-only
    int exhibitsInCase = 0;
    std::vector<ExhibitContent> exhibits;
    std::vector<ModelContent> models;
    std::int64_t registeredCodes = 0;
    FalseFindings falseFindings;
    std::vector<std::string> actors;  ///< everyone who took in, examined or assessed an exhibit
    cases::Verification verification;
    std::string verifiedUtc;
    cases::AuditEntry head;  ///< the audit log's last entry the report rests on
    std::vector<cases::IssuedReport> earlier;
    ToolContent tool;
    VerbalScale scale;
    std::vector<Statement> glossary;
    std::vector<Statement> limits;

    bool draft() const { return !options.final; }
    const ModelContent* model(const std::string& name, const std::string& sha256) const;
    std::string field(const std::string& key) const;
    /// What its texts are about: the kinds of the models that examined its exhibits, by name, of signatures
    /// also kKeyedSignature or kScoredSignature; of scored signatures where none was examined.
    std::set<std::string> topics() const;
    /// What is said where the examiner named in the report is none of the actors; empty: all is well.
    std::string strangeExaminer() const;
};

/// Reads a case, verifies it and every exhibit of the report, and puts the content together. Writes nothing
/// but the findings of verifyExhibit. version is the one the report will be recorded under. workspace: where
/// own models are. Throws NotFound (a tag, the scale), Cancelled, and what the store throws.
ReportContent collectReport(cases::CaseStore& store, const ReportOptions& options,
                            const std::filesystem::path& workspace, const WorkContext& context);

/// The glossary or the limits of resources/reporting/statements.json, those of these topics. Throws Corrupt,
/// NotFound.
std::vector<Statement> loadStatements(const std::string& list, const std::set<std::string>& topics);

}  // namespace signet::report
