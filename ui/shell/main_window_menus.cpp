// The menus of the main window.
#include <QActionGroup>
#include <QMenu>
#include <QMenuBar>

#include "ui/cases/case_page.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/models/models_page.h"
#include "ui/roc/roc_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/navigation_rail.h"
#include "ui/shell/theme_menu.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/style/icons.h"
#include "ui/training/run_actions.h"
#include "ui/training/training_page.h"

namespace signet::ui {

QMenu* MainWindow::addMenu(const QString& objectName, const QString& title) {
    QMenu* menu = menuBar()->addMenu(title);
    menu->setObjectName(objectName);
    menu->setToolTipsVisible(false);
    return menu;
}

void MainWindow::addPageActions(QMenu* menu, Page page, const QList<QAction*>& actions) {
    menu->addActions(actions);
    m_actionsOf[page] << actions;
}

void MainWindow::makeMenus() {
    QMenu* file = addMenu(QStringLiteral("fileMenu"), tr("&File"));
    m_inspectFile = m_inspect->fileActions();
    file->addActions(m_inspectFile);
    for (QAction* action : m_inspectFile) {
        connect(action, &QAction::triggered, this, [this] { showPage(InspectIndex); });
    }
    addPageActions(file, SignIndex, m_sign->fileActions());
    addPageActions(file, RocIndex, m_roc->fileActions());
    file->addSeparator();
    QAction* quit = file->addAction(themedIcon(QStringLiteral("quit")), tr("&Quit"), this, &QWidget::close);
    quit->setObjectName(QStringLiteral("quitAction"));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));

    QMenu* edit = addMenu(QStringLiteral("editMenu"), tr("&Edit"));
    addPageActions(edit, InspectIndex, m_inspect->queue()->editActions());
    addPageActions(edit, SignIndex, m_sign->editActions());
    addPageActions(edit, CasesIndex, m_cases->editActions());
    addPageActions(edit, RocIndex, m_roc->editActions());
    QMenu* work = addMenu(QStringLiteral("workMenu"), tr("&Work"));
    addPageActions(work, InspectIndex, m_inspect->queue()->examineActions());
    addPageActions(work, SignIndex, m_sign->workActions());
    addPageActions(work, TrainingIndex, m_training->runActions()->inMenu());
    addPageActions(work, CasesIndex, m_cases->workActions());
    addPageActions(work, RocIndex, m_roc->workActions());
    makeViewMenu();

    QMenu* help = addMenu(QStringLiteral("helpMenu"), tr("&Help"));
    const auto page = [&](const char* name, const QString& title, const QKeySequence& keys,
                          const char* helpPage) {
        QAction* action = help->addAction(themedIcon(QStringLiteral("help")), title, this, [this, helpPage] {
            showPage(ModelsIndex);
            m_models->showMethod(QLatin1String(helpPage));
        });
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
    };
    page("helpAction", tr("&How signatures are found"), QKeySequence(Qt::Key_F1), "presence");
    page("keyboardHelpAction", tr("&Keyboard"), QKeySequence(Qt::SHIFT | Qt::Key_F1), "keyboard");
    help->addAction(m_pageActions[AboutIndex]);
}

void MainWindow::makeViewMenu() {
    QMenu* view = addMenu(QStringLiteral("viewMenu"), tr("&View"));
    view->addActions(m_pageActions);
    view->addSeparator();
    view->addActions(m_inspect->viewActions());
    addPageActions(view, SignIndex, m_sign->preview()->viewActions());
    addPageActions(view, RocIndex, m_roc->viewActions());
    view->addSeparator();
    QMenu* docks = view->addMenu(themedIcon(QStringLiteral("layout")), tr("&Docks"));
    docks->setObjectName(QStringLiteral("docksMenu"));
    addPageActions(docks, InspectIndex, m_inspect->dockActions());
    QAction* layout = docks->addAction(tr("Restore &default layout"), this, [this] {
        showPage(InspectIndex);
        m_inspect->restoreDefaultLayout();
    });
    layout->setObjectName(QStringLiteral("defaultLayoutAction"));
    layout->setShortcut(QKeySequence(Qt::ALT | Qt::Key_0));

    addThemeMenu(view, m_rail, m_themeGroup);
    connect(m_themeGroup, &QActionGroup::triggered, this, &MainWindow::setThemeFromAction);
}

}  // namespace signet::ui
