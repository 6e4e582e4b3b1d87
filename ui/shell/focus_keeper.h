#pragma once

#include <QObject>
#include <QPointer>

class QStackedWidget;
class QWidget;

namespace signet::ui {

/// Keeps the keyboard focus on the page a person works on. Qt gives the focus of a control that is hidden,
/// disabled or deleted to the next one in the window, which after the last control of a page is the rail, or
/// to none; here it goes to the nearest control of the same page instead. GUI thread.
class FocusKeeper : public QObject {
    Q_OBJECT
public:
    /// pages: the page that is shown is its current widget.
    FocusKeeper(QStackedWidget* pages, QObject* parent);

    /// Gives the focus to the page where no control has it, as after the start.
    void giveToPage();

private:
    void focusChanged(QWidget* old, QWidget* now);
    void settle();
    bool isOnPage(const QWidget* widget) const;

    QStackedWidget* m_pages;
    QPointer<QWidget>
        m_lost;  ///< the control that lost the focus; it may be there again, as after a new layout
    QPointer<QWidget> m_near;  ///< the innermost container of the control that lost the focus
    bool m_settling = false;
};

/// The first control in within, in the order of Tab, that can take the focus now; null where there is none.
QWidget* firstFocusable(QWidget* within);

}  // namespace signet::ui
