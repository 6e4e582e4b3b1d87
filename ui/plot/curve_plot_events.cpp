// What a person does to a CurvePlot: keys, mouse beyond what QCustomPlot handles.
#include <qcustomplot.h>

#include <iterator>

#include "ui/plot/curve_layers.h"
#include "ui/plot/curve_plot_impl.h"

namespace signet::ui {
namespace {

constexpr double kPanShare = 0.1;
constexpr double kZoomFactor = 0.8;

}  // namespace

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

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Leave) readOff([this] { m_impl->readout.clear(); });
    return PlotWidget::eventFilter(watched, event);
}

void CurvePlot::showEvent(QShowEvent* event) {
    PlotWidget::showEvent(event);
    schedule();
}

}  // namespace signet::ui
