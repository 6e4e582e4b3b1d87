#pragma once

#include <QMainWindow>
#include <memory>

#include "ui/bridge/services.h"
#include "ui/shell/page_list.h"

class QActionGroup;
class QSettings;
class QStackedWidget;

namespace signet::ui {

class FocusKeeper;
class NavigationRail;
class PageRequests;
class ThemeController;

/// The one window: rail, pages, menus; takes drops anywhere. It knows pages by their list alone (page_list):
/// pages do the work, services run it. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// settingsFile: an ini file, read now and written when the window closes.
    MainWindow(Services& services, ThemeController& theme, const QString& settingsFile,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    /// The pages' ids, as they stand in the rail.
    QStringList pages() const;
    QString shownPage() const;
    void showPage(const QString& id);
    /// One page by its class.
    template <class Wanted>
    Wanted* page() const {
        return findChild<Wanted*>();
    }

    void saveSettings() const;

Q_SIGNALS:
    /// Once, after the first picture of the window is on the screen and input is served.
    void firstShown();

protected:
    bool event(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void addPages();
    void makeMenus();
    void makeViewMenu();
    void makeDocksMenu(QMenu* view);
    QMenu* addMenu(const QString& objectName, const QString& title);
    void addPageActions(QMenu* menu, Page::Menu which);
    const ListedPage& shown() const;
    void showTitle();  ///< what the page shows, before the program's name
    void showActions();
    void closeWhenFinished();
    void setThemeFromAction(QAction* action);
    void restoreSettings();
    /// Moves and shrinks the window until all of it, frame included, is on a screen that is there.
    void fitOnScreen();

    Services& m_services;
    ThemeController& m_theme;
    std::unique_ptr<QSettings> m_settings;
    NavigationRail* m_rail;
    QStackedWidget* m_stack;
    FocusKeeper* m_focus;
    PageRequests* m_requests;
    std::vector<ListedPage> m_pages;  ///< as in m_stack
    QActionGroup* m_themeGroup;
    bool m_firstShown = false;
    bool m_closing = false;  ///< as soon as what runs has ended
};

}  // namespace signet::ui
