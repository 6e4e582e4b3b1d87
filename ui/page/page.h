#pragma once

#include <QList>
#include <QString>
#include <filesystem>
#include <initializer_list>
#include <vector>

class QAction;
class QSettings;

namespace signet::ui {

/// How a page stands in the rail and the View menu.
struct PageLabel {
    QString id;    ///< lower-case, for good: object names begin with it
    QString icon;  ///< by its name
    QString text;
    Qt::Key key;  ///< shows the page, with Ctrl
};

/// What the window knows of a page; a page is a widget as well, whose window title stands in the window's.
/// GUI thread.
class Page {
public:
    enum class Menu { File, Edit, Work, View, Docks };
    enum class StillRuns { Nothing, Quietly, Visibly };

    explicit Page(PageLabel label) : m_label(std::move(label)) {}
    virtual ~Page() = default;
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    const PageLabel& label() const { return m_label; }
    /// The action of the rail that shows the page; the window gives it.
    QAction* showAction() const { return m_showAction; }
    void setShowAction(QAction* action) { m_showAction = action; }

    virtual QList<QAction*> menuActions(Menu) const { return {}; }
    /// The page is shown or not any more, and so are its actions but those of File, which the window sees to:
    /// an action that is not visible has no shortcut either, so that several pages can have the same ones.
    virtual void setActionsVisible(bool shown);

    /// What is dropped or opened while the page is shown is for it. Otherwise, and unless another page claims
    /// it, it is for the first page, whose File actions stay.
    virtual bool takesFiles() const { return false; }
    /// Files that are this page's unless the page that is shown takes them.
    virtual bool claims(const std::vector<std::filesystem::path>&) const { return false; }
    /// The page is shown when they come.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): pages keep them
    virtual void takeFiles(std::vector<std::filesystem::path> /*files*/) {}

    /// Puts the docks, where the page has some, where they were at first.
    virtual void restoreDefaultLayout() {}
    virtual void saveSettings(QSettings&) const {}
    virtual void restoreSettings(const QSettings&) {}

    /// The window closes: asks what runs to end. Where something still does, the window waits for
    /// PageRequests::finished and asks again; meanwhile it shows a page where that is to be seen.
    virtual StillRuns finish() { return StillRuns::Nothing; }

protected:
    void setMenusVisible(std::initializer_list<Menu> menus, bool on);

private:
    PageLabel m_label;
    QAction* m_showAction = nullptr;
};

}  // namespace signet::ui
