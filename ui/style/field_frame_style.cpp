#include "ui/style/field_frame_style.h"

#include <QPainter>
#include <QStyleOption>

#include "ui/style/theme.h"

namespace signet::ui {
namespace {

void drawEdge(const QStyleOption* option, QPainter* painter, qreal radius) {
    const bool enabled = option->state.testFlag(QStyle::State_Enabled);
    const bool focused = enabled && option->state.testFlag(QStyle::State_HasFocus);
    const MeaningColours& colours = meaningColours();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(focused ? colours.accent : enabled ? colours.field : colours.border);
    painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter->restore();
}

bool hasFrame(const QStyleOption* option) {
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
    return !frame || frame->lineWidth > 0;
}

}  // namespace

FieldFrameStyle::FieldFrameStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void FieldFrameStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                    const QWidget* widget) const {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    switch (element) {
        case PE_FrameLineEdit:
        case PE_PanelLineEdit:
            if (hasFrame(option)) drawEdge(option, painter, 2);
            break;
        case PE_Frame:
        case PE_IndicatorCheckBox:
        case PE_IndicatorItemViewItemCheck:
            drawEdge(option, painter, 1);
            break;
        case PE_IndicatorRadioButton:
            drawEdge(option, painter, option->rect.width() / 2.0);
            break;
        default:
            break;
    }
}

void FieldFrameStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                         QPainter* painter, const QWidget* widget) const {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (control == CC_SpinBox || control == CC_ComboBox) drawEdge(option, painter, 2);
}

}  // namespace signet::ui
