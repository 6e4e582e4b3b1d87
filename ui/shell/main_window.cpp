#include "ui/shell/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QMimeData>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>

#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/inspect/image_intake.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/models/models_page.h"
#include "ui/roc/roc_page.h"
#include "ui/shell/about_page.h"
#include "ui/shell/focus_keeper.h"
#include "ui/shell/navigation_rail.h"
#include "ui/sign/sign_page.h"
#include "ui/style/focus_ring.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"
#include "ui/training/training_page.h"

namespace signet::ui {
namespace {

/// The pages, scrolled where the window is smaller than what they need.
QScrollArea* makePageView(QStackedWidget* pages, QWidget* parent) {
    const auto needRoom = [pages](int shown) {  // only the page that is seen
        for (int i = 0; i < pages->count(); ++i) {
            const auto policy = i == shown ? QSizePolicy::Preferred : QSizePolicy::Ignored;
            pages->widget(i)->setSizePolicy(policy, policy);
        }
    };
    QObject::connect(pages, &QStackedWidget::currentChanged, pages, needRoom);
    needRoom(pages->currentIndex());
    auto* view = new QScrollArea(parent);
    view->setObjectName(QStringLiteral("pageView"));
    view->setWidgetResizable(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus);
    view->setWidget(pages);
    return view;
}

}  // namespace

MainWindow::MainWindow(Services& services, ThemeController& theme, const QString& settingsFile,
                       QWidget* parent)
    : QMainWindow(parent),
      m_services(services),
      m_theme(theme),
      m_settings(std::make_unique<QSettings>(settingsFile, QSettings::IniFormat)),
      m_rail(new NavigationRail(this)),
      m_pages(new QStackedWidget(this)),
      m_focus(new FocusKeeper(m_pages, this)),
      m_themeGroup(new QActionGroup(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Signet"));
    setWindowIcon(themedIcon(QStringLiteral("signet")));
    setAcceptDrops(true);
    setMinimumSize(480, 320);
    setContextMenuPolicy(Qt::NoContextMenu);
    m_pages->setObjectName(QStringLiteral("pages"));
    makePages();
    makeMenus();
    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("windowCentre"));
    auto* row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(makePageView(m_pages, centre), 1);
    setCentralWidget(centre);
    new FocusRing(this);
    restoreSettings();
    showPage(InspectIndex);
}

MainWindow::~MainWindow() = default;

void MainWindow::makePages() {
    m_inspect = new InspectPage(m_services, this);
    m_sign = new SignPage(m_services, this);
    m_training = new TrainingPage(m_services, this);
    m_models = new ModelsPage(m_services, this);
    m_cases = new CasePage(m_services, this);
    m_roc = new RocPage(m_services, this);
    m_about = new AboutPage(m_services, this);
    for (QWidget* page :
         std::initializer_list<QWidget*>{m_inspect, m_sign, m_training, m_models, m_cases, m_roc, m_about})
        m_pages->addWidget(page);
    const auto add = [this](const char* name, const char* icon, const QString& text, Qt::Key key) {
        m_pageActions << m_rail->addPage(QLatin1String(name), QLatin1String(icon), text,
                                         QKeySequence(Qt::CTRL | key));
    };
    add("inspectPageAction", "inspect", tr("Inspect"), Qt::Key_1);
    add("signPageAction", "sign", tr("Sign"), Qt::Key_2);
    add("trainingPageAction", "training", tr("Train"), Qt::Key_3);
    add("modelsPageAction", "models", tr("Models"), Qt::Key_4);
    add("casesPageAction", "cases", tr("Cases"), Qt::Key_5);
    add("rocPageAction", "roc", tr("ROC"), Qt::Key_6);
    add("aboutPageAction", "about", tr("About"), Qt::Key_7);
    connect(m_rail, &NavigationRail::pageChosen, this,
            [this](int page) { showPage(static_cast<Page>(page)); });
    const auto showCard = [this](const QString& model) {
        showPage(ModelsIndex);
        m_models->showCard(model);
    };
    const auto compare = [this](const NamedFile& original, const NamedFile& copy) {
        showPage(InspectIndex);
        m_inspect->compare(original, copy);
    };
    connect(m_sign, &SignPage::compareWanted, this, compare);
    const auto showMethod = [this](const QString& helpPage) {
        showPage(ModelsIndex);
        m_models->showMethod(helpPage);
    };
    connect(m_cases, &CasePage::compareWanted, this, compare);
    connect(m_inspect, &InspectPage::modelCardWanted, this, showCard);
    connect(m_inspect, &InspectPage::methodWanted, this, showMethod);
    connect(m_cases, &CasePage::modelCardWanted, this, showCard);
    connect(m_cases, &CasePage::methodWanted, this, showMethod);
    connect(m_roc, &RocPage::methodWanted, this, showMethod);
    connect(m_inspect, &InspectPage::addToCaseWanted, this, &MainWindow::addToCase);
    connect(m_training, &TrainingPage::modelChoiceWanted, this, [this] {
        showPage(InspectIndex);
        m_inspect->showModelChoice();
    });
    connect(m_cases, &CasePage::inspectWanted, this, [this](const NamedFile& file, const QString& problem) {
        showPage(InspectIndex);
        m_inspect->showExhibit(file, problem);
    });
    for (QWidget* titled : {static_cast<QWidget*>(m_inspect), static_cast<QWidget*>(m_cases)})
        connect(titled, &QWidget::windowTitleChanged, this, &MainWindow::showTitle);
}

void MainWindow::addToCase(const std::vector<std::filesystem::path>& files) {
    if (!m_cases->takeImages(files)) {
        showPage(CasesIndex);
        return;
    }
    m_inspect->notice()->showNotice(
        NoticeBar::Kind::Information,
        tr("%1 taken in by the case “%2”.")
            .arg(countText(static_cast<int>(files.size()), "image"), m_cases->caseTitle()),
        {}, m_pageActions[CasesIndex]);
}

void MainWindow::setThemeFromAction(QAction* action) {
    m_theme.setMode(static_cast<ThemeMode>(action->data().toInt()));
}

MainWindow::Page MainWindow::page() const {
    return static_cast<Page>(m_pages->currentIndex());
}

void MainWindow::showPage(Page page) {
    m_pages->setCurrentIndex(page);
    m_rail->setCurrent(page);
    showActionsOf(page);
    showTitle();
}

void MainWindow::showTitle() {
    const QString shown = m_pages->currentWidget()->windowTitle();
    const QString program = QStringLiteral("Signet");
    setWindowTitle(shown.isEmpty() ? program : tr("%1 — %2").arg(shown, program));
}

void MainWindow::showActionsOf(Page page) {
    // an action that is not visible has no shortcut either, so that both pages can have the same ones
    m_inspect->showViewActions(page == InspectIndex);
    for (QAction* action : m_inspectFile)
        action->setVisible(page != SignIndex && page != CasesIndex && page != RocIndex);
    for (int other = 0; other < PageCount; ++other) {
        for (QAction* action : m_actionsOf[static_cast<std::size_t>(other)])
            action->setVisible(other == page);
    }
}

bool MainWindow::event(QEvent* event) {
    const bool handled = QMainWindow::event(event);
    if (event->type() == QEvent::Paint && !m_firstShown) {
        m_firstShown = true;
        QTimer::singleShot(0, this, &MainWindow::firstShown);
    }
    return handled;
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    QTimer::singleShot(0, m_focus, &FocusKeeper::giveToPage);
}

void MainWindow::fitOnScreen() {
    if (isMaximized() || isFullScreen()) return;
    const QScreen* on = QGuiApplication::screenAt(frameGeometry().center());
    if (!on) on = QGuiApplication::primaryScreen();
    const QRect room = on->availableGeometry();
    const QSize frame = frameGeometry().size() - size();
    resize(size().boundedTo(room.size() - frame));
    const QRect whole(pos(), size() + frame);
    const auto within = [](int at, int length, int low, int high) {
        return std::max(low, std::min(at, high + 1 - length));
    };
    move(within(whole.left(), whole.width(), room.left(), room.right()),
         within(whole.top(), whole.height(), room.top(), room.bottom()));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    std::vector<std::filesystem::path> paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (auto path = toPath(url); !path.empty()) paths.push_back(std::move(path));
    }
    if (paths.empty()) return;
    event->setDropAction(Qt::CopyAction);  // never moved
    event->accept();
    if (page() == SignIndex) {
        m_sign->intake()->addPaths(std::move(paths));
    } else if (page() == RocIndex) {
        m_roc->addDropped(paths);
    } else if (page() == CasesIndex || paths.front().extension() == ".case") {
        showPage(CasesIndex);
        m_cases->addDropped(std::move(paths));
    } else {
        showPage(InspectIndex);
        m_inspect->intake()->addPaths(std::move(paths));
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveSettings();
    m_services.examine().cancelAll();
    m_services.sign().cancelAll();
    m_services.roc().stop();
    m_cases->finish();
    if (CaseService& cases = m_services.cases(); !cases.isIdle()) {
        event->ignore();
        connect(&cases, &CaseService::becameIdle, this, &QWidget::close, Qt::UniqueConnection);
        return;
    }
    if (TrainingService& training = m_services.training(); !training.isIdle()) {
        event->ignore();
        showPage(TrainingIndex);
        m_training->sayFinishing();
        connect(&training, &TrainingService::becameIdle, this, &QWidget::close, Qt::UniqueConnection);
        training.finishAll();
        return;
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::saveSettings() const {
    m_settings->setValue(QStringLiteral("window/geometry"), saveGeometry());
    m_settings->setValue(QStringLiteral("window/theme"), static_cast<int>(m_theme.mode()));
    const auto save = [this](auto*... page) { (page->saveSettings(*m_settings), ...); };
    m_services.modelChoice().saveSettings(*m_settings);
    save(m_inspect, m_sign, m_training, m_models, m_cases, m_roc);
    m_settings->sync();
}

void MainWindow::restoreSettings() {
    resize(1280, 800);
    restoreGeometry(m_settings->value(QStringLiteral("window/geometry")).toByteArray());
    fitOnScreen();
    // once more when the window's frame is known, unless somebody gave it another size meanwhile
    connect(this, &MainWindow::firstShown, this, [this, fitted = size()] {
        if (size() == fitted) fitOnScreen();
    });
    m_services.modelChoice().restoreSettings(*m_settings);
    const int mode = std::clamp(m_settings->value(QStringLiteral("window/theme"), 0).toInt(), 0, 2);
    m_themeGroup->actions().at(mode)->setChecked(true);
    m_theme.setMode(static_cast<ThemeMode>(mode));
    const auto restore = [this](auto*... page) { (page->restoreSettings(*m_settings), ...); };
    restore(m_inspect, m_sign, m_training, m_models, m_cases, m_roc);
}

}  // namespace signet::ui
