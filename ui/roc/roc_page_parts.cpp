// What the ROC page is made of: actions and layout.
#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QUndoStack>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/intake/empty_state.h"
#include "ui/intake/file_dialogs.h"
#include "ui/page/page_requests.h"
#include "ui/plot/roc_plot.h"
#include "ui/plot/score_histogram.h"
#include "ui/plot/series_colours.h"
#include "ui/roc/measure_panel.h"
#include "ui/roc/operating_panel.h"
#include "ui/roc/roc_page.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr QSize kSign(22, 12);

}  // namespace

RocPage::RocPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("roc"), QStringLiteral("roc"), tr("ROC"), Qt::Key_6}),
      m_services(services),
      m_requests(requests),
      m_model(new DetectorModel(this)),
      m_table(new CopyTableView(this)),
      m_notice(new NoticeBar(QStringLiteral("rocNotice"), this)),
      m_stack(new QStackedWidget(this)),
      m_splitter(new QSplitter(this)),
      m_plots(new QSplitter(Qt::Vertical, this)),
      m_measure(new MeasurePanel(this)),
      m_plot(new RocPlot(this)),
      m_histogram(new ScoreHistogram(this)),
      m_operating(new OperatingPanel(this)),
      m_undo(new QUndoStack(this)) {
    setObjectName(QStringLiteral("rocPage"));
    makeActions();
    m_model->setSigns([this](int slot) { return signOf(slot); });
    m_splitter->setObjectName(QStringLiteral("rocSplitter"));
    m_splitter->addWidget(makeLeft());
    m_splitter->addWidget(makeMiddle());
    m_splitter->addWidget(makeRight());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setStretchFactor(2, 0);
    m_splitter->setSizes({318, 400, 272});
    m_stack->setObjectName(QStringLiteral("rocStack"));
    m_stack->addWidget(
        new EmptyState(QStringLiteral("rocEmpty"), tr("How well are images told apart?"),
                       tr("Measure models on two folders of images, as of signed and of unsigned ones, or "
                          "open a file of scores and "
                          "labels from any detector. The ROC curve shows what each threshold finds and how "
                          "often it is wrong, "
                          "with confidence bands. Folders and score files can be dropped here."),
                       {m_measureAction, m_open}, this));
    m_stack->addWidget(m_splitter);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_stack, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("rocNotices"), {m_notice}, this));
    connectService();
    showCurrent();
}

RocPage::~RocPage() {
    m_undo->disconnect(this);  // it clears itself when it goes, after what would be shown has gone
}

void RocPage::makeActions() {
    m_open =
        makeAction(this, "rocOpenAction", "open", tr("&Open score file…"), QKeySequence(Qt::CTRL | Qt::Key_O),
                   tr("Read scores with labels from a file"), [this] {
                       FileDialogs::openFile(this, tr("Open score file"), m_lastFile,
                                             tr("Score files (*.csv *.tsv *.txt);;All files (*)"),
                                             [this](const QStringList& names) {
                                                 if (names.isEmpty()) return;
                                                 m_lastFile = names.front();
                                                 openFile(toPath(names.front()));
                                             });
                   });
    m_measureAction = makeAction(this, "rocMeasureAction", "start", tr("&Measure folders…"),
                                 QKeySequence(Qt::CTRL | Qt::Key_M),
                                 tr("Measure models on two folders, as of signed and of unsigned images"),
                                 [this] { showMeasurePanel(true); });
    m_stopAction = makeAction(
        this, "rocStopAction", "stop", tr("&Stop measuring"), QKeySequence(Qt::Key_Escape),
        tr("Stop the measurement; what was measured is kept"), [this] { m_services.roc().stop(); });
    m_remove = makeAction(this, "rocRemoveAction", "remove", tr("&Remove detector"), QKeySequence::Delete,
                          tr("Remove the selected detectors from the list; files are not touched"),
                          [this] { removeSelected(); });
    m_undoAction = m_undo->createUndoAction(this, tr("&Undo"));
    m_undoAction->setObjectName(QStringLiteral("rocUndoAction"));
    m_undoAction->setIcon(themedIcon(QStringLiteral("undo")));
    m_undoAction->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    m_redoAction = m_undo->createRedoAction(this, tr("R&edo"));
    m_redoAction->setObjectName(QStringLiteral("rocRedoAction"));
    m_redoAction->setIcon(themedIcon(QStringLiteral("redo")));
    m_redoAction->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    connect(m_undo, &QUndoStack::indexChanged, this, [this] {
        showList();
        if (!current() && m_model->rowCount() > 0) m_table->selectRow(0);
        showCurrent();
    });
    const auto toggle = [this](const char* name, const QString& text, const QKeySequence& keys,
                               const QString& help, bool on) {
        auto* action = new QAction(text, this);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setChecked(on);
        action->setShortcut(keys);
        describeAction(action, help);
        return action;
    };
    m_logAction = toggle("rocLogAction", tr("&log FPR"), QKeySequence(Qt::CTRL | Qt::Key_L),
                         tr("Logarithmic false positive axis"), false);
    m_bandsAction = toggle("rocBandsAction", tr("&bands"), QKeySequence(Qt::CTRL | Qt::Key_B),
                           tr("95 % confidence bands, pointwise"), true);
    connect(m_logAction, &QAction::toggled, m_plot, &RocPlot::setLogFpr);
    connect(m_bandsAction, &QAction::toggled, m_plot, &RocPlot::setBandsVisible);
    m_exportAction = new QAction(themedIcon(QStringLiteral("save")), tr("Export"), this);
    m_exportAction->setObjectName(QStringLiteral("rocExportAction"));
    describeAction(m_exportAction, tr("Write the curves that are shown to a file"));
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("rocExportMenu"));
    const std::tuple<const char*, QString, Export> formats[] = {
        {"rocExport-png", tr("Curves as picture (PNG)…"), Export::Png},
        {"rocExport-pdf", tr("Curves as PDF…"), Export::Pdf},
        {"rocExport-csv", tr("Curves as text (CSV)…"), Export::Curves},
        {"rocExport-scores", tr("Scores as text (CSV)…"), Export::Scores}};
    for (const auto& [name, text, what] : formats) {
        QAction* action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, this, [this, what = what] { exportAs(what); });
    }
    m_exportAction->setMenu(menu);
}

QList<QAction*> RocPage::menuActions(Menu menu) const {
    switch (menu) {
        case Menu::File:
            return {m_open, m_measureAction};
        case Menu::Edit:
            return {m_remove, m_undoAction, m_redoAction};
        case Menu::Work:
            return {m_stopAction};
        case Menu::View:
            return {m_logAction, m_bandsAction};
        case Menu::Docks:
            break;
    }
    return {};
}

QWidget* RocPage::makeLeft() {
    m_table->setObjectName(QStringLiteral("detectorTable"));
    m_table->setAccessibleName(tr("Detectors; the check box shows or hides a curve"));
    m_table->setModel(m_model);
    m_table->setIconSize(kSign);
    const int widths[] = {170, 142, 56, 68};
    for (int i = 0; i < DetectorModel::ColumnCount; ++i) m_table->setColumnWidth(i, widths[i]);
    m_table->setMinimumWidth(200);
    auto* left = new QWidget(this);
    left->setObjectName(QStringLiteral("rocLeft"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    bar->addWidget(makeActionButton(QStringLiteral("rocMeasureButton"), m_measureAction, this));
    bar->addWidget(makeActionButton(QStringLiteral("rocOpenButton"), m_open, this));
    bar->addWidget(makeActionButton(QStringLiteral("rocRemoveButton"), m_remove, this));
    bar->addWidget(makeActionButton(QStringLiteral("rocUndoButton"), m_undoAction, this));
    bar->addStretch(1);
    QToolButton* help = makeLinkButton(QStringLiteral("rocHelpButton"), tr("How it is measured"), this);
    help->setAccessibleName(tr("How the curves and bands are made"));
    connect(help, &QToolButton::clicked, this, [this] { Q_EMIT m_requests.method(QStringLiteral("roc")); });
    bar->addWidget(help);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_table, 1);
    column->addWidget(m_measure);
    return left;
}

QWidget* RocPage::makeMiddle() {
    auto* middle = new QWidget(this);
    middle->setObjectName(QStringLiteral("rocMiddle"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(4);
    for (QAction* action : {m_logAction, m_bandsAction}) {
        QString name = action->objectName();
        QToolButton* button = makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")),
                                               action, this, Qt::ToolButtonTextOnly);
        button->setProperty("role", "toggle");
        bar->addWidget(button);
    }
    bar->addStretch(1);
    QToolButton* exporting = makeActionButton(QStringLiteral("rocExportButton"), m_exportAction, this);
    exporting->setPopupMode(QToolButton::InstantPopup);
    bar->addWidget(exporting);
    m_plot->setObjectName(QStringLiteral("rocPlot"));
    m_histogram->setObjectName(QStringLiteral("scoreHistogram"));
    m_plots->setObjectName(QStringLiteral("rocPlots"));
    m_plots->addWidget(m_plot);
    m_plots->addWidget(m_histogram);
    m_plots->setChildrenCollapsible(false);
    m_plots->setStretchFactor(0, 3);
    m_plots->setStretchFactor(1, 1);
    m_plots->setSizes({420, 180});
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_plots, 1);
    return middle;
}

QWidget* RocPage::makeRight() {
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("rocRight"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_operating);
    scroll->setMinimumWidth(m_operating->minimumSizeHint().width() + 14);
    return scroll;
}

QIcon RocPage::signOf(int slot) const {
    const qreal ratio = devicePixelRatioF();
    const auto line = [&](const QColor& colour) {
        QPixmap picture(kSign * ratio);
        picture.setDevicePixelRatio(ratio);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(colour, 2.4, seriesPenStyle(slot), Qt::FlatCap));
        painter.drawLine(QPointF(0, kSign.height() / 2.0), QPointF(kSign.width(), kSign.height() / 2.0));
        return picture;
    };
    QIcon sign(line(seriesColour(slot).on(isDark())));
    sign.addPixmap(line(palette().color(QPalette::HighlightedText)),
                   QIcon::Selected);  // seen on the selection
    return sign;
}

}  // namespace signet::ui
