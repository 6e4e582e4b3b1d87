#include "ui/report/pdf_report.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <QIODevice>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <exception>

#include "core/base/error.h"
#include "core/report/report_text.h"
#include "ui/report/page_flow.h"

namespace signet::ui {
namespace {

constexpr int kDotsPerInch = 1200;

/// Hands on what Qt writes. An exception must not pass through Qt: it waits here.
class PartDevice final : public QIODevice {
public:
    explicit PartDevice(const WritePart& write) : m_write(write) { open(WriteOnly | Unbuffered); }
    bool isSequential() const override { return true; }
    void rethrow() const {
        if (m_problem) std::rethrow_exception(m_problem);
    }

protected:
    qint64 readData(char*, qint64) override { return -1; }
    qint64 writeData(const char* data, qint64 size) override {
        if (m_problem) return size;  // nothing more is wanted
        try {
            m_write({reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)});
        } catch (...) {
            m_problem = std::current_exception();
        }
        return size;
    }

private:
    const WritePart& m_write;
    std::exception_ptr m_problem;
};

void requireFonts() {
    if (!qGuiApp) throw Error(ErrorCode::Internal, "a PDF needs a QGuiApplication");
    if (QFontDatabase::families().isEmpty())
        throw Error(ErrorCode::Environment, "no font is installed for the PDF; install fonts-dejavu-core");
}

/// The first run lays out without drawing.
PageCounts countPages(const report::ReportContent& content, const WorkContext& context) {
    return PageFlow(
               content, {}, [](int) { return nullptr; }, context)
        .run();
}

}  // namespace

void writePdf(const report::ReportContent& content, const WritePart& write, const WorkContext& context) {
    requireFonts();
    const PageCounts counts = countPages(content, context);
    PartDevice device(write);
    {
        QPdfWriter writer(&device);
        writer.setPdfVersion(QPagedPaintDevice::PdfVersion_A1b);
        writer.setResolution(kDotsPerInch);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF(0, 0, 0, 0));
        writer.setTitle(
            QString::fromStdString(content.id + ": " + report::oneLine(content.options.title, 200)));
        writer.setCreator(QString::fromStdString("Signet " + content.tool.version));
        QPainter painter(&writer);
        const double scale = kDotsPerInch / 72.0 / pt(1);
        painter.scale(scale, scale);
        PageFlow(
            content, counts,
            [&](int page) {
                device.rethrow();
                if (page > 1) writer.newPage();
                return &painter;
            },
            context)
            .run();
    }
    device.rethrow();
}

namespace {

struct Enough {};  ///< thrown to end a flow whose further pages nobody wants

}  // namespace

ReportPages renderReportPages(const report::ReportContent& content, int first, int count, double dotsPerInch,
                              const WorkContext& context) {
    requireFonts();
    const PageCounts counts = countPages(content, context);
    ReportPages out;
    out.pages = counts.pages;
    out.images.reserve(static_cast<std::size_t>(std::max(0, count)));
    const double scale = dotsPerInch / 72 / pt(1);
    if (count <= 0) return out;
    QPainter painter;
    const auto beginPage = [&](int page) -> QPainter* {
        if (painter.isActive()) painter.end();
        if (page > first + count) throw Enough();
        if (page <= first) return nullptr;
        QImage image(static_cast<int>(PageFlow::kWidth * scale), static_cast<int>(PageFlow::kHeight * scale),
                     QImage::Format_RGB32);
        image.fill(Qt::white);
        out.images.push_back(std::move(image));
        painter.begin(&out.images.back());
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing |
                               QPainter::SmoothPixmapTransform);
        painter.scale(scale, scale);
        return &painter;
    };
    try {
        PageFlow(content, counts, beginPage, context).run();
    } catch (const Enough&) {  // all that was wanted is there
    }
    return out;
}

}  // namespace signet::ui
