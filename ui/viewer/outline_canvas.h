#pragma once

#include <QPolygonF>

#include "ui/viewer/image_canvas.h"

namespace signet::ui {

/// An image with outlines of its parts, each with a label and, where there are several, a number, a colour of
/// the theme and a kind of line. GUI thread.
class OutlineCanvas : public ImageCanvas {
    Q_OBJECT
public:
    explicit OutlineCanvas(QWidget* parent = nullptr);

    struct Outline {
        QPolygonF polygon;  ///< corners in shares of the image's sides, 0..1
        QString label;
    };
    void setOutlines(std::vector<Outline> outlines);
    const std::vector<Outline>& outlines() const { return m_outlines; }

    /// "1: code 3fa21b90"; without the number where it is the only one.
    static QString numbered(const std::vector<Outline>& outlines, std::size_t index);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPolygonF onWidget(const Outline& outline) const;

    std::vector<Outline> m_outlines;
};

}  // namespace signet::ui
