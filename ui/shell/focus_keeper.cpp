#include "ui/shell/focus_keeper.h"

#include <QApplication>
#include <QStackedWidget>
#include <QTimer>

namespace signet::ui {
namespace {

bool canTakeFocus(const QWidget* widget) {
    return widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0;
}

}  // namespace

QWidget* firstFocusable(QWidget* within) {
    QWidget* at = within;
    do {
        if (canTakeFocus(at) && (at == within || within->isAncestorOf(at))) return at;
        at = at->nextInFocusChain();
    } while (at != within);
    return nullptr;
}

FocusKeeper::FocusKeeper(QStackedWidget* pages, QObject* parent) : QObject(parent), m_pages(pages) {
    connect(qApp, &QApplication::focusChanged, this, &FocusKeeper::focusChanged);
}

bool FocusKeeper::isOnPage(const QWidget* widget) const {
    const QWidget* page = m_pages->currentWidget();
    return widget && page && (widget == page || page->isAncestorOf(widget));
}

void FocusKeeper::focusChanged(QWidget* old, QWidget* now) {
    const bool wasOnAPage = old && m_pages->isAncestorOf(old);
    // a control that is there and usable was left by a person, or for a dialog
    const bool wasTaken = wasOnAPage && !(old->isVisible() && old->isEnabled());
    const bool isNowhere = !now && m_pages->window()->isActiveWindow();  // a control was deleted
    if ((!wasTaken && !isNowhere) || isOnPage(now)) return;
    m_lost = wasOnAPage ? old : nullptr;
    m_near = wasOnAPage ? old->parentWidget() : nullptr;
    if (m_settling) return;
    m_settling = true;
    // when all that changes together has changed
    QTimer::singleShot(0, this, &FocusKeeper::settle);
}

void FocusKeeper::settle() {
    m_settling = false;
    QWidget* page = m_pages->currentWidget();
    if (!page || !page->window()->isActiveWindow() || isOnPage(QApplication::focusWidget())) return;
    if (m_lost && isOnPage(m_lost) && canTakeFocus(m_lost)) {
        m_lost->setFocus(Qt::OtherFocusReason);
        return;
    }
    for (QWidget* at = m_near; at && at != page && page->isAncestorOf(at); at = at->parentWidget()) {
        if (QWidget* next = at->isVisible() ? firstFocusable(at) : nullptr) {
            next->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
    giveToPage();
}

void FocusKeeper::giveToPage() {
    QWidget* page = m_pages->currentWidget();
    if (isOnPage(QApplication::focusWidget())) return;
    QWidget* known = page->focusWidget();  // the last one, or the one the page wants at first
    if (QWidget* next = known && canTakeFocus(known) ? known : firstFocusable(page))
        next->setFocus(Qt::OtherFocusReason);
}

}  // namespace signet::ui
