#include "ui/sign/sign_page.h"

#include <QAction>
#include <QDir>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QUndoStack>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/intake/empty_state.h"
#include "ui/intake/image_intake.h"
#include "ui/itemmodels/remove_rows_command.h"
#include "ui/page/page_requests.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr int kPreviewDelayMs = 120;
constexpr int kPreviewSide = 1024;  // px

/// Rows that carried a signature before anything was done here.
int carrying(const SignModel& model) {
    int count = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        count += !model.row(row).wasSigned() && model.row(row).carriesSignature() ? 1 : 0;
    return count;
}

}  // namespace

SignPage::SignPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("sign"), QStringLiteral("sign"), tr("Sign"), Qt::Key_2}),
      m_services(services),
      m_requests(requests),
      m_model(new SignModel(this)),
      m_table(new CopyTableView(this)),
      m_settings(new SignSettingsPanel(this)),
      m_preview(new SignPreviewPanel(this)),
      m_notice(new NoticeBar(QStringLiteral("signNotice"), this)),
      m_intake(new ImageIntake(services, kSignPaths, m_notice, this)),
      m_summary(makeNote(QStringLiteral("signSummary"), {}, this)),
      m_progress(new QProgressBar(this)),
      m_signButton(nullptr),
      m_undo(new QUndoStack(this)) {
    setObjectName(QStringLiteral("signPage"));
    m_table->setObjectName(QStringLiteral("signTable"));
    m_table->setAccessibleName(tr("Images to sign and results"));
    m_table->setModel(m_model);
    m_progress->setObjectName(QStringLiteral("signProgress"));
    m_progress->setAccessibleName(tr("Progress of signing"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_previewDelay.setSingleShot(true);
    m_previewDelay.setInterval(kPreviewDelayMs);
    connect(&m_previewDelay, &QTimer::timeout, this, &SignPage::requestPreview);
    makeActions();
    makeLayout();
    connectServices();
    updateControls();
}

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
    const int widths[SignModel::ColumnCount] = {170, 125, 110, 70, 60, 90, 170};
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

void SignPage::connectServices() {
    SignService& sign = m_services.sign();
    connect(&sign, &SignService::started, m_model, &SignModel::jobStarted);
    connect(&sign, &SignService::finished, this, [this](quint64 job, const SignRecordPtr& record) {
        ++m_batchDone;
        m_model->jobFinished(job, record);
        updateControls();
    });
    connect(&sign, &SignService::cancelled, this, [this](quint64 job) {
        ++m_batchDone;
        m_model->jobCancelled(job);
        updateControls();
    });
    connect(&sign, &SignService::becameIdle, this, [this] {
        m_batchTotal = m_batchDone = 0;
        updateControls();
    });
    connect(&sign, &SignService::looked, this, [this](const SignatureLook& look) {
        m_model->setLook(look);
        updateControls();
    });
    connect(&sign, &SignService::previewReady, this, [this](const SignPreviewPtr& preview) {
        m_preview->setBusy(false);
        m_preview->showPreview(preview);
    });
    connect(&sign, &SignService::previewFailed, this, [this](const QString& message) {
        m_preview->setBusy(false);
        m_preview->showMessage(tr("No preview. %1").arg(message));
    });
    connect(&sign, &SignService::engineChanged, this, [this](EngineState state, const QString& message) {
        if (state == EngineState::Failed) {
            m_engineProblem = tr("The models could not be loaded. %1").arg(message);
            m_notice->showNotice(NoticeBar::Kind::Problem, m_engineProblem, {}, m_signAction);
        } else if (state == EngineState::Ready && m_notice->text() == m_engineProblem) {
            m_notice->hide();
        }
    });
    connect(&m_services, &Services::catalogueChanged, this,
            [this] { m_settings->setCatalogue(m_services.catalogue()); });
    connect(m_intake, &ImageIntake::filesFound, this, [this](const std::vector<fs::path>& files) {
        const int first = m_model->append(files);
        for (const fs::path& file : files) m_services.sign().look(file, m_lookedModel.toStdString());
        if (!m_table->currentIndex().isValid()) m_table->selectRow(first);
        updateControls();
    });
    connect(m_settings, &SignSettingsPanel::previewChanged, &m_previewDelay, qOverload<>(&QTimer::start));
    connect(m_settings, &SignSettingsPanel::changed, this, [this] {
        lookAtAll();
        updateControls();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_preview->clear();
        m_previewDelay.start();
        updateControls();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &SignPage::updateControls);
    connect(m_model, &SignModel::rowsInserted, this, &SignPage::updateControls);
    connect(m_model, &SignModel::rowsRemoved, this, &SignPage::updateControls);
}

fs::path SignPage::currentPath() const {
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? m_model->row(index.row()).path : fs::path();
}

fs::path SignPage::currentOutput() const {
    const QModelIndex index = m_table->currentIndex();
    const SignRecordPtr record = index.isValid() ? m_model->row(index.row()).record : nullptr;
    return record ? record->output : fs::path();
}

void SignPage::requestPreview() {
    const fs::path path = currentPath();
    const QString problem = m_settings->problem();
    if (path.empty() || !problem.isEmpty()) {
        m_services.sign().dropPreview();
        m_preview->setBusy(false);
        m_preview->showMessage(path.empty() ? tr("Choose an image in the table to see how it will look.")
                                            : problem);
        return;
    }
    m_preview->setBusy(true);
    m_services.sign().requestPreview(path, m_settings->options(), kPreviewSide);
}

void SignPage::updateControls() {
    const int total = m_model->rowCount();
    const bool idle = m_services.sign().isIdle();
    const QString problem = m_settings->problem();
    m_stack->setCurrentIndex(total > 0 ? 1 : 0);
    const int open = static_cast<int>(unsignedRows().size());
    m_signAction->setText(open > 0    ? tr("&Sign %1").arg(countText(open, "image"))
                          : total > 0 ? tr("&Sign again")
                                      : tr("&Sign"));
    m_signAction->setEnabled(total > 0 && idle && problem.isEmpty());
    m_signAction->setToolTip(problem.isEmpty()
                                 ? tr("Sign the images that carry no signature yet and check each saved copy "
                                      "(Ctrl+Return)")
                                 : problem);
    m_cancelAction->setEnabled(!idle);
    m_compareAction->setEnabled(!currentOutput().empty());
    m_removeAction->setEnabled(idle && m_table->selectionModel()->hasSelection());
    for (QAction* action : m_editActions) {
        if (action->objectName().startsWith(QLatin1String("signCopy"))) action->setEnabled(total > 0);
    }
    m_progress->setVisible(!idle);
    m_progress->setRange(0, std::max(1, m_batchTotal));
    m_progress->setValue(m_batchDone);
    QStringList parts{countText(total, "image")};
    const int done = m_model->count(ItemState::Done);
    if (done > 0) parts << tr("%1 signed").arg(done);
    if (const int failed = m_model->count(ItemState::Failed); failed > 0)
        parts << tr("%1 failed").arg(failed);
    if (const int before = carrying(*m_model); before > 0) parts << tr("%1 signed before").arg(before);
    if (m_services.sign().isLooking()) parts << tr("looking for signatures");
    m_summary->setText(parts.join(QStringLiteral(" · ")));
}

void SignPage::removeSelected() {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) rows.push_back(index.row());
    if (rows.empty()) return;
    m_undo->push(new RemoveRowsCommand<SignModel::Taken>(
        rows, [this](const auto& out) { return m_model->takeRows(out); },
        [this](const auto& taken) { m_model->restore(taken); }));
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

void SignPage::takeFiles(std::vector<fs::path> files) {
    m_intake->addPaths(std::move(files));
}

Page::StillRuns SignPage::finish() {
    m_services.sign().cancelAll();
    return StillRuns::Nothing;
}

void SignPage::saveSettings(QSettings& settings) const {
    m_settings->saveSettings(settings);
    settings.setValue(QStringLiteral("sign/splitter"), m_splitter->saveState());
    settings.setValue(QStringLiteral("sign/columns"), m_table->horizontalHeader()->saveState());
    settings.setValue(QStringLiteral("sign/lastFolder"), m_intake->lastFolder());
}

void SignPage::restoreSettings(const QSettings& settings) {
    m_settings->restoreSettings(settings);
    m_splitter->restoreState(settings.value(QStringLiteral("sign/splitter")).toByteArray());
    m_table->horizontalHeader()->restoreState(settings.value(QStringLiteral("sign/columns")).toByteArray());
    m_intake->setLastFolder(settings.value(QStringLiteral("sign/lastFolder")).toString());
}

}  // namespace signet::ui
