// What the Fingerprints page is made of: actions and layout.
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QMenu>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/fingerprints/calculator_panel.h"
#include "ui/fingerprints/fingerprint_page.h"
#include "ui/fingerprints/identify_panel.h"
#include "ui/fingerprints/registry_dialogs.h"
#include "ui/fingerprints/registry_panel.h"
#include "ui/fingerprints/residual_panel.h"
#include "ui/intake/file_dialogs.h"
#include "ui/intake/image_intake.h"
#include "ui/page/page_requests.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

FingerprintPage::FingerprintPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("fingerprints"), QStringLiteral("fingerprints"), tr("Fingerprints"), Qt::Key_7}),
      m_services(services),
      m_requests(requests),
      m_service(services.fingerprints()),
      m_notice(new NoticeBar(QStringLiteral("fingerprintsNotice"), this)),
      m_intake(new ImageIntake(services, kFingerprintPaths, m_notice, this)) {
    setObjectName(QStringLiteral("fingerprintsPage"));
    makeActions();
    m_registry = new RegistryPanel({m_issue, m_revoke, m_import, m_export, m_choose, m_train}, this);
    m_registry->setMinimumWidth(300);
    m_identify = new IdentifyPanel({m_open, m_again, m_remove, m_toCase, m_stop}, this);
    m_residual = new ResidualPanel(m_draw, this);
    m_calculator = new CalculatorPanel(this);
    m_splitter = new QSplitter(this);
    m_splitter->setObjectName(QStringLiteral("fingerprintsSplitter"));
    m_splitter->addWidget(m_registry);
    m_splitter->addWidget(makeRight());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_splitter, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("fingerprintsNotices"), {m_notice}, this));
    connectRegistry();
    connectWork();
    fillModels();
}

void FingerprintPage::makeActions() {
    makeRegistryActions();
    makeIdentifyActions();
    m_draw = makeAction(this, "residualDrawAction", "start", tr("&Draw"), QKeySequence(Qt::CTRL | Qt::Key_D),
                        tr("Draw one picture with two fingerprints, and what differs"), [this] {
                            showTab(Residual);
                            draw();
                        });
    m_stop = makeAction(this, "fingerprintsStopAction", "stop", tr("&Stop"), QKeySequence(Qt::Key_Escape),
                        tr("Stop looking for pictures' instances, and drawing"), [this] { stop(); });
}

void FingerprintPage::makeRegistryActions() {
    m_issue =
        makeAction(this, "registryIssueAction", "new", tr("&Issue…"), QKeySequence(Qt::CTRL | Qt::Key_N),
                   tr("Issue a generator with a fingerprint of its own"), [this] { askIssue(); });
    m_revoke =
        makeAction(this, "registryRevokeAction", "remove", tr("&Revoke…"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R),
                   tr("Mark the chosen instance as revoked: its pictures are still found, and said to be "
                      "of a revoked one"),
                   [this] { askRevoke(); });
    m_import =
        makeAction(this, "registryImportAction", "open", tr("I&mport…"), QKeySequence(Qt::CTRL | Qt::Key_I),
                   tr("Register the instances of a CSV file"), [this] { importFile(); });
    m_export =
        makeAction(this, "registryExportAction", "save", tr("&Export…"), QKeySequence(Qt::CTRL | Qt::Key_E),
                   tr("Write the registry as CSV"), [this] { exportFile(); });
    m_train =
        makeAction(this, "registryTrainAction", "training", tr("&Train a model"), {},
                   tr("Show the Train page"), [this] { Q_EMIT m_requests.show(QStringLiteral("training")); });
    m_choose =
        makeAction(this, "registryChooseAction", "open", tr("&Choose registry…"), {},
                   tr("Open another registry: a file, or a database on a server"), [this] {
                       const QWidget* at = QApplication::focusWidget();  // the button that was used
                       m_chooseMenu->popup(at ? at->mapToGlobal(at->rect().bottomLeft()) : QCursor::pos());
                   });
    m_chooseMenu = new QMenu(this);
    m_chooseMenu->setObjectName(QStringLiteral("registryChooseMenu"));
    m_choose->setMenu(m_chooseMenu);
    const auto add = [this](const char* name, const QString& text, auto run) {
        QAction* action = m_chooseMenu->addAction(text);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, this, run);
    };
    add("registryOfWorkspaceAction", tr("That of the workspace"), [this] { openRegistry({}); });
    add("registryFileAction", tr("A registry file…"), [this] {
        FileDialogs::openFile(this, tr("Open a registry"), fromPath(m_services.workspace()),
                              tr("Registries (*.db);;All files (*)"), [this](const QStringList& names) {
                                  if (!names.isEmpty()) openRegistry(toPath(names.front()).string());
                              });
    });
    add("registryServerAction", tr("A registry on a server…"), [this] {
        (new RegistryServerDialog(
             m_service, [this](const std::string& url) { openRegistry(url); }, this))
            ->open();
    });
}

void FingerprintPage::makeIdentifyActions() {
    m_open = makeAction(this, "identifyOpenAction", "image", tr("&Open pictures…"),
                        QKeySequence(Qt::CTRL | Qt::Key_O), tr("Find out whose instance drew pictures"),
                        [this] { m_intake->openFiles(); });
    m_again = makeAction(this, "identifyAgainAction", "again", tr("&Look again"), QKeySequence(Qt::Key_F5),
                         tr("Look for all pictures' instances again, in the registry as it is now"), [this] {
                             m_service.stopIdentifying();
                             identify(m_identify->model()->paths());
                         });
    m_remove =
        makeAction(this, "identifyRemoveAction", "remove", tr("Re&move from the list"), QKeySequence::Delete,
                   tr("Take the selected pictures out of the list; the files stay"),
                   [this] { m_identify->model()->remove(m_identify->selectedRows()); });
    m_toCase =
        makeAction(this, "identifyToCaseAction", "cases", tr("To a &case…"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A),
                   tr("Take the selected pictures, or all, in as exhibits of the open case, or of one you "
                      "choose"),
                   [this] { Q_EMIT m_requests.addToCase(chosenPictures()); });
}

QList<QAction*> FingerprintPage::menuActions(Menu menu) const {
    switch (menu) {
        case Menu::File:
            return {m_open, m_choose, m_import, m_export};
        case Menu::Edit:
            return {m_remove};
        case Menu::Work:
            return {m_issue, m_revoke, m_again, m_toCase, m_draw, m_stop};
        case Menu::View:
        case Menu::Docks:
            break;
    }
    return {};
}

QWidget* FingerprintPage::makeRight() {
    m_models = new QComboBox(this);
    m_models->setObjectName(QStringLiteral("fingerprintModel"));
    m_models->setAccessibleName(tr("Fingerprinting model"));
    m_models->setToolTip(
        tr("The model that instances are issued with, and that reads pictures and draws here"));
    m_models->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("fingerprintTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_identify, tr("Identify"));
    m_tabs->addTab(m_residual, tr("Residual"));
    m_tabs->addTab(m_calculator, tr("Calculator"));
    auto* right = new QWidget(this);
    right->setObjectName(QStringLiteral("fingerprintsRight"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setSpacing(kGrid);
    row->addWidget(makeLabel(QStringLiteral("fingerprintModelLabel"), tr("Model"), this));
    row->addWidget(m_models, 1);
    QToolButton* help = makeLinkButton(QStringLiteral("fingerprintsHelpButton"), tr("How it is found"), this);
    help->setAccessibleName(tr("How fingerprints are found, and what they show"));
    connect(help, &QToolButton::clicked, this,
            [this] { Q_EMIT m_requests.method(QStringLiteral("fingerprints")); });
    row->addWidget(help);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_tabs, 1);
    return right;
}

}  // namespace signet::ui
