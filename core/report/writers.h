#pragma once

#include "core/base/file_io.h"
#include "core/base/progress.h"
#include "core/report/report_content.h"

namespace signet::report {

// Each writer hands its file over part by part. They throw Cancelled, what reading resources throws, and what
// write throws. (The PDF writer is ui/report/pdf_report.h.)

/// One self-contained HTML file: pictures inlined, no script, a content policy that forbids any; every text
/// escaped.
void writeHtml(const ReportContent& content, const WritePart& write, const WorkContext& context = {});

/// The JSON of resources/reporting/report-schema.json, ASCII; texts exactly as they are in the case. Always
/// has all parts, whatever sections were chosen.
void writeJson(const ReportContent& content, const WritePart& write, const WorkContext& context = {});

/// A table after RFC 4180, UTF-8, one row an exhibit and model (one row for an exhibit without results). A
/// text that a spreadsheet would take for a formula gets an apostrophe in front; characters that cannot be
/// seen stand as [U+202E], in file names line breaks and tabs too ([U+000A]).
void writeCsv(const ReportContent& content, const WritePart& write, const WorkContext& context = {});

}  // namespace signet::report
