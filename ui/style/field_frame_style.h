#pragma once

#include <QProxyStyle>

namespace signet::ui {

/// Fusion with edges of fields, lists and tick boxes that are seen in both themes: Fusion's own are the
/// window's colour made darker, which is nothing on a dark window. The field that has the focus has an edge
/// in the accent.
class FieldFrameStyle : public QProxyStyle {
    Q_OBJECT
public:
    FieldFrameStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
};

}  // namespace signet::ui
