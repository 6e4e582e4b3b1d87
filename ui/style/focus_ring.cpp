#include "ui/style/focus_ring.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QTimer>

#include "ui/style/theme.h"

namespace signet::ui {
namespace {

constexpr int kWidth = 2;  // px

bool takesText(const QWidget* widget) {
    return widget->testAttribute(Qt::WA_InputMethodEnabled);
}

}  // namespace

FocusRing::FocusRing(QWidget* window) : QWidget(window) {
    setObjectName(QStringLiteral("focusRing"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setFocusPolicy(Qt::NoFocus);
    hide();
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { follow(now); });
    qApp->installEventFilter(this);
}

void FocusRing::follow(QWidget* widget) {
    if (widget && widget->window() != window()) widget = nullptr;
    if (m_around == widget) return;
    m_around = widget;
    m_watched.clear();
    for (QWidget* at = widget; at && at != window(); at = at->parentWidget()) m_watched << at;
    place();
}

bool FocusRing::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::KeyPress:
        case QEvent::MouseButtonPress:
            if (const bool keyboard = event->type() == QEvent::KeyPress; keyboard != m_byKeyboard) {
                m_byKeyboard = keyboard;
                place();
            }
            break;
        case QEvent::Move:
        case QEvent::Resize:
        case QEvent::Show:
        case QEvent::Hide:
            // once the layout that is at work is through
            if (m_watched.contains(qobject_cast<QWidget*>(watched)))
                QTimer::singleShot(0, this, &FocusRing::place);
            break;
        default:
            break;
    }
    return false;
}

void FocusRing::place() {
    if (!m_around || !m_around->isVisible() || !(m_byKeyboard || takesText(m_around))) {
        hide();
        return;
    }
    // what is seen of it, in a scrolled page
    QRect seen(m_around->mapTo(window(), QPoint()), m_around->size());
    for (const QWidget* at = m_around->parentWidget(); at; at = at == window() ? nullptr : at->parentWidget())
        seen &= QRect(at->mapTo(window(), QPoint()), at->size());
    setGeometry(seen);
    setVisible(!seen.isEmpty());
    raise();
}

void FocusRing::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(meaningColours().accent, kWidth));
    constexpr qreal kInset = kWidth / 2.0;
    painter.drawRoundedRect(QRectF(rect()).adjusted(kInset, kInset, -kInset, -kInset), 3, 3);
}

}  // namespace signet::ui
