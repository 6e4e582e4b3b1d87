#include "ui/viewer/scale_legend.h"

#include <QPainter>
#include <algorithm>

namespace signet::ui {

ScaleLegend::ScaleLegend(const QString& objectName, std::function<QColor(double)> colourAt, QWidget* parent)
    : QWidget(parent), m_colourAt(std::move(colourAt)) {
    setObjectName(objectName);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ScaleLegend::setTexts(const QString& low, const QString& middle, const QString& high,
                           const QString& description) {
    m_low = low;
    m_middle = middle;
    m_high = high;
    setAccessibleName(description);
    setToolTip(description);
    update();
}

QSize ScaleLegend::sizeHint() const {
    return {148, fontMetrics().height() + 14};
}

void ScaleLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int barHeight = 10;
    const QRect bar(1, 1, width() - 2, barHeight);
    for (int x = bar.left(); x <= bar.right(); ++x) {
        painter.setPen(m_colourAt(static_cast<double>(x - bar.left()) / std::max(1, bar.width() - 1)));
        painter.drawLine(x, bar.top(), x, bar.bottom());
    }
    painter.setPen(palette().color(QPalette::WindowText));
    const QRect text(0, bar.bottom() + 1, width(), fontMetrics().height());
    painter.drawText(text, Qt::AlignLeft, m_low);
    painter.drawText(text, Qt::AlignHCenter, m_middle);
    painter.drawText(text, Qt::AlignRight, m_high);
}

}  // namespace signet::ui
