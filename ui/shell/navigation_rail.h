#pragma once

#include <QWidget>

class QAction;
class QActionGroup;
class QToolButton;
class QVBoxLayout;

namespace signet::ui {

/// The rail at the left: one button a page, icon above word; at its foot the theme switch. GUI thread.
class NavigationRail : public QWidget {
    Q_OBJECT
public:
    explicit NavigationRail(QWidget* parent = nullptr);

    /// Adds a page; its action (checkable, with shortcut) is returned for the menu.
    QAction* addPage(const QString& objectName, const QString& icon, const QString& text,
                     const QKeySequence& keys);
    void addFoot(QToolButton* button);
    void setCurrent(int page);

    /// That of icons without words, which take the place of both where the window is low.
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void pageChosen(int page);

protected:
    bool event(QEvent* event) override;

private:
    void fit();
    void setCompact(bool compact);

    QActionGroup* m_group;
    QVBoxLayout* m_pages;
    QVBoxLayout* m_foot;
    int m_wholeHeight = 0;  ///< px, with words; 0: not known yet
    bool m_compact = false;
};

}  // namespace signet::ui
