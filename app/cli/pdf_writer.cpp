#include "app/cli/pdf_writer.h"

#include <functional>

#include "core/base/error.h"
#ifdef SIGNET_PDF
#include <QGuiApplication>
#include <QLoggingCategory>

#include "ui/report/html_pdf.h"
#include "ui/report/pdf_report.h"
#endif

namespace signet::cli {

namespace {

#ifdef SIGNET_PDF
/// work with a Qt that draws without a display.
void withOffscreenQt(const std::function<void()>& work) {
    if (qGuiApp) return work();
    QLoggingCategory::setFilterRules(
        QStringLiteral("default.warning=false"));  // of the platform without a display
    char name[] = "signet";
    char option[] = "-platform";
    char platform[] = "offscreen";
    char* arguments[] = {name, option, platform, nullptr};
    int count = 3;
    QGuiApplication application(count, arguments);
    work();
}
#else
[[noreturn]] void refusePdf() {
    throw Error(ErrorCode::Environment, "this build writes no PDF (SIGNET_GUI=OFF): ask for .html");
}
#endif

}  // namespace

report::ReportWriter reportWriter(const std::string& format) {
    if (format != "pdf") return report::coreWriter(format);
#ifdef SIGNET_PDF
    return [](const report::ReportContent& content, const WritePart& write, const WorkContext& context) {
        withOffscreenQt([&] { ui::writePdf(content, write, context); });
    };
#else
    refusePdf();
#endif
}

std::vector<std::uint8_t> pdfOfHtml([[maybe_unused]] const std::string& html) {
#ifdef SIGNET_PDF
    std::vector<std::uint8_t> pdf;
    withOffscreenQt([&] { pdf = ui::pdfOfHtml(html); });
    return pdf;
#else
    refusePdf();
#endif
}

}  // namespace signet::cli
