#include "ui/plot/curve_export.h"

#include <qcustomplot.h>

#include <QBuffer>
#include <QPageSize>
#include <QPdfWriter>

namespace signet::ui {
namespace {

constexpr int kPxAnInch = 96;
constexpr int kPxAMetre = 3780;

}  // namespace

QPicture recordPlot(QCustomPlot* plot, const QSize& size) {
    QPicture drawing;
    QCPPainter painter;
    painter.begin(&drawing);
    painter.setMode(QCPPainter::pmVectorized);
    plot->toPainter(&painter, size.width(), size.height());
    painter.end();
    return drawing;
}

QByteArray drawPng(const QPicture& drawing, const QSize& size, int scale) {
    QImage image(size * scale, QImage::Format_RGB32);
    image.setDotsPerMeterX(kPxAMetre);
    image.setDotsPerMeterY(kPxAMetre);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(scale, scale);
    painter.drawPicture(0, 0, drawing);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray drawPdf(const QPicture& drawing, const QSize& size, const QString& title) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kPxAnInch);
    writer.setPageSize(QPageSize(QSizeF(size) / kPxAnInch, QPageSize::Inch, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Signet"));
    QPainter painter(&writer);
    painter.drawPicture(0, 0, drawing);
    painter.end();
    return bytes;
}

}  // namespace signet::ui
