#include "ui/report/html_pdf.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QPageLayout>
#include <QPdfWriter>
#include <QTextDocument>

namespace signet::ui {

std::vector<std::uint8_t> pdfOfHtml(const std::string& html) {
    constexpr int kMarginMm = 12, kDotsPerInch = 300;
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kDotsPerInch);
        writer.setPageLayout({QPageSize(QPageSize::A4), QPageLayout::Landscape,
                              QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm),
                              QPageLayout::Millimeter});
        QTextDocument document;
        document.documentLayout()->setPaintDevice(&writer);
        document.setHtml(QString::fromStdString(html));
        document.setPageSize(QSizeF(writer.width(), writer.height()));
        document.print(&writer);
    }
    const QByteArray& bytes = buffer.data();
    return {bytes.begin(), bytes.end()};
}

}  // namespace signet::ui
