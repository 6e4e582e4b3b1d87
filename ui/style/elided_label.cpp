#include "ui/style/elided_label.h"

namespace signet::ui {

ElidedLabel::ElidedLabel(const QString& objectName, QWidget* parent) : QLabel(parent) {
    setObjectName(objectName);
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void ElidedLabel::setFullText(const QString& text, const QString& detail) {
    m_text = text;
    m_detail = detail;
    setToolTip(fullText());
    setAccessibleName(fullText());
    elide();
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    elide();
}

QSize ElidedLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(fullText()), QLabel::sizeHint().height()};
}

void ElidedLabel::elide() {
    const bool fits = fontMetrics().horizontalAdvance(fullText()) <= width();
    setText(fits ? fullText() : fontMetrics().elidedText(m_text, Qt::ElideMiddle, width()));
    updateGeometry();
}

}  // namespace signet::ui
