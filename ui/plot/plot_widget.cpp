#include "ui/plot/plot_widget.h"

#include <qcustomplot.h>

#include <QPainter>
#include <QVBoxLayout>

#include "ui/plot/plot_style.h"

namespace signet::ui {

PlotWidget::PlotWidget(const QString& canvasName, QWidget* parent)
    : QWidget(parent), m_canvas(new QCustomPlot(this)), m_column(new QVBoxLayout(this)) {
    m_canvas->setObjectName(canvasName);
    m_canvas->setMinimumSize(10, 10);
    m_canvas->setFocusPolicy(Qt::NoFocus);
    m_canvas->installEventFilter(this);
    makeCurveLayers(m_canvas);
    m_column->setContentsMargins(2, 2, 2, 2);  // the focus frame's place
    m_column->setSpacing(0);
    m_column->addWidget(m_canvas, 1);
    setFocusPolicy(Qt::StrongFocus);
}

bool PlotWidget::event(QEvent* event) {
    // plain keys with the focus come here instead of triggering a window's shortcut
    if (event->type() == QEvent::ShortcutOverride && keyAction(static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

bool PlotWidget::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) setFocus(Qt::MouseFocusReason);
    return QWidget::eventFilter(watched, event);
}

void PlotWidget::keyPressEvent(QKeyEvent* event) {
    if (const auto action = keyAction(event))
        action();
    else
        QWidget::keyPressEvent(event);
}

void PlotWidget::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) restyle();
}

void PlotWidget::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    wrapLegend(m_canvas, width());
}

void PlotWidget::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void PlotWidget::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

void PlotWidget::paintEvent(QPaintEvent*) {
    if (!hasFocus()) return;
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

}  // namespace signet::ui
