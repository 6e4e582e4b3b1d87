#include "ui/generators/generator_page.h"

#include <QAction>
#include <QDir>
#include <QEvent>
#include <QLabel>
#include <QListView>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTextBrowser>
#include <algorithm>

#include "core/generators/style_generator_options.h"
#include "ui/bridge/text.h"
#include "ui/generators/draw_settings_panel.h"
#include "ui/generators/drawn_model.h"
#include "ui/generators/generator_text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/generator_list_model.h"
#include "ui/itemmodels/manifest_rows.h"
#include "ui/page/page_requests.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kDistanceImages = 500;  ///< as many as the presets of generators have

}  // namespace

void GeneratorPage::connectWork() {
    connect(&m_services, &Services::catalogueChanged, this, &GeneratorPage::showModels);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &GeneratorPage::showChosen);
    connect(m_grid->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &GeneratorPage::showPicture);
    connect(m_grid->selectionModel(), &QItemSelectionModel::selectionChanged, this, &GeneratorPage::takeEnds);
    connect(&m_service, &GeneratorService::drawn, this, [this](const DrawnPicture& picture) {
        m_drawn->add(picture);
        m_step = {};
        showWhatFits();
    });
    connect(&m_service, &GeneratorService::stepped, this, [this](const DrawStep& step) {
        m_step = step;
        showWhatFits();
    });
    connect(&m_service, &GeneratorService::read, this, [this](const DrawnReading& reading) {
        m_drawn->setReading(reading);
        showWhatFits();
    });
    connect(&m_service, &GeneratorService::ended, this, &GeneratorPage::showEnd);
    connect(&m_service, &GeneratorService::saved, this, &GeneratorPage::showSaved);
    connect(&m_requests, &PageRequests::addedToCase, this, [this](const QString& text, QAction* show) {
        if (isVisible()) m_notice->showNotice(NoticeBar::Kind::Information, text, {}, show);
    });
}

const ModelEntry* GeneratorPage::current() const {
    return m_model->entry(m_list->currentIndex().row());
}

const models::Manifest* GeneratorPage::signature() const {
    const ModelEntry* entry = current();
    const auto* generator = entry ? std::get_if<models::GeneratorFields>(&entry->manifest.of) : nullptr;
    if (!generator || generator->signature.empty()) return nullptr;
    const ModelEntry* model = m_services.model(generator->signature);
    return model ? &model->manifest : nullptr;
}

void GeneratorPage::showModels() {
    m_model->setCatalogue(m_services.catalogue());
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
    if (m_model->rowCount() > 0) m_list->selectRow(std::max(0, m_model->rowOf(m_wanted)));
    showChosen();
}

void GeneratorPage::showChosen() {
    const ModelEntry* entry = current();
    std::string shown;
    if (entry) {
        m_wanted = entry->manifest.name;
        shown = entry->manifest.folder.string() + entry->manifest.weightsSha256;
        m_settings->setModel(entry->manifest, signature());
    }
    showCard();
    if (shown != m_shown) {
        m_shown = shown;
        m_service.stopDrawing();
        m_drawn->begin({});
        m_saved.clear();
        m_notice->hide();
        showControls();
    }
    showWhatFits();
}

void GeneratorPage::showCard() {
    const ModelEntry* entry = current();
    if (!entry) return;
    m_card->setMarkdown(entry->card.empty() ? tr("This model came without a card.") : toText(entry->card));
    m_facts->setRows(manifestRows(entry->manifest));
}

void GeneratorPage::showControls() {
    const ModelEntry* entry = current();
    const GeneratorControls known = entry ? controlsOf(entry->manifest) : GeneratorControls();
    m_canDraw = entry && known.problem.empty();
    m_settings->setControls(m_canDraw ? std::optional(known.controls) : std::nullopt);
    if (!known.problem.empty())
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             tr("Nothing can be drawn with this generator. %1").arg(sentence(known.problem)));
}

void GeneratorPage::showPicture() {
    const QString about = m_drawn->about(m_grid->currentIndex().row());
    m_about->setText(!about.isEmpty()          ? about
                     : m_drawn->rowCount() > 0 ? tr("Choose a picture to see all that is said of it.")
                                               : tr("Draw shows the pictures of the seed here."));
    m_about->setAccessibleName(m_about->text());
}

void GeneratorPage::showWhatFits() {
    const ModelEntry* entry = current();
    const bool isDrawing = m_service.isDrawing(), isSaving = m_service.isSaving();
    const bool any = m_drawn->rowCount() > 0;
    for (QAction* action : {m_draw, m_next, m_way}) action->setEnabled(m_canDraw && !isSaving);
    m_sheet->setEnabled(!isSaving);
    m_stop->setEnabled(isDrawing);
    m_secure->setEnabled(entry && entry->manifest.kind() == models::Kind::Generator);
    for (QAction* action : {m_save, m_toCase}) action->setEnabled(any && !isDrawing && !isSaving);
    m_progress->setFullText(
        isDrawing ? drawingText(m_drawn->rowCount(), m_drawn->readCount(), m_ordered, m_step) : QString());
    const models::Manifest* read = signature();
    m_found->setText(read ? foundText(read->name, m_drawn->foundCount(), m_drawn->ownCount()) : QString());
    m_found->setAccessibleName(m_found->text());
    showPicture();
}

void GeneratorPage::takeEnds() {
    QModelIndexList chosen = m_grid->selectionModel()->selectedIndexes();
    if (chosen.size() != 2) return;
    std::sort(chosen.begin(), chosen.end());
    const std::vector<DrawnPicture> pictures = m_drawn->pictures();
    const auto at = [&](int i) { return pictures[static_cast<std::size_t>(chosen[i].row())]; };
    if (!at(0).request.to)  // on a way they have no numbers of the seed's
        m_settings->setWay(at(0).request.seed, at(0).number, at(1).number);
}

void GeneratorPage::draw(const generators::SampleRequest& request) {
    const ModelEntry* entry = current();
    if (!entry || !m_canDraw || m_service.isSaving()) return;
    m_notice->hide();
    m_tabs->setCurrentIndex(Pictures);
    const auto* generator = std::get_if<models::GeneratorFields>(&entry->manifest.of);
    m_drawn->begin(generator ? generator->codeHex : std::string());
    m_saved.clear();
    DrawOrder order;
    order.model = entry->manifest;
    order.request = request;
    order.examined = m_settings->isExamined();
    order.models = m_services.modelChoice().names();
    if (const models::Manifest* read = signature(); read && m_settings->isReadByOwn())
        order.signature = *read;
    m_ordered = static_cast<int>(request.count);
    m_step = {};
    m_service.draw(order);
    showWhatFits();
}

void GeneratorPage::stop() {
    m_service.stopDrawing();
    showWhatFits();
}

void GeneratorPage::showEnd(const DrawEnd& end) {
    if (!end.problem.empty())
        m_notice->showNotice(
            NoticeBar::Kind::Problem,
            (m_drawn->rowCount() > 0 ? tr("Not all pictures were drawn. %1") : tr("Nothing was drawn. %1"))
                .arg(sentence(end.problem)));
    else if (!end.unread.empty())
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("Not all was read. %1").arg(sentence(end.unread)));
    showWhatFits();
}

void GeneratorPage::save(bool thenToCase) {
    const bool asSheet = m_sheet->isChecked();
    const auto write = [this, thenToCase, asSheet](const QStringList& names) {
        const ModelEntry* entry = current();
        if (names.isEmpty() || !entry || m_service.isDrawing() || m_drawn->rowCount() == 0) return;
        const QString& place = names.front();
        m_caseWaits = thenToCase;
        m_saveFolder = asSheet ? QFileInfo(place).absolutePath() : place;
        if (asSheet)
            m_service.saveSheet(toPath(place), {entry->manifest, m_drawn->pictures(), columns()});
        else
            m_service.save(toPath(place), entry->manifest, m_drawn->pictures());
        showWhatFits();
    };
    if (!asSheet) {
        FileDialogs::openFolder(this, tr("Save the pictures into a folder"), m_saveFolder, write);
        return;
    }
    const std::filesystem::path first = m_drawn->pictures().front().fileName();
    FileDialogs::saveFile(this, tr("Save the pictures as one sheet"),
                          QDir(m_saveFolder).filePath(fromPath(first.stem()) + QStringLiteral("-sheet.png")),
                          tr("PNG (*.png)"), write);
}

int GeneratorPage::columns() const {
    const auto topOf = [this](int row) { return m_grid->visualRect(m_drawn->index(row)).top(); };
    int columns = 1;
    while (columns < m_drawn->rowCount() && topOf(columns) == topOf(0)) ++columns;
    return columns;
}

void GeneratorPage::showSaved(const SavedPictures& saved) {
    const bool toCase = std::exchange(m_caseWaits, false);
    const int written = static_cast<int>(saved.files.size());
    const QString done =
        saved.isSheet ? tr("The sheet is written: %1.").arg(toText(saved.place))
                      : tr("%1 written into %2.").arg(countText(written, "picture"), toText(saved.place));
    if (saved.problem.empty()) {
        m_saved = saved.files;
        m_notice->showNotice(NoticeBar::Kind::Information, done);
        if (toCase) Q_EMIT m_requests.addToCase(m_saved);
    } else {
        const QString reason = sentence(saved.problem);
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             written > 0 ? tr("Not all pictures were saved: %1 %2").arg(done, reason)
                                         : tr("The pictures were not saved. %1").arg(reason));
    }
    showWhatFits();
    Q_EMIT m_requests.finished();
}

void GeneratorPage::toCase() {
    if (m_saved.empty())
        save(true);
    else
        Q_EMIT m_requests.addToCase(m_saved);
}

void GeneratorPage::secure() {
    const ModelEntry* entry = current();
    if (!entry) return;
    Json changed{{"generator", entry->manifest.folder.string()}};
    if (entry->manifest.arch == generators::kStyleGan2Arch)  // a diffusion would draw them for hours
        changed["distanceImages"] = kDistanceImages;
    Q_EMIT m_requests.newRun(QStringLiteral("secure"), changed);
}

void GeneratorPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showWhatFits();
}

void GeneratorPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) showCard();  // its colours are the theme's
}

Page::StillRuns GeneratorPage::finish() {
    stop();
    return m_service.isSaving() ? StillRuns::Visibly : StillRuns::Nothing;
}

void GeneratorPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("generators/model"), QString::fromStdString(m_wanted));
    settings.setValue(QStringLiteral("generators/saveFolder"), m_saveFolder);
    settings.setValue(QStringLiteral("generators/splitter"), m_splitter->saveState());
    m_settings->saveSettings(settings);
}

void GeneratorPage::restoreSettings(const QSettings& settings) {
    m_wanted = settings.value(QStringLiteral("generators/model")).toString().toStdString();
    m_saveFolder = settings.value(QStringLiteral("generators/saveFolder")).toString();
    m_splitter->restoreState(settings.value(QStringLiteral("generators/splitter")).toByteArray());
    m_settings->restoreSettings(settings);
}

}  // namespace signet::ui
