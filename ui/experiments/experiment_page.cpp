#include "ui/experiments/experiment_page.h"

#include <QAction>
#include <QComboBox>
#include <QFileInfo>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <algorithm>

#include "core/experiments/result_table.h"
#include "ui/bridge/text.h"
#include "ui/experiments/experiment_text.h"
#include "ui/experiments/text_table_model.h"
#include "ui/intake/file_dialogs.h"
#include "ui/page/page_requests.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kWidestResult = 220;  ///< px, of a column at first

QStringList textsOf(const std::vector<std::string>& cells) {
    QStringList texts;
    for (const std::string& cell : cells) texts << toText(visibleName(cell));
    return texts;
}

}  // namespace

void ExperimentPage::connectService() {
    connect(&m_service, &ExperimentService::tablesRead, this, &ExperimentPage::showTables);
    connect(&m_service, &ExperimentService::progress, this,
            [this](const ExperimentProgress& latest) { m_progress->setFullText(progressText(latest)); });
    connect(&m_service, &ExperimentService::rowMade, this, [this] { m_service.read(chosenPreset()); });
    connect(&m_service, &ExperimentService::rowFailed, this, [this](const ExperimentFailure& failure) {
        m_failureModel->append(
            {QStringLiteral("%1: %2").arg(toText(failure.id), toText(visibleName(failure.row))),
             sentence(failure.reason)});
        m_tabs->setTabText(Failures, tr("Failures (%1)").arg(m_failureModel->rowCount()));
    });
    connect(&m_service, &ExperimentService::probed, this, [this](const ProbedTraining& training) {
        m_probed.push_back(training);
        m_probeModel->append(probeCells(training));
    });
    connect(&m_service, &ExperimentService::ended, this, &ExperimentPage::showEnd);
    connect(&m_service, &ExperimentService::written, this, [this](const std::filesystem::path& file) {
        m_notice->showNotice(NoticeBar::Kind::Information, tr("Written: %1").arg(toText(file)));
    });
    connect(&m_service, &ExperimentService::writeFailed, this, [this](const QString& why) {
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("The export failed. %1").arg(why));
    });
    connect(m_presets, &QComboBox::currentIndexChanged, this, [this] { m_service.read(chosenPreset()); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ExperimentPage::showCurrent);
}

std::string ExperimentPage::chosenPreset() const {
    return m_presets->currentText().toStdString();
}

const ExperimentTable* ExperimentPage::current() const {
    const int row = m_list->currentIndex().row();
    if (!m_tables || row < 0 || row >= static_cast<int>(m_tables->tables.size())) return nullptr;
    return &m_tables->tables[static_cast<std::size_t>(row)];
}

void ExperimentPage::showTables(const ExperimentTablesPtr& tables) {
    m_tables = tables;
    {
        const QSignalBlocker blocker(m_presets);
        const QStringList presets = textsOf(tables->presets);
        QStringList before;
        for (int i = 0; i < m_presets->count(); ++i) before << m_presets->itemText(i);
        if (presets != before) {
            m_presets->clear();
            m_presets->addItems(presets);
        }
        m_presets->setCurrentText(toText(tables->preset));
    }
    if (!tables->problem.empty())
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             tr("The experiments could not be read. %1").arg(sentence(tables->problem)));
    const QString chosen = m_list->currentIndex().siblingAtColumn(0).data().toString();
    const QString wanted = chosen.isEmpty() ? m_wantedExperiment : chosen;
    QList<QStringList> cells;
    int row = 0;
    for (const ExperimentTable& table : tables->tables) {
        const QString id = toText(table.experiment->id);
        if (id == wanted) row = static_cast<int>(cells.size());
        cells << QStringList{id, toText(table.experiment->title), rowCountText(table),
                             toText(table.experiment->source)};
    }
    m_listModel->setCells(cells);
    if (m_list->currentIndex().row() != row || !m_list->selectionModel()->hasSelection())
        m_list->selectRow(row);
    showCurrent();
}

void ExperimentPage::showCurrent() {
    const ExperimentTable* table = current();
    const QString before = m_results->currentIndex().siblingAtColumn(0).data().toString();
    if (table) {
        const experiments::Experiment& experiment = *table->experiment;
        m_title->setText(QStringLiteral("%1: %2").arg(toText(experiment.id), toText(experiment.title)));
        m_note->setText(
            QStringLiteral("%1 %2").arg(sentence(experiment.source), toText(experiment.note)).trimmed());
        m_origin->setText(originText(*table));
        const experiments::ResultTable shown = experiments::tableOf(table->rows);
        QList<QStringList> cells;
        for (std::size_t i = 0; i < shown.cells.size(); ++i)
            cells << (textsOf(shown.cells[i]) << (table->isOwn[i] ? tr("here") : tr("the program")));
        const QStringList header = textsOf(shown.columns) << tr("results of");
        const bool isOther = m_resultModel->columnCount() != header.size() || before.isEmpty();
        m_resultModel->setTable(header, cells);
        if (isOther) {
            m_results->resizeColumnsToContents();
            for (int column = 0; column < header.size(); ++column)
                m_results->setColumnWidth(column, std::min(m_results->columnWidth(column), kWidestResult));
        }
        int row = 0;
        for (int i = 0; i < m_resultModel->rowCount(); ++i)
            if (m_resultModel->index(i, 0).data().toString() == before) row = i;
        if (m_resultModel->rowCount() > 0) m_results->selectRow(row);
    }
    for (QLabel* label : {m_title, m_note, m_origin}) label->setAccessibleName(label->text());
    showChosenRow();
    showWhatFits();
}

void ExperimentPage::showChosenRow() {
    const ExperimentTable* table = current();
    const auto row = static_cast<std::size_t>(std::max(0, m_results->currentIndex().row()));
    m_how->setText(table && row < table->rows.size() ? howMadeText(table->rows[row], table->isOwn[row])
                                                     : QString());
    m_how->setAccessibleName(m_how->text());
}

void ExperimentPage::showWhatFits() {
    const ExperimentTable* table = current();
    const bool isRunning = m_service.isRunning();
    const bool any = table && !table->rows.empty();
    m_run->setEnabled(table && !isRunning);
    m_probe->setEnabled(table && !isRunning);
    m_stop->setEnabled(isRunning);
    m_export->setEnabled(any);
    m_resultStack->setCurrentIndex(any || !table ? 0 : 1);
    if (!isRunning) m_progress->setFullText({});
    m_dataLabel->setFullText(m_dataFolder.isEmpty() ? tr("no folder chosen") : toText(toPath(m_dataFolder)));
    m_sum->setText(probeSumText(m_probedId, m_probedPreset, m_probed));
    m_sum->setAccessibleName(m_sum->text());
}

void ExperimentPage::start(bool probeOnly) {
    const ExperimentTable* table = current();
    if (!table || m_service.isRunning()) return;
    if (m_dataFolder.isEmpty()) {
        chooseData([this, probeOnly] { start(probeOnly); });
        return;
    }
    m_notice->hide();
    m_failureModel->clear();
    m_tabs->setTabText(Failures, tr("Failures"));
    ExperimentOrder order;
    order.id = table->experiment->id;
    order.preset = chosenPreset();
    order.data = toPath(m_dataFolder);
    order.probeOnly = probeOnly;
    if (probeOnly) {
        m_probed.clear();
        m_probeModel->clear();
        m_probedId = toText(order.id);
        m_probedPreset = toText(order.preset);
        showTab(Probe);
    } else {
        showTab(Results);
    }
    m_service.start(order);
    m_progress->setFullText(tr("%1: beginning").arg(toText(order.id)));
    showWhatFits();
}

void ExperimentPage::stop() {
    m_service.stop();
    m_notice->showNotice(NoticeBar::Kind::Information, tr("Stopping when the step is done."));
}

void ExperimentPage::showEnd(const ExperimentEnd& end) {
    const bool isProblem = !end.problem.empty() || end.failed > 0;
    QStringList reasons;
    for (int row = 0; row < m_failureModel->rowCount(); ++row)
        reasons << QStringLiteral("%1: %2").arg(m_failureModel->index(row, 0).data().toString(),
                                                m_failureModel->index(row, 1).data().toString());
    m_notice->showNotice(isProblem ? NoticeBar::Kind::Problem : NoticeBar::Kind::Information, endText(end),
                         reasons.join(QLatin1Char('\n')), end.problem.empty() ? nullptr : m_data);
    if (end.failed > 0 && end.made == 0) showTab(Failures);
    showWhatFits();
}

void ExperimentPage::chooseData(const std::function<void()>& done) {
    FileDialogs::openFolder(this, tr("Pictures to learn from"), m_dataFolder,
                            [this, done](const QStringList& names) {
                                if (names.isEmpty()) return;
                                setDataFolder(names.front());
                                if (done) done();
                            });
}

void ExperimentPage::exportTable() {
    const ExperimentTable* table = current();
    if (!table) return;
    const QString name = toText(table->experiment->id) + QStringLiteral(".csv");
    FileDialogs::saveFile(
        this, tr("Export the table"),
        m_exportFolder.isEmpty() ? name : m_exportFolder + QLatin1Char('/') + name,
        tr("Text (*.csv);;Page (*.html)"),
        [this, rows = table->rows, experiment = table->experiment](const QStringList& names) {
            if (names.isEmpty()) return;
            m_exportFolder = QFileInfo(names.front()).absolutePath();
            m_service.write(toPath(names.front()), *experiment, rows);
        });
}

void ExperimentPage::setDataFolder(const QString& folder) {
    m_dataFolder = folder;
    showWhatFits();
}

void ExperimentPage::showTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

void ExperimentPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_service.isReading())  // other programs run experiments as well
        m_service.read(m_tables ? m_tables->preset : m_wantedPreset.toStdString());
}

Page::StillRuns ExperimentPage::finish() {
    if (m_service.isIdle()) return StillRuns::Nothing;
    m_service.stop();
    m_notice->showNotice(NoticeBar::Kind::Information,
                         tr("Stopping the experiment. The window closes when its step is done."));
    return StillRuns::Visibly;
}

void ExperimentPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("experiments/preset"),
                      m_tables ? toText(m_tables->preset) : m_wantedPreset);
    const ExperimentTable* table = current();
    settings.setValue(QStringLiteral("experiments/chosen"),
                      table ? toText(table->experiment->id) : m_wantedExperiment);
    settings.setValue(QStringLiteral("experiments/data"), m_dataFolder);
    settings.setValue(QStringLiteral("experiments/exportFolder"), m_exportFolder);
    settings.setValue(QStringLiteral("experiments/splitter"), m_splitter->saveState());
}

void ExperimentPage::restoreSettings(const QSettings& settings) {
    m_wantedPreset = settings.value(QStringLiteral("experiments/preset")).toString();
    m_wantedExperiment = settings.value(QStringLiteral("experiments/chosen")).toString();
    m_exportFolder = settings.value(QStringLiteral("experiments/exportFolder")).toString();
    m_splitter->restoreState(settings.value(QStringLiteral("experiments/splitter")).toByteArray());
    setDataFolder(settings.value(QStringLiteral("experiments/data")).toString());
}

}  // namespace signet::ui
