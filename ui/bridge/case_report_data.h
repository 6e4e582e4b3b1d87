#pragma once

#include <QImage>
#include <memory>
#include <string>
#include <vector>

#include "core/report/portable_export.h"
#include "core/report/report_content.h"

namespace signet::ui {

/// A report as it would be issued now; nothing is written for it. Made on a worker, read-only afterwards.
struct ReportPreview {
    report::ReportContent content;
    int pages = 0;  ///< of the PDF
};
using ReportPreviewPtr = std::shared_ptr<const ReportPreview>;

/// Pages of a preview as pictures.
struct ReportPagesRead {
    ReportPreviewPtr preview;
    int first = 0;  ///< from 0
    std::vector<QImage> images;
};

/// A report that was written and recorded.
struct ReportIssued {
    std::filesystem::path path;
    std::string id;
    cases::IssuedReport entry;  ///< id 0: the case could only be read, nothing was recorded
    int exhibits = 0;
    std::vector<cases::Problem> problems;  ///< of the verification
    std::vector<std::string> blockers;     ///< what a final report still needs
};

/// A report was not written: by the case's record, the examiner named in it did nothing with the exhibits.
struct ExaminerDoubted {
    std::filesystem::path path;
    std::string why;
};

struct CaseExported {
    std::filesystem::path path;
    report::ExportResult result;
};

}  // namespace signet::ui
