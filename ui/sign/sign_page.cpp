#include "ui/sign/sign_page.h"

#include <QAction>
#include <QHeaderView>
#include <QProgressBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QUndoStack>

#include "ui/bridge/text.h"
#include "ui/intake/image_intake.h"
#include "ui/itemmodels/remove_rows_command.h"
#include "ui/page/engine_notice.h"
#include "ui/page/page_requests.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/copy_table_view.h"
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
      m_settings(new SignSettingsPanel(services.keys(), this)),
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
    m_model->setKeys(m_services.keys().keys());
    makeActions();
    makeLayout();
    connectServices();
    updateControls();
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
        showEngineProblem(*m_notice, state, message, m_signAction);
    });
    connect(&m_services, &Services::catalogueChanged, this,
            [this] { m_settings->setCatalogue(m_services.catalogue()); });
    connect(&m_services.keys(), &KeyService::changed, this, &SignPage::takeKeys);
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
    m_table->setColumnHidden(SignModel::KeyColumn, !m_services.hasKeyedModel());
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
