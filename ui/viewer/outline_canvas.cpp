#include "ui/viewer/outline_canvas.h"

#include <QPainter>
#include <algorithm>
#include <array>

#include "ui/style/theme.h"

namespace signet::ui {
namespace {

struct LineStyle {
    QColor colour;
    Qt::PenStyle pen;
};

/// Of the outline of this number, from 0 on: colours are told apart by the kind of line, too.
LineStyle lineStyleOf(std::size_t index) {
    const MeaningColours& theme = meaningColours();
    const std::array<LineStyle, 3> styles{LineStyle{theme.accent, Qt::SolidLine},
                                          LineStyle{theme.signedSeries, Qt::DashLine},
                                          LineStyle{theme.unsignedSeries, Qt::DotLine}};
    return styles[index % styles.size()];
}

}  // namespace

OutlineCanvas::OutlineCanvas(QWidget* parent) : ImageCanvas(parent) {}

QString OutlineCanvas::numbered(const std::vector<Outline>& outlines, std::size_t index) {
    return outlines.size() == 1 ? outlines[index].label
                                : QStringLiteral("%1: %2").arg(index + 1).arg(outlines[index].label);
}

void OutlineCanvas::setOutlines(std::vector<Outline> outlines) {
    m_outlines = std::move(outlines);
    QStringList labels;
    for (std::size_t i = 0; i < m_outlines.size(); ++i) labels << numbered(m_outlines, i);
    setAccessibleName(labels.isEmpty() ? tr("Image")
                                       : tr("Image; outlined: %1").arg(labels.join(QStringLiteral(", "))));
    update();
}

QPolygonF OutlineCanvas::onWidget(const Outline& outline) const {
    QPolygonF corners;
    for (const QPointF& corner : outline.polygon)
        corners << toWidget(QPointF(corner.x() * image()->width(), corner.y() * image()->height()));
    return corners;
}

void OutlineCanvas::paintEvent(QPaintEvent* event) {
    ImageCanvas::paintEvent(event);
    if (!hasImage()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor shade(0, 0, 0, 200);
    std::vector<QRectF> labels;
    for (std::size_t i = 0; i < m_outlines.size(); ++i) {
        const QPolygonF corners = onWidget(m_outlines[i]);
        const LineStyle style = lineStyleOf(i);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(shade, 5));  // dark under light, so that it is seen on every picture
        painter.drawPolygon(corners);
        painter.setPen(QPen(style.colour, 3, style.pen));
        painter.drawPolygon(corners);
        // its label at the upper left corner, inside the view and under those before it
        const QString text = painter.fontMetrics().elidedText(numbered(m_outlines, i), Qt::ElideRight,
                                                              std::max(40, width() - 24));
        const QSizeF size(painter.fontMetrics().horizontalAdvance(text) + 14,
                          painter.fontMetrics().height() + 4);
        QRectF label(corners.boundingRect().topLeft(), size);
        label.moveLeft(std::clamp(label.left(), 0.0, std::max(0.0, width() - size.width())));
        label.moveTop(std::clamp(label.top(), 0.0, std::max(0.0, height() - size.height())));
        for (const QRectF& before : labels)
            if (label.intersects(before)) label.moveTop(before.bottom() + 1);
        labels.push_back(label);
        painter.fillRect(label, shade);
        painter.fillRect(QRectF(label.topLeft(), QSizeF(4, label.height())), style.colour);
        painter.setPen(Qt::white);
        painter.drawText(label.adjusted(8, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
    }
}

}  // namespace signet::ui
