#pragma once

#include <variant>

#include "ui/bridge/case_work.h"

namespace signet::ui {

// Reports and exports of a case; none of it is for the GUI thread, all of it throws signet::Error.

/// Collects the content (which verifies the exhibits) and counts the pages.
ReportPreviewPtr previewReport(cases::CaseStore& store, const report::ReportOptions& options,
                               const std::filesystem::path& workspace, const WorkContext& context);

/// Count pages from first on, without those that are not there.
ReportPagesRead renderPages(const ReportPreviewPtr& preview, int first, int count, double dotsPerInch,
                            const std::stop_token& stop);

/// Verifies the exhibits, writes and records the report. A file that is there is replaced, but never one of
/// the case itself. Nothing is written where the examiner is in doubt and the options do not confirm the
/// name.
std::variant<ReportIssued, ExaminerDoubted> issueReport(cases::CaseStore& store,
                                                        const report::ReportOptions& options,
                                                        const std::filesystem::path& path,
                                                        const std::filesystem::path& workspace,
                                                        const WorkContext& context);

}  // namespace signet::ui
