#include "ui/training/training_page.h"

#include <QAction>
#include <QCheckBox>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/inspect/empty_state.h"
#include "ui/itemmodels/checkpoint_model.h"
#include "ui/itemmodels/parameter_model.h"
#include "ui/itemmodels/run_list_model.h"
#include "ui/plot/series_colours.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"
#include "ui/training/curves_view.h"
#include "ui/training/new_run_panel.h"
#include "ui/training/run_status.h"
#include "ui/training/sample_panel.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr int kLogLines = 20'000;
constexpr std::size_t kMostOverlaid = kSeriesColours;

/// Name and moment, e.g. "code32 20261124-193000"; with a number where two runs began in one second.
QString runName(const RunEntry& run) {
    const QString name = toText(run.record.name);
    return QStringLiteral("%1 %2").arg(name, fromPath(run.folder.filename()).remove(QLatin1Char('-') + name));
}

}  // namespace

TrainingPage::TrainingPage(Services& services, QWidget* parent)
    : QWidget(parent),
      m_services(services),
      m_model(new RunListModel(this)),
      m_table(new CopyTableView(this)),
      m_notice(new NoticeBar(QStringLiteral("trainingNotice"), this)),
      m_status(new RunStatus(this)),
      m_newRun(new NewRunPanel(services, this)),
      m_curves(new CurvesView(this)),
      m_samples(new SamplePanel(services.training(), this)),
      m_checkpoints(new CheckpointModel(this)),
      m_parameters(new ParameterModel(this)),
      m_log(new QPlainTextEdit(this)) {
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
    makeActions();
    makeLayout();
    connectService();
    updateControls();
}

void TrainingPage::makeActions() {
    const auto add = [this](const char* name, const char* icon, const QString& text, const QKeySequence& keys,
                            const QString& help, auto slot) {
        m_workActions << makeAction(this, name, icon, text, keys, help, slot);
        return m_workActions.back();
    };
    TrainingService& training = m_services.training();
    m_newAction = add("newRunAction", "new", tr("&New run"), QKeySequence::New,
                      tr("Set up a new training run"), [this] { showNewRun(); });
    m_pauseAction =
        add("pauseRunAction", "pause", tr("&Pause"), QKeySequence(Qt::CTRL | Qt::Key_P),
            tr("Hold the run after its step, with a checkpoint, or let it go on"), [this, &training] {
                const RunEntry* run = current();
                if (!run) return;
                if (run->job && run->job->state == jobs::JobState::Running)
                    training.pause(run->folder);
                else
                    training.resume(run->folder);
            });
    const auto end = [this, &training](jobs::Ending ending) {
        if (const RunEntry* run = current()) training.stop(run->folder, ending);
    };
    m_finishAction =
        add("finishRunAction", "finish", tr("&Finish now"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
            tr("End here as if this were the last step: validate and make a model"),
            [end] { end(jobs::Ending::FinishNow); });
    m_stopAction = add("stopRunAction", "stop", tr("&Stop and keep the checkpoint"),
                       QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
                       tr("End with a checkpoint, to go on some other time"),
                       [end] { end(jobs::Ending::KeepCheckpoint); });
    m_discardAction = add("discardRunAction", "remove", tr("&Discard"), QKeySequence::Delete,
                          tr("End the run and remove all of it"), [this] { askDiscard(); });
    m_againAction = add("repeatRunAction", "again", tr("New run with these &options"),
                        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N),
                        tr("Set up a new run that begins with the options of this one"), [this] {
                            if (const RunEntry* run = current(); run && run->record.options.is_object()) {
                                m_newRun->setOptions(run->record.options);
                                showNewRun();
                            }
                        });
    m_startWaitingAction = new QAction(tr("Start them"), this);
    m_startWaitingAction->setObjectName(QStringLiteral("startWaitingAction"));
    connect(m_startWaitingAction, &QAction::triggered, this, [this, &training] {
        m_notice->hide();
        training.enqueueWaiting();
    });
    m_discardForGoodAction = new QAction(tr("Remove it"), this);
    m_discardForGoodAction->setObjectName(QStringLiteral("discardForGoodAction"));
    connect(m_discardForGoodAction, &QAction::triggered, this, [this, &training] {
        m_notice->hide();
        training.stop(m_doomed, jobs::Ending::Discard);
    });
}

void TrainingPage::makeLayout() {
    auto* left = new QWidget(this);
    left->setObjectName(QStringLiteral("trainingLeft"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    for (QAction* action :
         {m_newAction, m_pauseAction, m_finishAction, m_stopAction, m_againAction, m_discardAction}) {
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
    m_tabs->addTab(makeCheckpointTab(), tr("Chec&kpoints"));
    m_tabs->addTab(makeParameterTab(), tr("Pa&rameters"));
    m_tabs->addTab(m_log, tr("&Log"));
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
        QStringLiteral("trainingEmpty"), tr("Train a signature of your own"),
        tr("A run trains an injector and a detector on a folder of photographs. It works in the background; "
           "curves, samples and checkpoints appear here, and it can be paused and resumed."),
        {m_newAction}, this));
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_newRun);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_notice);
    all->addWidget(m_stack, 1);
}

QWidget* TrainingPage::makeCheckpointTab() {
    auto* tab = new QWidget(this);
    tab->setObjectName(QStringLiteral("checkpointTab"));
    m_checkpointTable = new CopyTableView(tab);
    m_checkpointTable->setObjectName(QStringLiteral("checkpointTable"));
    m_checkpointTable->setAccessibleName(tr("Checkpoints of the run"));
    m_checkpointTable->setModel(m_checkpoints);
    m_checkpointTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_useButton = new QPushButton(themedIcon(QStringLiteral("inspect")), tr("&Use in examinations"), tab);
    m_useButton->setObjectName(QStringLiteral("useCheckpointButton"));
    m_useButton->setAccessibleName(tr("Use the checkpoint in examinations"));
    m_useButton->setToolTip(
        tr("Makes a model of this checkpoint; it is not validated and has no calibration yet"));
    connect(m_useButton, &QPushButton::clicked, this, &TrainingPage::useCheckpoint);
    connect(m_checkpointTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TrainingPage::updateControls);
    connect(m_checkpoints, &QAbstractItemModel::modelReset, this, [this] {
        for (int column = 0; column < m_checkpoints->columnCount(); ++column)
            m_checkpointTable->resizeColumnToContents(column);
        if (m_checkpoints->rowCount() > 0) m_checkpointTable->selectRow(0);
        updateControls();
    });
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, kGrid, 12, kGrid);
    bar->addWidget(
        makeNote(QStringLiteral("checkpointNote"),
                 tr("Each holds the whole state of the run. The numbers are the newest of each curve when "
                    "it was written."),
                 tab),
        1);
    bar->addWidget(m_useButton);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_checkpointTable, 1);
    column->addLayout(bar);
    return tab;
}

QWidget* TrainingPage::makeParameterTab() {
    auto* tab = new QWidget(this);
    tab->setObjectName(QStringLiteral("parameterTab"));
    auto* table = new CopyTableView(tab);
    table->setObjectName(QStringLiteral("parameterTable"));
    table->setAccessibleName(tr("Options of the selected runs"));
    table->setModel(m_parameters);
    auto* only = new QCheckBox(tr("Only what &differs between the selected runs"), tab);
    only->setObjectName(QStringLiteral("onlyDiffering"));
    only->setAccessibleName(tr("Only what differs between the selected runs"));
    only->setChecked(true);
    connect(only, &QCheckBox::toggled, m_parameters, &ParameterModel::setOnlyDiffering);
    connect(m_parameters, &QAbstractItemModel::modelReset, table, [table, this] {
        for (int column = 0; column < m_parameters->columnCount(); ++column)
            table->setColumnWidth(column, 180);
    });
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, kGrid, 12, kGrid);
    bar->addWidget(only);
    column->addLayout(bar);
    column->addWidget(table, 1);
    return tab;
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
    connect(&training, &TrainingService::checkpointsReady, this,
            [this](const QString& folder, const std::vector<training::CheckpointFile>& list) {
                if (toPath(folder) == m_currentFolder) m_checkpoints->setCheckpoints(list);
            });
    connect(&training, &TrainingService::modelExported, this, [this](const QString& name) {
        m_services.refreshCatalogue();
        m_notice->showNotice(
            NoticeBar::Kind::Information,
            tr("The model “%1” is installed. It is not validated: choose it by name in examinations, and "
               "calibrate it with “signet evaluate %1 --calibrate”.")
                .arg(name));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TrainingPage::selectionChanged);
    connect(m_newRun, &NewRunPanel::startWanted, this, &TrainingPage::startRun);
    connect(m_newRun, &NewRunPanel::closed, this, &TrainingPage::showRuns);
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

void TrainingPage::startRun(const Json& options) {
    m_services.training().create(options);
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
    offerWaiting();
    selectionChanged();
}

void TrainingPage::offerWaiting() {
    if (m_waitingOffered) return;
    m_waitingOffered = true;
    if (const int waiting = m_services.training().waitingOfEarlierSessions(); waiting > 0)
        m_notice->showNotice(NoticeBar::Kind::Information,
                             tr("%1 waiting since the program was closed.").arg(countText(waiting, "run")),
                             {}, m_startWaitingAction);
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
        m_currentFolder = chosen;
        m_samples->setRun(chosen);
        m_log->clear();
        m_checkpoints->setCheckpoints({});
        m_checkpointsAt = ~0ull;
        m_followed.clear();  // read again from the beginning: log and samples are of one run
    }
    if (selected != m_followed) {
        m_followed = selected;
        updateCurves();
        m_services.training().follow({});
        m_services.training().follow(selected);
        std::vector<ParameterModel::Run> runs;
        for (const auto& folder : selected) {
            if (const RunEntry* run = m_services.training().run(folder))
                runs.push_back({runName(*run), run->record.options});
        }
        m_parameters->setRuns(runs);
    } else {
        updateCurves();
    }
    const RunEntry* run = current();
    if (run && run->record.step != m_checkpointsAt) {
        m_checkpointsAt = run->record.step;
        m_services.training().requestCheckpoints(run->folder);
    }
    m_status->show(run);
    updateControls();
}

void TrainingPage::updateCurves() {
    std::vector<CurvesView::Run> runs;
    for (const auto& folder : m_followed) {
        if (const RunEntry* run = m_services.training().run(folder))
            runs.push_back({folder, runName(*run), run->record.bestStep});
    }
    m_curves->setRuns(runs);
}

void TrainingPage::newsArrived(const training::RunNews& news) {
    m_curves->add(news);
    if (news.folder != m_currentFolder) return;
    if (news.samplesRestarted) m_samples->clearSamples();
    m_samples->add(news.samples);
    if (news.logRestarted) m_log->clear();
    for (const auto& line : news.log) m_log->appendPlainText(toText(line));
    m_status->show(current());
}

void TrainingPage::useCheckpoint() {
    const auto* checkpoint = m_checkpoints->checkpoint(m_checkpointTable->currentIndex().row());
    const RunEntry* run = current();
    if (!checkpoint || !run) return;
    m_services.training().exportModel(run->folder, checkpoint->file,
                                      run->record.name + "-" + std::to_string(checkpoint->step));
}

void TrainingPage::askDiscard() {
    const RunEntry* run = current();
    if (!run) return;
    m_doomed = run->folder;
    m_notice->showNotice(
        NoticeBar::Kind::Problem,
        tr("Remove the run “%1” with its curves, samples and checkpoints? This cannot be undone.")
            .arg(runName(*run)),
        fromPath(run->folder), m_discardForGoodAction);
}

void TrainingPage::sayFinishing() {
    m_notice->showNotice(NoticeBar::Kind::Information,
                         tr("Finishing the checkpoint. The window closes when it is written."));
}

void TrainingPage::updateControls() {
    const RunEntry* run = m_stack->currentWidget() == m_newRun ? nullptr : current();
    using jobs::JobState;
    const auto state = run && run->job ? std::optional(run->job->state) : std::nullopt;
    const bool running = state == JobState::Running;
    const bool held = state == JobState::Paused || state == JobState::Pausing;
    const bool resumable = run && run->canResume();
    const bool waits = resumable && run->record.state == training::RunState::Queued;
    m_pauseAction->setText(held || (resumable && !waits) ? tr("&Resume")
                           : waits                       ? tr("&Start")
                                                         : tr("&Pause"));
    m_pauseAction->setIcon(themedIcon(running || !run ? QStringLiteral("pause") : QStringLiteral("start")));
    m_pauseAction->setEnabled(running || held || resumable);
    m_finishAction->setEnabled(running || held);
    m_stopAction->setEnabled(running || held || state == JobState::Queued);
    m_discardAction->setEnabled(run && state != JobState::Stopping);
    m_againAction->setEnabled(run && run->problem.empty());
    m_useButton->setEnabled(m_checkpointTable && m_checkpointTable->selectionModel()->hasSelection());
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
