// What a person does to a CurvePlot: keys, focus, mouse beyond what QCustomPlot handles.
#include <qcustomplot.h>

#include <QPainter>
#include <iterator>

#include "ui/plot/curve_layers.h"
#include "ui/plot/curve_plot_impl.h"
#include "ui/plot/plot_style.h"

namespace signet::ui {
namespace {

constexpr double kPanShare = 0.1;
constexpr double kZoomFactor = 0.8;

}  // namespace

bool CurvePlot::event(QEvent* event) {
    // plain keys with the focus come here instead of triggering a window's shortcut
    if (event->type() == QEvent::ShortcutOverride && keyAction(static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

std::function<void()> CurvePlot::keyAction(const QKeyEvent* event) {
    const bool control = event->modifiers() & Qt::ControlModifier;
    const auto pan = [this](double x, double y) {
        return [this, x, y] {
            m_impl->view.pan(x, y);
            schedule();
        };
    };
    const auto zoom = [this](double factor) {
        return [this, factor] {
            m_impl->view.zoom(factor);
            schedule();
        };
    };
    const auto step = [this](int forward) {
        return [this, forward] { readOff([&] { m_impl->readout.step(forward); }); };
    };
    const auto other = [this](int forward) {
        return [this, forward] { readOff([&] { m_impl->readout.switchCurve(forward); }); };
    };
    switch (event->key()) {
        case Qt::Key_Left:
            return control ? std::function<void()>(step(-1)) : pan(-kPanShare, 0);
        case Qt::Key_Right:
            return control ? std::function<void()>(step(1)) : pan(kPanShare, 0);
        case Qt::Key_Up:
            return control ? std::function<void()>(other(-1)) : pan(0, kPanShare);
        case Qt::Key_Down:
            return control ? std::function<void()>(other(1)) : pan(0, -kPanShare);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoom(kZoomFactor);
        case Qt::Key_Minus:
            return zoom(1 / kZoomFactor);
        case Qt::Key_0:
        case Qt::Key_Home:
            return [this] { fit(); };
        default:
            break;
    }
    const int place = event->key() - Qt::Key_1;
    if (control || place < 0 || place >= kSeriesColours) return {};
    return [this, place] {
        if (place >= curveCount()) return;
        const int id = std::next(m_impl->curves.begin(), place)->first;
        setCurveVisible(id, !isCurveVisible(id));
    };
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
    if (const auto action = keyAction(event))
        action();
    else
        QWidget::keyPressEvent(event);
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) setFocus(Qt::MouseFocusReason);
    if (event->type() == QEvent::Leave) readOff([this] { m_impl->readout.clear(); });
    return QWidget::eventFilter(watched, event);
}

void CurvePlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) restyle();
}

void CurvePlot::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    schedule();
}

void CurvePlot::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    wrapLegend(m_impl->plot, width());
}

void CurvePlot::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void CurvePlot::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

void CurvePlot::paintEvent(QPaintEvent*) {
    if (!hasFocus()) return;
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

}  // namespace signet::ui
