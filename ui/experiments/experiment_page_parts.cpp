// What the Experiments page is made of: actions and layout.
#include <QAction>
#include <QComboBox>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/experiments/experiment_page.h"
#include "ui/experiments/text_table_model.h"
#include "ui/intake/empty_state.h"
#include "ui/page/page_requests.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kHowHeight = 84;  ///< px, of what is said of one row

}  // namespace

ExperimentPage::ExperimentPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("experiments"), QStringLiteral("experiments"), tr("Experiments"), Qt::Key_8}),
      m_service(services.experiments()),
      m_notice(new NoticeBar(QStringLiteral("experimentsNotice"), this)),
      m_listModel(new TextTableModel({tr("Id"), tr("Title"), tr("Rows"), tr("Source")}, this)),
      m_resultModel(new TextTableModel({}, this)),
      m_probeModel(new TextTableModel(
          {tr("Training for"), tr("Seconds a step"), tr("Memory"), tr("Steps"), tr("Whole training")}, this)),
      m_failureModel(new TextTableModel({tr("Row"), tr("Reason")}, this)) {
    setObjectName(QStringLiteral("experimentsPage"));
    makeActions();
    m_list = makeTable("experimentList", tr("Tables and figures of the papers"), m_listModel);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setMinimumWidth(240);
    m_list->setEmptyText(tr("Reading the experiments …"));
    const int widths[] = {52, 170, 62, 110};
    for (int i = 0; i < m_listModel->columnCount(); ++i) m_list->setColumnWidth(i, widths[i]);
    m_progress = new ElidedLabel(QStringLiteral("experimentProgress"), this);
    keepRoom(m_progress, 1);
    m_splitter = new QSplitter(this);
    m_splitter->setObjectName(QStringLiteral("experimentsSplitter"));
    QWidget* bar = makeBar();
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(makeRight());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    auto* progress = new QHBoxLayout;
    progress->setContentsMargins(kGrid, 0, kGrid, 4);
    progress->addWidget(m_progress, 1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(bar);
    all->addLayout(progress);
    all->addWidget(m_splitter, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("experimentsNotices"), {m_notice}, this));
    connectService();
    connect(&m_service, &ExperimentService::becameIdle, &requests, &PageRequests::finished);
    showWhatFits();
}

void ExperimentPage::makeActions() {
    m_run =
        makeAction(this, "experimentRunAction", "start", tr("&Run"), QKeySequence(Qt::CTRL | Qt::Key_Return),
                   tr("Train what the table needs and is not there yet, and measure its rows"),
                   [this] { start(false); });
    m_probe = makeAction(
        this, "experimentProbeAction", "waiting", tr("&Probe"), QKeySequence(Qt::CTRL | Qt::Key_P),
        tr("Try 10 steps of each training, and say how long a run takes"), [this] { start(true); });
    m_stop = makeAction(this, "experimentStopAction", "stop", tr("&Stop"), QKeySequence(Qt::Key_Escape),
                        tr("Stop after the step; what is done is kept, and a second run goes on there"),
                        [this] { stop(); });
    m_export =
        makeAction(this, "experimentExportAction", "save", tr("&Export…"), QKeySequence(Qt::CTRL | Qt::Key_E),
                   tr("Write the table as CSV or as a page"), [this] { exportTable(); });
    m_data = makeAction(
        this, "experimentDataAction", "open", tr("Choose &pictures…"), QKeySequence(Qt::CTRL | Qt::Key_D),
        tr("Choose the folder of pictures that everything learns from"), [this] { chooseData(); });
}

QList<QAction*> ExperimentPage::menuActions(Menu menu) const {
    switch (menu) {
        case Menu::Work:
            return {m_run, m_probe, m_stop, m_data, m_export};
        case Menu::File:
        case Menu::Edit:
        case Menu::View:
        case Menu::Docks:
            break;
    }
    return {};
}

QWidget* ExperimentPage::makeBar() {
    m_presets = new QComboBox(this);
    m_presets->setObjectName(QStringLiteral("experimentPreset"));
    m_presets->setAccessibleName(tr("Preset"));
    m_presets->setToolTip(
        tr("Sizes of all experiments: paper, as the papers have them; cpu, what a machine "
           "without a GPU has time for"));
    m_presets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_presets->setMinimumContentsLength(6);
    m_dataLabel = new ElidedLabel(QStringLiteral("experimentData"), this);
    auto* bar = new QWidget(this);
    bar->setObjectName(QStringLiteral("experimentBar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setSpacing(4);
    row->addWidget(
        makeActionButton(QStringLiteral("experimentRunButton"), m_run, this, Qt::ToolButtonTextBesideIcon));
    row->addWidget(makeActionButton(QStringLiteral("experimentProbeButton"), m_probe, this));
    row->addWidget(makeActionButton(QStringLiteral("experimentStopButton"), m_stop, this));
    row->addWidget(makeActionButton(QStringLiteral("experimentExportButton"), m_export, this));
    row->addSpacing(kGrid);
    row->addWidget(makeLabel(QStringLiteral("experimentPresetLabel"), tr("Preset"), this));
    row->addWidget(m_presets);
    row->addSpacing(kGrid);
    row->addWidget(makeLabel(QStringLiteral("experimentDataName"), tr("Pictures"), this));
    row->addWidget(m_dataLabel, 1);
    row->addWidget(makeActionButton(QStringLiteral("experimentDataButton"), m_data, this));
    return bar;
}

CopyTableView* ExperimentPage::makeTable(const char* objectName, const QString& name, TextTableModel* model) {
    auto* table = new CopyTableView(this);
    table->setObjectName(QLatin1String(objectName));
    table->setAccessibleName(name);
    table->setModel(model);
    return table;
}

QWidget* ExperimentPage::makeResults() {
    m_results = makeTable("experimentResults", tr("Results, the paper's beside ours"), m_resultModel);
    m_results->setMinimumSize(200, 60);
    m_how = makeLabel(QStringLiteral("experimentHow"), {}, this, true);
    m_how->setWordWrap(true);
    m_how->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_how->setContentsMargins(kGrid, 4, kGrid, 4);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("experimentHowScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_how);
    scroll->setFixedHeight(kHowHeight);
    auto* filled = new QWidget(this);
    filled->setObjectName(QStringLiteral("experimentFilled"));
    auto* column = new QVBoxLayout(filled);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_results, 1);
    column->addWidget(scroll);
    m_resultStack = new QStackedWidget(this);
    m_resultStack->setObjectName(QStringLiteral("experimentResultStack"));
    m_resultStack->addWidget(filled);
    m_resultStack->addWidget(new EmptyState(
        QStringLiteral("experimentNone"), tr("No results yet"),
        tr("Run trains what this table needs on pictures that you choose, measures its rows and puts the "
           "paper's numbers beside them. That may take hours, or days without a GPU: Probe says how long. "
           "What is done when you stop is kept."),
        {m_run, m_probe}, this));
    connect(m_results->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ExperimentPage::showChosenRow);
    return m_resultStack;
}

QWidget* ExperimentPage::makeProbe() {
    auto* panel = new QWidget(this);
    panel->setObjectName(QStringLiteral("experimentProbePanel"));
    CopyTableView* table = makeTable("experimentProbes", tr("What each training takes"), m_probeModel);
    table->setEmptyText(
        tr("Probe tries 10 steps of each training that the chosen experiment needs, and says "
           "how long a run takes. Nothing of it is kept."));
    table->setColumnWidth(0, 140);
    m_sum = makeLabel(QStringLiteral("experimentSum"), {}, this, true);
    m_sum->setWordWrap(true);
    m_sum->setContentsMargins(kGrid, 4, kGrid, 4);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(table, 1);
    column->addWidget(m_sum);
    return panel;
}

QWidget* ExperimentPage::makeRight() {
    m_title = makeHeading(QStringLiteral("experimentTitle"), {}, this);
    m_title->setWordWrap(true);
    m_note = makeNote(QStringLiteral("experimentNote"), {}, this);
    m_origin = makeNote(QStringLiteral("experimentOrigin"), {}, this);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("experimentTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeResults(), tr("Results"));
    m_tabs->addTab(makeProbe(), tr("Probe"));
    CopyTableView* failures =
        makeTable("experimentFailures", tr("Rows that failed, and why"), m_failureModel);
    failures->setEmptyText(tr("No row of the last run failed."));
    failures->setColumnWidth(0, 180);
    m_tabs->addTab(failures, tr("Failures"));
    auto* right = new QWidget(this);
    right->setObjectName(QStringLiteral("experimentsRight"));
    right->setMinimumWidth(300);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(kGrid, 4, kGrid, 4);
    head->setSpacing(2);
    head->addWidget(m_title);
    head->addWidget(m_note);
    head->addWidget(m_origin);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_tabs, 1);
    return right;
}

}  // namespace signet::ui
