#include "app/cli/pdf_writer.h"

#include "core/base/error.h"
#ifdef SIGNET_PDF
#include <QGuiApplication>
#include <QLoggingCategory>

#include "ui/report/pdf_report.h"
#endif

namespace signet::cli {

#ifdef SIGNET_PDF
namespace {

void writePdfOffscreen(const report::ReportContent& content, const WritePart& write,
                       const WorkContext& context) {
    if (qGuiApp) return ui::writePdf(content, write, context);
    QLoggingCategory::setFilterRules(
        QStringLiteral("default.warning=false"));  // of the platform without a display
    char name[] = "signet";
    char option[] = "-platform";
    char platform[] = "offscreen";
    char* arguments[] = {name, option, platform, nullptr};
    int count = 3;
    QGuiApplication application(count, arguments);
    ui::writePdf(content, write, context);
}

}  // namespace
#endif

report::ReportWriter reportWriter(const std::string& format) {
    if (format != "pdf") return report::coreWriter(format);
#ifdef SIGNET_PDF
    return writePdfOffscreen;
#else
    throw Error(ErrorCode::Environment, "this build writes no PDF (SIGNET_GUI=OFF): ask for .html");
#endif
}

}  // namespace signet::cli
