#include "ui/fingerprints/fingerprint_page.h"

#include <QAction>
#include <QComboBox>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <algorithm>

#include "core/cases/database_url.h"
#include "ui/bridge/text.h"
#include "ui/fingerprints/calculator_panel.h"
#include "ui/fingerprints/identify_panel.h"
#include "ui/fingerprints/registry_panel.h"
#include "ui/fingerprints/residual_panel.h"
#include "ui/intake/image_intake.h"
#include "ui/page/page_requests.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"

namespace signet::ui {

void FingerprintPage::connectWork() {
    connect(&m_services, &Services::catalogueChanged, this, &FingerprintPage::fillModels);
    connect(m_models, &QComboBox::currentIndexChanged, this, &FingerprintPage::showModel);
    connect(m_intake, &ImageIntake::filesFound, this,
            [this](const std::vector<std::filesystem::path>& files) { identify(files); });
    connect(&m_service, &FingerprintService::identified, this,
            [this](const IdentifiedPtr& picture) { m_identify->model()->setAnswer(picture); });
    connect(&m_service, &FingerprintService::identifyingEnded, this, &FingerprintPage::showWhatFits);
    connect(&m_service, &FingerprintService::drawn, this, &FingerprintPage::showPictures);
    connect(m_identify, &IdentifyPanel::selectionChanged, this, &FingerprintPage::showWhatFits);
    connect(m_identify->model(), &QAbstractItemModel::rowsInserted, this, &FingerprintPage::showWhatFits);
    connect(m_identify->model(), &QAbstractItemModel::rowsRemoved, this, &FingerprintPage::showWhatFits);
    connect(m_residual, &ResidualPanel::drawWanted, this, &FingerprintPage::draw);
    connect(m_residual, &ResidualPanel::requestChanged, this, &FingerprintPage::showWhatFits);
    connect(&m_requests, &PageRequests::addedToCase, this, [this](const QString& text, QAction* show) {
        if (isVisible()) m_notice->showNotice(NoticeBar::Kind::Information, text, {}, show);
    });
}

const models::Manifest* FingerprintPage::model() const {
    const ModelEntry* entry = m_services.model(m_models->currentData().toString().toStdString());
    return entry && entry->manifest.kind() == models::Kind::Fingerprint ? &entry->manifest : nullptr;
}

std::vector<models::Manifest> FingerprintPage::installed() const {
    std::vector<models::Manifest> found;
    if (const auto catalogue = m_services.catalogue())
        for (const ModelEntry& entry : catalogue->models)
            if (entry.manifest.kind() == models::Kind::Fingerprint) found.push_back(entry.manifest);
    return found;
}

void FingerprintPage::fillModels() {
    const QString chosen = m_models->count() > 0 ? m_models->currentData().toString() : m_wantedModel;
    {
        const QSignalBlocker blocker(m_models);
        m_models->clear();
        for (const models::Manifest& model : installed())
            m_models->addItem(toText(visibleName(model.name)), QString::fromStdString(model.name));
        m_models->setCurrentIndex(std::max(m_models->findData(chosen), m_models->count() > 0 ? 0 : -1));
    }
    m_models->setEnabled(m_models->count() > 0);
    m_models->setPlaceholderText(tr("none is installed"));
    showModel();
}

void FingerprintPage::showModel() {
    const std::string shown = model() ? model()->weightsSha256 : std::string();
    if (shown != m_shownModel) {
        m_shownModel = shown;
        m_service.stopDrawing();
        m_service.stopIdentifying();
        m_identify->model()->forgetAnswers();
    }
    m_registry->setHasModel(model() != nullptr);
    m_residual->setModel(model());
    m_identify->setObstacle(
        model() ? QString()
                : tr("No fingerprinting model is installed: train one on the Train page (preset "
                     "fingerprint-cats), or put one into the workspace's models folder."));
    m_calculator->setRegistry(model() ? model()->bits() : 0, m_contents ? m_contents->total : 0);
    showWhatFits();
}

void FingerprintPage::showPictures(const ResidualPicturesPtr& pictures) {
    m_residual->setDrawing(false);
    if (pictures->problem.empty())
        m_residual->showPictures(pictures);
    else
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             tr("Nothing was drawn. %1").arg(sentence(pictures->problem)));
    showWhatFits();
}

void FingerprintPage::showWhatFits() {
    const bool hasModel = model() != nullptr;
    const bool isRead = m_contents && m_contents->problem.empty();
    const bool canWrite = isRead || (m_contents && m_contents->isMissing);
    const std::vector<registry::Instance> chosen = m_registry->selected();
    m_issue->setEnabled(hasModel && canWrite);
    m_revoke->setEnabled(isRead && chosen.size() == 1 && !chosen.front().revoked);
    m_import->setEnabled(canWrite);
    m_export->setEnabled(isRead && m_contents->total > 0);
    m_open->setEnabled(hasModel);
    const bool any = m_identify->model()->rowCount() > 0;
    m_again->setEnabled(hasModel && any);
    m_remove->setEnabled(!m_identify->selectedRows().empty());
    m_toCase->setEnabled(any);
    m_draw->setEnabled(m_residual->request().has_value());
    m_stop->setEnabled(m_service.isIdentifying() || m_service.isDrawing());
}

void FingerprintPage::takeFiles(std::vector<std::filesystem::path> files) {
    showTab(Identify);
    if (model())
        m_intake->addPaths(std::move(files));
    else
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             tr("Pictures are looked for with a fingerprinting model, and none is installed: "
                                "train one, or put one into the workspace's models folder."),
                             {}, m_train);
}

void FingerprintPage::identify(const std::vector<std::filesystem::path>& files) {
    if (files.empty() || !model()) return;
    m_identify->model()->add(files);
    if (!m_identify->table()->currentIndex().isValid()) m_identify->table()->selectRow(0);
    m_service.identify(*model(), files);
    showWhatFits();
}

std::vector<std::filesystem::path> FingerprintPage::chosenPictures() const {
    std::vector<std::filesystem::path> files;
    for (const int row : m_identify->selectedRows()) files.push_back(m_identify->model()->path(row));
    return files.empty() ? m_identify->model()->paths() : files;
}

void FingerprintPage::draw() {
    const std::optional<ResidualRequest> wanted = m_residual->request();
    if (!wanted) return;
    m_service.draw(*wanted);
    m_residual->setDrawing(true);
    showWhatFits();
}

void FingerprintPage::stop() {
    m_service.stopIdentifying();
    m_service.stopDrawing();
    m_identify->model()->stopWaiting();
    m_residual->setDrawing(false);
    showWhatFits();
}

void FingerprintPage::showTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

void FingerprintPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_service.isReading()) m_service.reload();  // other programs issue as well
}

Page::StillRuns FingerprintPage::finish() {
    stop();
    m_service.stop();
    return m_service.isChanging() ? StillRuns::Visibly : StillRuns::Nothing;
}

void FingerprintPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("fingerprints/registry"),
                      m_service.isOfWorkspace()
                          ? QString()
                          : QString::fromStdString(cases::withoutPassword(m_service.location())));
    settings.setValue(QStringLiteral("fingerprints/model"), m_models->currentData().toString());
    settings.setValue(QStringLiteral("fingerprints/issueFolder"), m_issueFolder);
    settings.setValue(QStringLiteral("fingerprints/tableFolder"), m_tableFolder);
    settings.setValue(QStringLiteral("fingerprints/pictureFolder"), m_intake->lastFolder());
    settings.setValue(QStringLiteral("fingerprints/tab"), m_tabs->currentIndex());
    settings.setValue(QStringLiteral("fingerprints/splitter"), m_splitter->saveState());
}

void FingerprintPage::restoreSettings(const QSettings& settings) {
    m_wantedModel = settings.value(QStringLiteral("fingerprints/model")).toString();
    m_issueFolder = settings.value(QStringLiteral("fingerprints/issueFolder")).toString();
    m_tableFolder = settings.value(QStringLiteral("fingerprints/tableFolder")).toString();
    m_intake->setLastFolder(settings.value(QStringLiteral("fingerprints/pictureFolder")).toString());
    m_tabs->setCurrentIndex(settings.value(QStringLiteral("fingerprints/tab"), 0).toInt());
    m_splitter->restoreState(settings.value(QStringLiteral("fingerprints/splitter")).toByteArray());
    if (const QString registry = settings.value(QStringLiteral("fingerprints/registry")).toString();
        !registry.isEmpty())
        m_service.setRegistry(registry.toStdString());
}

}  // namespace signet::ui
