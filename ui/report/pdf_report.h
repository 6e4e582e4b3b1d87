#pragma once

#include <QImage>
#include <vector>

#include "core/report/writers.h"

namespace signet::ui {

/// Writes a report as PDF/A-1b: A4, fonts embedded, page x of y and the report's id on each page, DRAFT on
/// each page of a draft, an end mark. The report is laid out twice, first to count the pages, and streamed
/// page by page: memory does not grow with the exhibits. Any thread; a QGuiApplication must exist (offscreen
/// will do). A report::ReportWriter. Throws Environment without any font, Cancelled, and what write throws.
void writePdf(const report::ReportContent& content, const WritePart& write, const WorkContext& context);

/// Pages of the same report as pictures, for a preview: count pages from first (0-based) on, and how many
/// there are. Same threads and errors.
struct ReportPages {
    std::vector<QImage> images;
    int pages = 0;
};
ReportPages renderReportPages(const report::ReportContent& content, int first, int count, double dotsPerInch,
                              const WorkContext& context);

}  // namespace signet::ui
