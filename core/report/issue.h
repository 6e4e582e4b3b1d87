#pragma once

#include <functional>

#include "core/report/writers.h"

namespace signet::report {

/// "pdf", "html", "json" or "csv" by the ending of a file name; throws BadOption for another.
std::string formatOf(const std::filesystem::path& path);

/// Writes one format; ui/report/pdf_report.h has the one for PDF.
using ReportWriter = std::function<void(const ReportContent&, const WritePart&, const WorkContext&)>;

/// The writer of "html", "json" or "csv". Throws BadOption.
ReportWriter coreWriter(const std::string& format);

/// Neither the case nor one of its files may become a report, not even where files are replaced. Throws
/// Exists.
void refuseCaseFiles(const std::filesystem::path& output, const std::string& location,
                     const ReportContent& content);

/// Throws for a final report that something keeps from being final, naming all of it: NotVerified where the
/// verification failed, BadOption else. A draft always passes.
void requireIssuable(const ReportContent& content);

/// Writes a report beside path, records it in the case under content's version, and gives it its name. A case
/// that can only be read records nothing. Nobody gets a report that is not in the case's register: a failure
/// to record leaves no file. A final report is also noted in the custody of its exhibits. Throws Exists (the
/// file, or another report of this version was issued meanwhile), what requireIssuable, the writer and the
/// store throw.
cases::IssuedReport issueReport(cases::CaseStore& store, const ReportContent& content,
                                const std::filesystem::path& path, const ReportWriter& writer,
                                IfExists ifExists, const WorkContext& context);

}  // namespace signet::report
