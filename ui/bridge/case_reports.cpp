#include "ui/bridge/case_reports.h"

#include <algorithm>

#include "core/report/issue.h"
#include "ui/report/pdf_report.h"

namespace signet::ui {

ReportPreviewPtr previewReport(cases::CaseStore& store, const report::ReportOptions& options,
                               const std::filesystem::path& workspace, const WorkContext& context) {
    auto preview = std::make_shared<ReportPreview>();
    preview->content = report::collectReport(store, options, workspace, context);
    preview->pages = renderReportPages(preview->content, 0, 0, 72, context).pages;
    return preview;
}

ReportPagesRead renderPages(const ReportPreviewPtr& preview, int first, int count, double dotsPerInch,
                            const std::stop_token& stop) {
    ReportPagesRead read{preview, first, {}};
    read.images = renderReportPages(preview->content, first, std::min(count, preview->pages - first),
                                    dotsPerInch, {stop, {}})
                      .images;
    return read;
}

std::variant<ReportIssued, ExaminerDoubted> issueReport(cases::CaseStore& store,
                                                        const report::ReportOptions& options,
                                                        const std::filesystem::path& path,
                                                        const std::filesystem::path& workspace,
                                                        const WorkContext& context) {
    const std::string format = report::formatOf(path);
    const report::ReportWriter writer =
        format == "pdf" ? report::ReportWriter(writePdf) : report::coreWriter(format);
    const report::ReportContent content = report::collectReport(store, options, workspace, context);
    if (const std::string why = content.strangeExaminer(); !why.empty() && !options.confirmExaminer)
        return ExaminerDoubted{path, why};
    report::refuseCaseFiles(path, store.location(), content);
    ReportIssued issued;
    issued.path = path;
    issued.entry = report::issueReport(store, content, path, writer, IfExists::Replace, context);
    issued.id = content.id;
    issued.exhibits = static_cast<int>(content.exhibits.size());
    issued.problems = content.verification.problems;
    issued.blockers = content.blockers;
    return issued;
}

}  // namespace signet::ui
