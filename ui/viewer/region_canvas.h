#pragma once

#include <QRect>

#include "ui/viewer/image_canvas.h"

namespace signet::ui {

/// An image with rectangles on it, in pixels of the image; dragging draws a new one where that is allowed
/// (Shift or the middle button pans then). GUI thread.
class RegionCanvas : public ImageCanvas {
    Q_OBJECT
public:
    explicit RegionCanvas(QWidget* parent = nullptr);

    struct Region {
        QRect rect;
        QString label;
        bool highlighted = false;
    };
    void setRegions(std::vector<Region> regions);
    void setDrawing(bool on);

Q_SIGNALS:
    /// Inside the image, at least one pixel.
    void regionDrawn(const QRect& region);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QRect between(const QPointF& from, const QPointF& to) const;

    std::vector<Region> m_regions;
    bool m_drawing = false;
    bool m_dragging = false;
    QPointF m_from;  ///< in pixels of the image
    QRect m_drawn;
};

}  // namespace signet::ui
