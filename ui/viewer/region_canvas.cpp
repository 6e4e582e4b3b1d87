#include "ui/viewer/region_canvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <cmath>

namespace signet::ui {

RegionCanvas::RegionCanvas(QWidget* parent) : ImageCanvas(parent) {
    setAccessibleName(tr("Image with the regions of findings"));
}

void RegionCanvas::setRegions(std::vector<Region> regions) {
    m_regions = std::move(regions);
    update();
}

void RegionCanvas::setDrawing(bool on) {
    m_drawing = on;
    m_dragging = false;
    setCursor(on ? Qt::CrossCursor : Qt::ArrowCursor);
}

QRect RegionCanvas::between(const QPointF& from, const QPointF& to) const {
    const QRectF rect = QRectF(from, to).normalized();
    const QRect whole(
        QPoint(static_cast<int>(std::floor(rect.left())), static_cast<int>(std::floor(rect.top()))),
        QPoint(static_cast<int>(std::ceil(rect.right())) - 1,
               static_cast<int>(std::ceil(rect.bottom())) - 1));
    return whole & QRect(0, 0, image()->width(), image()->height());
}

void RegionCanvas::paintEvent(QPaintEvent* event) {
    ImageCanvas::paintEvent(event);
    if (!hasImage()) return;
    QPainter painter(this);
    const auto draw = [&](const QRect& region, const QString& label, bool highlighted) {
        const QRectF box(toWidget(region.topLeft()),
                         toWidget(QPointF(region.right() + 1, region.bottom() + 1)));
        // dark under light, so that it is seen on every picture
        for (const auto& [colour, width] :
             {std::pair(QColor(0, 0, 0, 200), highlighted ? 5 : 3),
              std::pair(highlighted ? QColor(255, 210, 60) : QColor(Qt::white), highlighted ? 3 : 1)}) {
            painter.setPen(QPen(colour, width));
            painter.drawRect(box);
        }
        if (label.isEmpty()) return;
        const QRectF tag(box.topLeft(), QSizeF(painter.fontMetrics().horizontalAdvance(label) + 8,
                                               painter.fontMetrics().height() + 2));
        painter.fillRect(tag, QColor(0, 0, 0, 200));
        painter.setPen(Qt::white);
        painter.drawText(tag, Qt::AlignCenter, label);
    };
    for (const Region& region : m_regions) draw(region.rect, region.label, region.highlighted);
    if (m_dragging && !m_drawn.isEmpty()) draw(m_drawn, {}, true);
}

void RegionCanvas::mousePressEvent(QMouseEvent* event) {
    const bool draws = m_drawing && hasImage() && event->button() == Qt::LeftButton &&
                       !event->modifiers().testFlag(Qt::ShiftModifier);
    if (!draws) return ImageCanvas::mousePressEvent(event);
    m_dragging = true;
    m_from = toImage(event->position());
    m_drawn = {};
}

void RegionCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (!m_dragging) {
        ImageCanvas::mouseMoveEvent(event);
        if (m_drawing && event->buttons() == Qt::NoButton) setCursor(Qt::CrossCursor);
        return;
    }
    m_drawn = between(m_from, toImage(event->position()));
    update();
}

void RegionCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_dragging) {
        ImageCanvas::mouseReleaseEvent(event);
        if (m_drawing) setCursor(Qt::CrossCursor);
        return;
    }
    m_dragging = false;
    m_drawn = between(m_from, toImage(event->position()));
    if (!m_drawn.isEmpty()) Q_EMIT regionDrawn(m_drawn);
    update();
}

}  // namespace signet::ui
