// The menus of the main window.
#include <QActionGroup>
#include <QMenu>
#include <QMenuBar>
#include <algorithm>

#include "ui/page/page_requests.h"
#include "ui/shell/main_window.h"
#include "ui/shell/navigation_rail.h"
#include "ui/shell/theme_menu.h"
#include "ui/style/icons.h"

namespace signet::ui {

QMenu* MainWindow::addMenu(const QString& objectName, const QString& title) {
    QMenu* menu = menuBar()->addMenu(title);
    menu->setObjectName(objectName);
    menu->setToolTipsVisible(false);
    return menu;
}

void MainWindow::addPageActions(QMenu* menu, Page::Menu which) {
    for (const ListedPage& listed : m_pages) menu->addActions(listed.page->menuActions(which));
}

void MainWindow::makeMenus() {
    QMenu* file = addMenu(QStringLiteral("fileMenu"), tr("&File"));
    addPageActions(file, Page::Menu::File);
    Page* first = m_pages.front().page;
    for (QAction* action : first->menuActions(Page::Menu::File)) {
        connect(action, &QAction::triggered, this, [this, first] { showPage(first->label().id); });
    }
    file->addSeparator();
    QAction* quit = file->addAction(themedIcon(QStringLiteral("quit")), tr("&Quit"), this, &QWidget::close);
    quit->setObjectName(QStringLiteral("quitAction"));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));

    addPageActions(addMenu(QStringLiteral("editMenu"), tr("&Edit")), Page::Menu::Edit);
    addPageActions(addMenu(QStringLiteral("workMenu"), tr("&Work")), Page::Menu::Work);
    makeViewMenu();

    QMenu* help = addMenu(QStringLiteral("helpMenu"), tr("&Help"));
    const auto method = [&](const char* name, const QString& title, const QKeySequence& keys,
                            const char* helpPage) {
        QAction* action =
            help->addAction(themedIcon(QStringLiteral("help")), title, m_requests,
                            [this, helpPage] { Q_EMIT m_requests->method(QLatin1String(helpPage)); });
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
    };
    method("helpAction", tr("&How signatures are found"), QKeySequence(Qt::Key_F1), "presence");
    method("keyboardHelpAction", tr("&Keyboard"), QKeySequence(Qt::SHIFT | Qt::Key_F1), "keyboard");
    help->addAction(m_pages.back().page->showAction());
}

void MainWindow::makeViewMenu() {
    QMenu* view = addMenu(QStringLiteral("viewMenu"), tr("&View"));
    for (const ListedPage& listed : m_pages) view->addAction(listed.page->showAction());
    view->addSeparator();
    addPageActions(view, Page::Menu::View);
    view->addSeparator();
    makeDocksMenu(view);
    addThemeMenu(view, m_rail, m_themeGroup);
    connect(m_themeGroup, &QActionGroup::triggered, this, &MainWindow::setThemeFromAction);
}

void MainWindow::makeDocksMenu(QMenu* view) {
    QMenu* docks = view->addMenu(themedIcon(QStringLiteral("layout")), tr("&Docks"));
    docks->setObjectName(QStringLiteral("docksMenu"));
    addPageActions(docks, Page::Menu::Docks);
    // the page that has docks: on whichever page a person misses them
    const auto docked = std::find_if(m_pages.begin(), m_pages.end(), [](const ListedPage& listed) {
        return !listed.page->menuActions(Page::Menu::Docks).isEmpty();
    });
    QAction* layout = docks->addAction(tr("Restore &default layout"), this, [this, page = docked->page] {
        showPage(page->label().id);
        page->restoreDefaultLayout();
    });
    layout->setObjectName(QStringLiteral("defaultLayoutAction"));
    layout->setShortcut(QKeySequence(Qt::ALT | Qt::Key_0));
}

}  // namespace signet::ui
