#include "ui/training/training_page.h"

#include <QAction>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/examine/detector.h"
#include "ui/bridge/text.h"
#include "ui/intake/empty_state.h"
#include "ui/itemmodels/run_list_model.h"
#include "ui/page/page_requests.h"
#include "ui/plot/series_colours.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"
#include "ui/training/checkpoint_panel.h"
#include "ui/training/curve_panel.h"
#include "ui/training/curves_view.h"
#include "ui/training/new_run_panel.h"
#include "ui/training/notes_panel.h"
#include "ui/training/parameter_panel.h"
#include "ui/training/run_actions.h"
#include "ui/training/run_status.h"
#include "ui/training/run_text.h"
#include "ui/training/sample_panel.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr int kLogLines = 20'000;
constexpr std::size_t kMostOverlaid = kSeriesColours;

}  // namespace

TrainingPage::TrainingPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("training"), QStringLiteral("training"), tr("Train"), Qt::Key_3}),
      m_services(services),
      m_model(new RunListModel(this)),
      m_table(new CopyTableView(this)),
      m_notice(new NoticeBar(QStringLiteral("trainingNotice"), this)),
      m_actions(new RunActions(services.training(), m_notice, this)),
      m_status(new RunStatus(this)),
      m_newRun(new NewRunPanel(services, this)),
      m_curves(new CurvesView(this)),
      m_samples(new SamplePanel(services.training(), this)),
      m_checkpoints(new CheckpointPanel(services.training(), this)),
      m_parameters(new ParameterPanel(this)),
      m_log(new QPlainTextEdit(this)),
      m_notes(new NotesPanel(this)),
      m_chooseModels(new QAction(tr("Choose the models"), this)) {
    setObjectName(QStringLiteral("trainingPage"));
    m_table->setObjectName(QStringLiteral("runTable"));
    m_table->setAccessibleName(tr("Training runs; select several to compare them"));
    m_table->setModel(m_model);
    m_log->setObjectName(QStringLiteral("runLog"));
    m_log->setAccessibleName(tr("Log of the run"));
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(kLogLines);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->setFrameShape(QFrame::NoFrame);
    m_chooseModels->setObjectName(QStringLiteral("chooseModelsAction"));
    connect(m_chooseModels, &QAction::triggered, &requests, &PageRequests::modelChoice);
    connect(&services.training(), &TrainingService::becameIdle, &requests, &PageRequests::finished);
    connect(&requests, &PageRequests::newRun, this,
            [this, &requests](const QString& preset, const Json& changed) {
                Q_EMIT requests.show(label().id);
                m_newRun->setPreset(preset, changed);
                showNewRun();
            });
    makeLayout();
    connectService();
    updateControls();
}

void TrainingPage::makeLayout() {
    auto* left = new QWidget(this);
    left->setObjectName(QStringLiteral("trainingLeft"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    for (QAction* action : m_actions->inBar()) {
        QString name = action->objectName();
        bar->addWidget(
            makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this));
    }
    bar->addStretch(1);
    auto* leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addLayout(bar);
    leftColumn->addWidget(m_table, 1);
    const int widths[RunListModel::ColumnCount] = {104, 76, 92, 70, 120};
    for (int column = 0; column < RunListModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);

    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("trainingTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_curves, tr("&Curves"));
    m_tabs->addTab(m_samples, tr("Sa&mples"));
    m_tabs->addTab(m_checkpoints, tr("Chec&kpoints"));
    m_tabs->addTab(m_parameters, tr("Pa&rameters"));
    m_tabs->addTab(m_log, tr("&Log"));
    m_tabs->addTab(m_notes, tr("N&otes"));
    auto* detail = new QWidget(this);
    detail->setObjectName(QStringLiteral("trainingDetail"));
    auto* detailColumn = new QVBoxLayout(detail);
    detailColumn->setContentsMargins(0, 0, 0, 0);
    detailColumn->setSpacing(0);
    detailColumn->addWidget(m_status);
    detailColumn->addWidget(m_tabs, 1);
    m_splitter = new QSplitter(this);
    m_splitter->setObjectName(QStringLiteral("trainingSplitter"));
    m_splitter->addWidget(left);
    m_splitter->addWidget(detail);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({270, 700});
    m_splitter->setChildrenCollapsible(false);

    m_stack = new QStackedWidget(this);
    m_stack->setObjectName(QStringLiteral("trainingStack"));
    m_stack->addWidget(new EmptyState(
        QStringLiteral("trainingEmpty"), tr("Train a model of your own"),
        tr("A run trains a model on folders of images. It works in the background; curves, samples and "
           "checkpoints appear here, and it can be paused and resumed."),
        {m_actions->newRun()}, this));
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_newRun);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_stack, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("trainingNotices"),
                                   {m_notice, m_curves->panel(0)->notice(), m_curves->panel(1)->notice()},
                                   this));
}

void TrainingPage::connectService() {
    TrainingService& training = m_services.training();
    connect(&training, &TrainingService::runsChanged, this, &TrainingPage::runsChanged);
    connect(&training, &TrainingService::newsArrived, this,
            [this](const RunNewsPtr& news) { newsArrived(*news); });
    connect(&training, &TrainingService::runCreated, this, [this](const QString& folder) {
        m_wanted = toPath(folder);
        showRuns();
    });
    connect(&training, &TrainingService::failed, this,
            [this](const QString& message) { m_notice->showNotice(NoticeBar::Kind::Problem, message); });
    connect(&training, &TrainingService::modelExported, this, [this](const QString& name, models::Kind kind) {
        const bool examines = examine::canDetect(kind);
        m_exported = examines ? name.toStdString() : std::string();
        m_services.refreshCatalogue();
        m_notice->showNotice(NoticeBar::Kind::Information, installedText(name, kind), {},
                             examines ? m_chooseModels : nullptr);
    });
    connect(&m_services, &Services::catalogueChanged, this, [this] {
        if (!m_exported.empty() && m_services.model(m_exported))
            m_services.modelChoice().setChosen(std::exchange(m_exported, {}), true);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TrainingPage::selectionChanged);
    connect(m_notes, &NotesPanel::edited, this, [this](const training::RunNotes& notes) {
        if (!m_currentFolder.empty()) m_services.training().setNotes(m_currentFolder, notes);
    });
    connect(m_newRun, &NewRunPanel::startWanted, this, &TrainingPage::startRun);
    connect(m_newRun, &NewRunPanel::closed, this, &TrainingPage::showRuns);
    connect(m_actions, &RunActions::newRunWanted, this, &TrainingPage::showNewRun);
    connect(m_actions, &RunActions::sameOptionsWanted, this, [this](const Json& options) {
        m_newRun->setOptions(options);
        showNewRun();
    });
}

void TrainingPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_services.training().start();
}

void TrainingPage::showTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

void TrainingPage::showNewRun() {
    m_stack->setCurrentWidget(m_newRun);
    updateControls();
}

void TrainingPage::showRuns() {
    m_stack->setCurrentIndex(m_model->rowCount() > 0 || !m_wanted.empty() ? 1 : 0);
    updateControls();
}

void TrainingPage::startRun(const Json& options, const training::RunNotes& notes) {
    m_services.training().create(options, notes);
}

const RunEntry* TrainingPage::current() const {
    return m_services.training().run(m_currentFolder);
}

void TrainingPage::runsChanged() {
    m_model->setRuns(m_services.training().runs());
    if (!m_wanted.empty() && m_model->rowOf(m_wanted) >= 0) {
        m_table->selectRow(m_model->rowOf(m_wanted));
        m_wanted.clear();
    } else if (!m_table->selectionModel()->hasSelection() && m_model->rowCount() > 0) {
        m_table->selectRow(0);
    }
    if (m_stack->currentWidget() != m_newRun) showRuns();
    m_actions->offerWaiting();
    selectionChanged();
}

void TrainingPage::selectionChanged() {
    std::vector<fs::path> selected;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        if (selected.size() < kMostOverlaid) selected.push_back(m_model->run(index.row())->folder);
    }
    const RunEntry* at = m_model->run(m_table->currentIndex().row());
    const bool among = at && std::find(selected.begin(), selected.end(), at->folder) != selected.end();
    const fs::path chosen = among ? at->folder : selected.empty() ? fs::path() : selected.front();
    if (chosen != m_currentFolder) {
        m_notes->commit();
        m_currentFolder = chosen;
        const RunEntry* entry = m_services.training().run(chosen);
        m_samples->setRun(chosen, entry ? entry->record : training::RunRecord());
        m_log->clear();
        m_checkpoints->setRun(chosen);
        m_followed.clear();  // read again from the beginning: log and samples are of one run
    }
    if (selected != m_followed) {
        m_followed = selected;
        updateCurves();
        m_services.training().follow({});
        m_services.training().follow(selected);
        m_parameters->setRuns(parametersOf(selected));
    } else {
        updateCurves();
    }
    const RunEntry* run = current();
    if (run) m_checkpoints->refresh(*run);
    m_notes->show(run);
    m_status->show(run);
    updateControls();
}

std::vector<ParameterModel::Run> TrainingPage::parametersOf(const std::vector<fs::path>& folders) const {
    std::vector<ParameterModel::Run> runs;
    for (const auto& folder : folders) {
        if (const RunEntry* run = m_services.training().run(folder))
            runs.push_back(
                {runName(*run), run->record.options.is_object() ? run->record.options : Json::object()});
    }
    return runs;
}

void TrainingPage::updateCurves() {
    ParameterModel parameters;
    parameters.setRuns(parametersOf(m_followed));
    const QStringList differences = parameters.differences();
    std::vector<CurvesView::Run> runs;
    for (const auto& folder : m_followed) {
        const RunEntry* run = m_services.training().run(folder);
        if (!run) continue;
        const QString differs = differences.value(static_cast<qsizetype>(runs.size()));
        const QString name =
            differs.isEmpty() ? runName(*run) : QStringLiteral("%1: %2").arg(runName(*run), differs);
        runs.push_back({folder, name, run->record.bestStep, metricsOf(run->record)});
    }
    m_curves->setRuns(runs);
}

void TrainingPage::newsArrived(const training::RunNews& news) {
    m_curves->add(news);
    if (news.folder != m_currentFolder) return;
    m_samples->add(news);
    if (news.logRestarted) m_log->clear();
    for (const auto& line : news.log) m_log->appendPlainText(toText(line));
    m_status->show(current());
}

QList<QAction*> TrainingPage::menuActions(Menu menu) const {
    return menu == Menu::Work ? m_actions->inMenu() : QList<QAction*>();
}

Page::StillRuns TrainingPage::finish() {
    TrainingService& training = m_services.training();
    if (training.isIdle()) return StillRuns::Nothing;
    m_notice->showNotice(NoticeBar::Kind::Information,
                         tr("Finishing the checkpoint. The window closes when it is written."));
    training.finishAll();
    return StillRuns::Visibly;
}

void TrainingPage::updateControls() {
    m_actions->setRun(m_stack->currentWidget() == m_newRun ? nullptr : current());
}

void TrainingPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("training/splitter"), m_splitter->saveState());
    settings.setValue(QStringLiteral("training/columns"), m_table->horizontalHeader()->saveState());
    settings.setValue(QStringLiteral("training/tab"), m_tabs->currentIndex());
    m_newRun->saveSettings(settings);
    m_curves->saveSettings(settings);
}

void TrainingPage::restoreSettings(const QSettings& settings) {
    m_splitter->restoreState(settings.value(QStringLiteral("training/splitter")).toByteArray());
    m_table->horizontalHeader()->restoreState(
        settings.value(QStringLiteral("training/columns")).toByteArray());
    m_tabs->setCurrentIndex(
        std::clamp(settings.value(QStringLiteral("training/tab"), 0).toInt(), 0, m_tabs->count() - 1));
    m_newRun->restoreSettings(settings);
    m_curves->restoreSettings(settings);
}

}  // namespace signet::ui
