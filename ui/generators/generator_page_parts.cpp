// What the Generators page is made of: actions and layout.
#include <QAction>
#include <QLabel>
#include <QListView>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "ui/generators/draw_settings_panel.h"
#include "ui/generators/drawn_model.h"
#include "ui/generators/generator_page.h"
#include "ui/intake/empty_state.h"
#include "ui/itemmodels/generator_list_model.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/page/page_requests.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kCaptionLines = 5;
constexpr int kAboutHeight = 76;  ///< px, of what is said of one picture
constexpr QSize kAroundPicture(40, 16);

}  // namespace

GeneratorPage::GeneratorPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("generators"), QStringLiteral("generators"), tr("Generators"), Qt::Key_9}),
      m_services(services),
      m_requests(requests),
      m_service(services.generators()),
      m_notice(new NoticeBar(QStringLiteral("generatorsNotice"), this)),
      m_model(new GeneratorListModel(this)),
      m_drawn(new DrawnModel(this)),
      m_facts(new KeyValueModel(this)) {
    setObjectName(QStringLiteral("generatorsPage"));
    makeActions();
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("generatorTabs"));
    m_tabs->setDocumentMode(true);
    m_splitter = new QSplitter(this);
    m_splitter->setObjectName(QStringLiteral("generatorsSplitter"));
    m_splitter->addWidget(makeLeft());
    m_tabs->addTab(makePictures(), tr("Pictures"));
    m_tabs->addTab(makeAbout(), tr("About the model"));
    m_splitter->addWidget(m_tabs);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 3);
    m_stack = new QStackedWidget(this);
    m_stack->setObjectName(QStringLiteral("generatorsStack"));
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(new EmptyState(
        QStringLiteral("generatorsEmpty"), tr("No generator is installed"),
        tr("Train one on the Train page (presets adm-cats, stylegan2-cats and ldm-cats), or make a model of "
           "a "
           "published checkpoint: signet model import. A model folder belongs into the workspace's models "
           "folder."),
        {m_train}, this));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_stack, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("generatorsNotices"), {m_notice}, this));
    connectWork();
    showWhatFits();
}

void GeneratorPage::makeActions() {
    m_draw = makeAction(this, "generatorDrawAction", "start", tr("&Draw"), QKeySequence(Qt::CTRL | Qt::Key_D),
                        tr("Draw the pictures of the seed"), [this] { draw(m_settings->request()); });
    m_next = makeAction(this, "generatorNextAction", "redo", tr("&Next"), QKeySequence(Qt::CTRL | Qt::Key_N),
                        tr("Draw the pictures of the next seed"), [this] {
                            m_settings->nextSeed();
                            draw(m_settings->request());
                        });
    m_way =
        makeAction(this, "generatorWayAction", "way", tr("Draw the &way"), QKeySequence(Qt::CTRL | Qt::Key_B),
                   tr("Draw the way from one picture of the seed to another, evenly; choose the two below "
                      "with Ctrl, or name their numbers"),
                   [this] { draw(m_settings->wayRequest()); });
    m_stop = makeAction(this, "generatorStopAction", "stop", tr("&Stop"), QKeySequence(Qt::Key_Escape),
                        tr("Stop drawing and reading; the pictures that are there stay"), [this] { stop(); });
    m_secure = makeAction(this, "generatorSecureAction", "training", tr("Se&cure…"),
                          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N),
                          tr("Set up a run in which the chosen generator learns to sign all that it draws"),
                          [this] { secure(); });
    m_save = makeAction(
        this, "generatorSaveAction", "save", tr("Sa&ve pictures…"), QKeySequence(Qt::CTRL | Qt::Key_S),
        tr("Write the pictures as PNG files into a folder, none is replaced, or as one sheet"),
        [this] { save(false); });
    m_sheet = makeAction(this, "generatorSheetAction", "sheet", tr("As one s&heet"),
                         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
                         tr("What is saved or added to a case is one PNG file of all pictures, as they lie "
                            "here, that says what drew them"),
                         [this] { m_saved.clear(); });
    m_sheet->setCheckable(true);
    m_toCase = makeAction(this, "generatorToCaseAction", "cases", tr("Add to a c&ase…"),
                          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A),
                          tr("Save the pictures where they are not yet, and take them in as exhibits of the "
                             "open case, or of one you choose"),
                          [this] { toCase(); });
    m_train =
        makeAction(this, "generatorTrainAction", "training", tr("&Train a generator"), {},
                   tr("Show the Train page"), [this] { Q_EMIT m_requests.show(QStringLiteral("training")); });
}

QList<QAction*> GeneratorPage::menuActions(Menu menu) const {
    switch (menu) {
        case Menu::Work:
            return {m_draw, m_next, m_way, m_stop, m_save, m_sheet, m_toCase, m_secure};
        case Menu::File:
        case Menu::Edit:
        case Menu::View:
        case Menu::Docks:
            break;
    }
    return {};
}

QWidget* GeneratorPage::makeLeft() {
    m_list = new CopyTableView(this);
    m_list->setObjectName(QStringLiteral("generatorList"));
    m_list->setAccessibleName(tr("Installed generators and instances"));
    m_list->setModel(m_model);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEmptyText(tr("Reading the list of models …"));
    m_list->setMinimumHeight(90);
    const int widths[] = {120, 70, 62, 120};
    for (int i = 0; i < m_model->columnCount(); ++i) m_list->setColumnWidth(i, widths[i]);
    m_settings = new DrawSettingsPanel(m_next, m_services.modelChoice(), this);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("drawSettingsScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);  // its fields have it
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_settings);
    auto* left = new QWidget(this);
    left->setObjectName(QStringLiteral("generatorsLeft"));
    left->setMinimumWidth(300);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list, 2);
    column->addWidget(scroll, 3);
    return left;
}

QWidget* GeneratorPage::makeBar() {
    m_progress = new ElidedLabel(QStringLiteral("generatorProgress"), this);
    auto* bar = new QWidget(this);
    bar->setObjectName(QStringLiteral("generatorBar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setSpacing(4);
    row->addWidget(
        makeActionButton(QStringLiteral("generatorDrawButton"), m_draw, this, Qt::ToolButtonTextBesideIcon));
    row->addWidget(makeActionButton(QStringLiteral("generatorWayButton"), m_way, this));
    row->addWidget(makeActionButton(QStringLiteral("generatorStopButton"), m_stop, this));
    row->addWidget(makeActionButton(QStringLiteral("generatorSaveButton"), m_save, this));
    QToolButton* sheet = makeActionButton(QStringLiteral("generatorSheetButton"), m_sheet, this);
    sheet->setProperty("role", "toggle");
    row->addWidget(sheet);
    row->addWidget(makeActionButton(QStringLiteral("generatorToCaseButton"), m_toCase, this));
    row->addWidget(makeActionButton(QStringLiteral("generatorSecureButton"), m_secure, this,
                                    Qt::ToolButtonTextBesideIcon));
    row->addSpacing(kGrid);
    row->addWidget(m_progress, 1);
    QToolButton* help = makeLinkButton(QStringLiteral("generatorsHelpButton"), tr("What it shows"), this);
    help->setAccessibleName(tr("What drawn pictures and their answers show"));
    connect(help, &QToolButton::clicked, this,
            [this] { Q_EMIT m_requests.method(QStringLiteral("generators")); });
    row->addWidget(help);
    return bar;
}

QWidget* GeneratorPage::makeGrid() {
    m_grid = new QListView(this);
    m_grid->setObjectName(QStringLiteral("generatorGrid"));
    m_grid->setAccessibleName(tr("Drawn pictures"));
    m_grid->setModel(m_drawn);
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setUniformItemSizes(true);
    m_grid->setWordWrap(true);
    m_grid->setTextElideMode(Qt::ElideRight);
    m_grid->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_grid->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setIconSize(QSize(DrawnModel::kSide, DrawnModel::kSide));
    m_grid->setGridSize(
        QSize(DrawnModel::kSide, DrawnModel::kSide + kCaptionLines * fontMetrics().lineSpacing()) +
        kAroundPicture);
    m_grid->setMinimumSize(200, 100);
    return m_grid;
}

QWidget* GeneratorPage::makePictures() {
    m_found = makeNote(QStringLiteral("generatorFound"), {}, this);
    keepRoom(m_found, 2);
    m_found->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // names in it may be long
    m_about = makeLabel(QStringLiteral("generatorAbout"), {}, this, true);
    m_about->setWordWrap(true);
    m_about->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_about->setContentsMargins(kGrid, 4, kGrid, 4);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("generatorAboutScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_about);
    scroll->setFixedHeight(kAboutHeight);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(kGrid, 0, kGrid, 4);
    head->addWidget(m_found);
    auto* pictures = new QWidget(this);
    pictures->setObjectName(QStringLiteral("generatorPictures"));
    auto* column = new QVBoxLayout(pictures);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addLayout(head);
    column->addWidget(makeGrid(), 1);
    column->addWidget(scroll);
    return pictures;
}

QWidget* GeneratorPage::makeAbout() {
    m_card = new QTextBrowser(this);
    m_card->setObjectName(QStringLiteral("generatorCard"));
    m_card->setAccessibleName(tr("Model card"));
    m_card->setOpenLinks(false);
    m_card->setAcceptDrops(false);
    m_card->setFrameShape(QFrame::NoFrame);
    m_card->document()->setDocumentMargin(16);
    auto* facts = new CopyTableView(this);
    facts->setObjectName(QStringLiteral("generatorFacts"));
    facts->setAccessibleName(tr("What the manifest says"));
    facts->setModel(m_facts);
    facts->setColumnWidth(KeyValueModel::GroupColumn, 90);
    facts->setColumnWidth(KeyValueModel::KeyColumn, 170);
    auto* about = new QSplitter(Qt::Vertical, this);
    about->setObjectName(QStringLiteral("generatorAboutSplitter"));
    about->addWidget(m_card);
    about->addWidget(facts);
    about->setChildrenCollapsible(false);
    return about;
}

}  // namespace signet::ui
