// What the Sign page is made of: actions and layout.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QUndoStack>
#include <QVBoxLayout>

#include "ui/intake/empty_state.h"
#include "ui/intake/image_intake.h"
#include "ui/page/page_requests.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

void SignPage::makeActions() {
    const auto add = [this](QList<QAction*>& list, const char* name, const char* icon, const QString& text,
                            const QKeySequence& keys, const QString& help, auto slot) {
        list << makeAction(this, name, icon, text, keys, help, slot);
        return list.back();
    };
    add(m_fileActions, "signOpenFilesAction", "image", tr("&Add files"), QKeySequence::Open,
        tr("Add image files"), [this] { m_intake->openFiles(); });
    add(m_fileActions, "signOpenFolderAction", "open", tr("Add &folder"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), tr("Add the images of a folder"),
        [this] { m_intake->openFolder(); });
    add(m_fileActions, "signPasteAction", "paste", tr("&Paste"), QKeySequence::Paste,
        tr("Paste files or a picture"), [this] { m_intake->paste(); });
    add(m_fileActions, "signSamplesAction", "samples", tr("&Try with samples"),
        QKeySequence(Qt::CTRL | Qt::Key_T), tr("Add the sample photographs that come with the program"),
        [this] { m_intake->addSamples(); });
    QAction* undo = m_undo->createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("signUndoAction"));
    undo->setIcon(themedIcon(QStringLiteral("undo")));
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_undo->createRedoAction(this, tr("&Redo"));
    redo->setObjectName(QStringLiteral("signRedoAction"));
    redo->setIcon(themedIcon(QStringLiteral("redo")));
    redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    m_editActions << undo << redo;
    add(m_editActions, "signCopyTableAction", "copy", tr("&Copy table"), QKeySequence::Copy,
        tr("Copy the table as text"), [this] { QApplication::clipboard()->setText(m_model->asText(false)); });
    add(m_editActions, "signCopyCsvAction", "copy", tr("Copy table as C&SV"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), tr("Copy the table as CSV"),
        [this] { QApplication::clipboard()->setText(m_model->asText(true)); });
    m_removeAction =
        add(m_editActions, "signRemoveAction", "remove", tr("&Remove from table"), QKeySequence::Delete,
            tr("Take the selected images out of the table; the files stay"), [this] { removeSelected(); });
    m_signAction = add(
        m_workActions, "signAction", "sign", tr("&Sign"), QKeySequence(Qt::CTRL | Qt::Key_Return),
        tr("Sign the images that carry no signature yet and check each saved copy"), [this] { signAll(); });
    m_againAction = new QAction(tr("Sign them again"), this);
    m_againAction->setObjectName(QStringLiteral("signAgainAction"));
    connect(m_againAction, &QAction::triggered, this, &SignPage::signAgain);
    m_makeFolderAction = new QAction(tr("Make the folder and sign"), this);
    m_makeFolderAction->setObjectName(QStringLiteral("makeFolderAction"));
    connect(m_makeFolderAction, &QAction::triggered, this, [this] {
        m_notice->hide();
        if (QDir().mkpath(m_settings->outputFolder()))
            signAll();
        else
            outputFolderIsThere();
    });
    m_compareAction = add(m_workActions, "signCompareAction", "compare", tr("Co&mpare with the original"),
                          QKeySequence(Qt::CTRL | Qt::Key_D), tr("Compare the signed copy with its original"),
                          [this] { Q_EMIT m_requests.compare(currentPath(), currentOutput()); });
    m_cancelAction = add(
        m_workActions, "signCancelAction", "cancel", tr("&Cancel"), QKeySequence(Qt::Key_Escape),
        tr("Stop after the current image; finished copies stay"), [this] { m_services.sign().cancelAll(); });
}

QList<QAction*> SignPage::menuActions(Menu menu) const {
    switch (menu) {
        case Menu::File:
            return m_fileActions;
        case Menu::Edit:
            return m_editActions;
        case Menu::Work:
            return m_workActions;
        case Menu::View:
            return m_preview->viewActions();
        case Menu::Docks:
            break;
    }
    return {};
}

void SignPage::makeLayout() {
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("signSettingsScroll"));
    scroll->setAccessibleName(tr("Settings"));
    scroll->setFocusPolicy(Qt::NoFocus);  // its fields have it
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_settings);
    m_signButton = makePushButton(QStringLiteral("signButton"), m_signAction, this);
    m_signButton->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_signButton->setMinimumHeight(36);
    m_signButton->setProperty("role", "primary");
    auto* work = new QHBoxLayout;
    work->setContentsMargins(12, kGrid, 12, kGrid);
    work->addWidget(m_signButton, 1);
    work->addWidget(makeActionButton(QStringLiteral("signCancelButton"), m_cancelAction, this));
    auto* left = new QWidget(this);
    left->setObjectName(QStringLiteral("signLeft"));
    left->setFixedWidth(292);
    auto* leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(scroll, 1);
    leftColumn->addLayout(work);

    auto* results = new QWidget(this);
    results->setObjectName(QStringLiteral("signResults"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    const auto tool = [&](const char* objectName, QAction* action) {
        bar->addWidget(makeActionButton(QLatin1String(objectName), action, this));
    };
    tool("signOpenFilesButton", m_fileActions[0]);
    tool("signOpenFolderButton", m_fileActions[1]);
    tool("signRemoveButton", m_removeAction);
    tool("signUndoButton", m_editActions[0]);
    tool("signCopyCsvButton", m_editActions[3]);
    tool("signCompareButton", m_compareAction);
    bar->addSpacing(kGrid);
    m_summary->setWordWrap(false);
    bar->addWidget(m_summary, 1);
    auto* resultsColumn = new QVBoxLayout(results);
    resultsColumn->setContentsMargins(0, 0, 0, 0);
    resultsColumn->setSpacing(0);
    resultsColumn->addLayout(bar);
    resultsColumn->addWidget(m_progress);
    resultsColumn->addWidget(m_table, 1);
    const int widths[SignModel::ColumnCount] = {170, 125, 110, 70, 60, 90, 110, 170};
    for (int column = 0; column < SignModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);

    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(QStringLiteral("signSplitter"));
    m_splitter->addWidget(m_preview);
    m_splitter->addWidget(results);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);

    m_stack = new QStackedWidget(this);
    m_stack->setObjectName(QStringLiteral("signStack"));
    m_stack->addWidget(
        new EmptyState(QStringLiteral("signEmpty"), tr("Drop the photographs to sign here"),
                       tr("A signed copy of each is written and read back to prove that the signature "
                          "is found. The originals are only read."),
                       m_fileActions, this));
    m_stack->addWidget(m_splitter);

    auto* line = new QFrame(this);
    line->setObjectName(QStringLiteral("signLine"));
    line->setFrameShape(QFrame::VLine);
    line->setFrameShadow(QFrame::Sunken);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(left);
    row->addWidget(line);
    row->addWidget(m_stack, 1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(row, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("signNotices"), {m_notice}, this));
}

}  // namespace signet::ui
