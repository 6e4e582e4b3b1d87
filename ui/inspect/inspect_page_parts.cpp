// The actions and docks of the Inspect page.
#include <QAction>
#include <QDockWidget>
#include <QTimer>

#include "ui/inspect/details_panels.h"
#include "ui/inspect/evidence_panel.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/intake/image_intake.h"
#include "ui/style/widgets.h"
#include "ui/viewer/compare_panel.h"
#include "ui/viewer/viewer_panel.h"

namespace signet::ui {

void InspectPage::makeActions() {
    const auto add = [this](const char* name, const char* icon, const QString& text, const QKeySequence& keys,
                            const QString& help, auto slot) {
        m_fileActions << makeAction(this, name, icon, text, keys, help, slot);
    };
    add("openFilesAction", "image", tr("&Open files"), QKeySequence::Open, tr("Open image files"),
        [this] { m_intake->openFiles(); });
    add("openFolderAction", "open", tr("Open &folder"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O),
        tr("Open a folder with all below it"), [this] { m_intake->openFolder(); });
    add("pasteAction", "paste", tr("&Paste"), QKeySequence::Paste, tr("Paste files or a picture"),
        [this] { m_intake->paste(); });
    add("samplesAction", "samples", tr("&Try with samples"), QKeySequence(Qt::CTRL | Qt::Key_T),
        tr("Examine the sample photographs that come with the program"), [this] { m_intake->addSamples(); });
}

void InspectPage::makeDocks() {
    setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks |
                   QMainWindow::AnimatedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    const auto add = [this](const char* name, const QString& title, QWidget* content, Qt::Key key) {
        auto* dock = new QDockWidget(title, this);
        dock->setObjectName(QLatin1String(name));
        dock->setWidget(content);
        dock->setAccessibleName(title);
        dock->toggleViewAction()->setObjectName(QLatin1String(name) + QStringLiteral("Toggle"));
        dock->toggleViewAction()->setShortcut(QKeySequence(Qt::ALT | Qt::SHIFT | key));
        dock->toggleViewAction()->setText(tr("%1 on or off").arg(title));
        const int which = static_cast<int>(m_docks.size());
        m_docks << dock;
        auto* show = new QAction(tr("Go to %1").arg(title), this);
        show->setObjectName(QLatin1String(name) + QStringLiteral("Show"));
        show->setShortcut(QKeySequence(Qt::ALT | key));
        connect(show, &QAction::triggered, this, [this, which] { showDock(which); });
        m_dockActions << show;
    };
    add("queueDock", tr("Queue"), m_queue, Qt::Key_1);
    add("evidenceDock", tr("Evidence"), m_evidence, Qt::Key_2);
    add("metadataDock", tr("Metadata"), m_metadata, Qt::Key_3);
    add("fileDock", tr("File"), m_file, Qt::Key_4);
}

QList<QAction*> InspectPage::menuActions(Menu menu) const {
    switch (menu) {
        case Menu::File:
            return m_fileActions;
        case Menu::Edit:
            return m_queue->editActions();
        case Menu::Work:
            return m_queue->examineActions();
        case Menu::View:
            return m_viewer->viewActions() + m_compare->viewActions();
        case Menu::Docks: {
            QList<QAction*> actions = m_dockActions;
            for (QDockWidget* dock : m_docks) actions << dock->toggleViewAction();
            return actions;
        }
    }
    return {};
}

void InspectPage::setActionsVisible(bool shown) {
    setMenusVisible({Menu::Edit, Menu::Work, Menu::Docks}, shown);
    showViewActions(shown);
}

void InspectPage::showViewActions(bool pageShown) {
    for (QAction* action : m_viewer->viewActions()) action->setVisible(pageShown && !m_comparing);
    for (QAction* action : m_compare->viewActions()) action->setVisible(pageShown && m_comparing);
}

void InspectPage::restoreDefaultLayout() {
    for (QDockWidget* dock : m_docks) {
        removeDockWidget(dock);
    }
    addDockWidget(Qt::LeftDockWidgetArea, m_docks[0]);
    for (int i = 1; i < 4; ++i) addDockWidget(Qt::RightDockWidgetArea, m_docks[i]);
    tabifyDockWidget(m_docks[1], m_docks[2]);
    tabifyDockWidget(m_docks[2], m_docks[3]);
    for (QDockWidget* dock : m_docks) {
        dock->setFloating(false);
        dock->show();
    }
    m_docks[1]->raise();
    // once more when the docks are laid out: sizes given before that are not kept
    const auto resize = [this] {
        const bool narrow = width() < 1000;
        resizeDocks({m_docks[0], m_docks[1]}, {narrow ? 200 : 248, narrow ? 304 : 360}, Qt::Horizontal);
    };
    resize();
    QTimer::singleShot(0, this, resize);
}

void InspectPage::showDock(int dock) {
    m_docks[dock]->show();
    m_docks[dock]->raise();
    QWidget* content = m_docks[dock]->widget();
    if (content->focusPolicy() == Qt::NoFocus && content->nextInFocusChain())
        content = content->nextInFocusChain();
    content->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace signet::ui
