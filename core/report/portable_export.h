#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/cases/case_store.h"
#include "core/cases/verify.h"
#include "core/report/report_options.h"

namespace signet::report {

/// What a portable export holds. A part of a case is exported without its audit log, which tells of the other
/// exhibits as well; the head's hash is always in it.
struct ExportOptions {
    std::vector<std::string> tags;  ///< only exhibits with one of these; empty: the whole case
    bool audit = false;             ///< the audit log also with a part of the case
    ReportOptions report;  ///< of the report inside (HTML and JSON, a draft); its tags are those above
};

struct ExportResult {
    std::string manifestSha256;  ///< to be handed on by another way than the export itself
    int exhibits = 0;
    int files = 0;
    std::int64_t bytes = 0;
    std::vector<std::string> omitted;  ///< files that are not what was recorded, and are therefore left out
};

/// Writes a folder, or a zip file where path ends in .zip:
///   evidence/000003-name.jpg   the exhibits' bytes
///   artifacts/...              what examinations made
///   case.json                  case, exhibits with custody, examinations and findings, codes, audit log
///   report.html, report.json   the report of the selection
///   SHA256SUMS, README.txt     to verify it without this program
///   manifest.json              SHA-256 and size of every other file
/// It is read back and verified before it gets its name. The export is noted in the audit log and in the
/// custody of each exhibit where the case can be written. Throws NotFound (a tag), BadOption (no exhibit),
/// Exists, Cancelled, NotVerified.
ExportResult exportCase(cases::CaseStore& store, const std::filesystem::path& path,
                        const ExportOptions& options, const std::filesystem::path& workspace,
                        const WorkContext& context);

/// Whether path looks like an export (a folder with a manifest, or a zip file) rather than a case.
bool isExport(const std::filesystem::path& path);

/// Verifies an export by itself: every file against the manifest, no file beside it, exhibits and artifacts
/// against the records, the audit chain where it is there. expectedManifest (may be empty) is the manifest's
/// SHA-256 as handed over: only this finds an export that was replaced as a whole. Problems are of kind
/// "manifest", "file", "evidence", "artifact", "audit". Throws NotFound and NoPermission; anything else that
/// is wrong is a problem.
struct ExportVerification : cases::Verification {
    std::string manifestSha256;
    int files = 0;
};
ExportVerification verifyExport(const std::filesystem::path& path, const std::string& expectedManifest,
                                const WorkContext& context);

}  // namespace signet::report
