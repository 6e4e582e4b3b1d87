// What a person does to a RocPlot: keys, mouse.
#include <qcustomplot.h>

#include <limits>

#include "ui/plot/roc_plot_impl.h"

namespace signet::ui {
namespace {

constexpr double kZoomFactor = 0.8;
constexpr std::ptrdiff_t kPages = 50;  ///< of the keyboard, over a whole curve

}  // namespace

void RocPlot::chooseNearest(QPointF at) {
    const Series* current = m_impl->find(m_impl->current);
    if (!current || !current->visible) return;
    double nearest = std::numeric_limits<double>::max();
    double threshold = 0;
    for (const metrics::RocPoint& point : metrics::thinned(current->roc->points)) {
        const double x = m_impl->plot->xAxis->coordToPixel(m_impl->onAxis(point.fpr)) - at.x();
        const double y = m_impl->plot->yAxis->coordToPixel(point.tpr) - at.y();
        if (x * x + y * y >= nearest) continue;
        nearest = x * x + y * y;
        threshold = point.threshold;
    }
    Q_EMIT pointChosen(metrics::pointIndexAt(*current->roc, threshold));
}

std::function<void()> RocPlot::keyAction(const QKeyEvent* event) {
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return {};
    const auto move = [this](std::ptrdiff_t steps) {
        return [this, steps] {
            const Series* current = m_impl->find(m_impl->current);
            if (!current || !m_impl->point) return;
            const auto last = static_cast<std::ptrdiff_t>(current->roc->points.size()) - 1;
            const auto now =
                static_cast<std::ptrdiff_t>(metrics::pointIndexAt(*current->roc, m_impl->point->threshold));
            const auto far = std::clamp<std::ptrdiff_t>(steps, -last, last);
            Q_EMIT pointChosen(static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(now + far, 0, last)));
        };
    };
    const auto zoom = [this](double factor) {
        return [this, factor] {
            QCPAxisRect* rect = m_impl->plot->axisRect();
            m_impl->zoomed = true;
            m_impl->plot->xAxis->scaleRange(factor, m_impl->plot->xAxis->pixelToCoord(rect->center().x()));
            m_impl->plot->yAxis->scaleRange(factor, m_impl->plot->yAxis->pixelToCoord(rect->center().y()));
            m_impl->plot->replot(QCustomPlot::rpQueuedReplot);
        };
    };
    const Series* current = m_impl->find(m_impl->current);
    const std::ptrdiff_t size = current ? static_cast<std::ptrdiff_t>(current->roc->points.size()) : 1;
    const std::ptrdiff_t page = std::max<std::ptrdiff_t>(2, size / kPages);
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Down:
            return move(-1);
        case Qt::Key_Right:
        case Qt::Key_Up:
            return move(1);
        case Qt::Key_PageDown:
            return move(-page);
        case Qt::Key_PageUp:
            return move(page);
        case Qt::Key_Home:
            return move(-size);
        case Qt::Key_End:
            return move(size);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoom(kZoomFactor);
        case Qt::Key_Minus:
            return zoom(1 / kZoomFactor);
        case Qt::Key_0:
            return [this] { showAll(); };
        default:
            return {};
    }
}

bool RocPlot::eventFilter(QObject* watched, QEvent* event) {
    const auto onAxes = [this](const QMouseEvent* mouse) {
        return m_impl->plot->axisRect()->rect().adjusted(-8, -8, 8, 8).contains(mouse->pos());
    };
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && onAxes(mouse)) {
            m_impl->dragging = true;
            chooseNearest(mouse->position());
        }
    } else if (event->type() == QEvent::MouseMove && m_impl->dragging) {
        chooseNearest(static_cast<QMouseEvent*>(event)->position());
    } else if (event->type() == QEvent::MouseButtonRelease) {
        m_impl->dragging = false;
    } else if (event->type() == QEvent::MouseButtonDblClick) {
        if (onAxes(static_cast<QMouseEvent*>(event))) showAll();
    }
    return PlotWidget::eventFilter(watched, event);
}

}  // namespace signet::ui
