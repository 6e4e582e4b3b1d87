#include "ui/shell/main_window.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/page/page_requests.h"
#include "ui/shell/focus_keeper.h"
#include "ui/shell/navigation_rail.h"
#include "ui/shell/page_view.h"
#include "ui/style/focus_ring.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {
MainWindow::MainWindow(Services& services, ThemeController& theme, const QString& settingsFile,
                       QWidget* parent)
    : QMainWindow(parent),
      m_services(services),
      m_theme(theme),
      m_settings(std::make_unique<QSettings>(settingsFile, QSettings::IniFormat)),
      m_rail(new NavigationRail(this)),
      m_stack(new QStackedWidget(this)),
      m_focus(new FocusKeeper(m_stack, this)),
      m_requests(new PageRequests(this)),
      m_pages(makePages(services, *m_requests, this)),
      m_themeGroup(new QActionGroup(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Signet"));
    setWindowIcon(themedIcon(QStringLiteral("signet")));
    setAcceptDrops(true);
    setMinimumSize(480, 320);
    setContextMenuPolicy(Qt::NoContextMenu);
    m_stack->setObjectName(QStringLiteral("pages"));
    addPages();
    makeMenus();
    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("windowCentre"));
    auto* row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(makePageView(m_stack, centre), 1);
    setCentralWidget(centre);
    new FocusRing(this);
    restoreSettings();
    showPage(m_pages.front().page->label().id);
}

MainWindow::~MainWindow() = default;

void MainWindow::addPages() {
    for (const auto& [page, widget] : m_pages) {
        m_stack->addWidget(widget);
        const PageLabel& label = page->label();
        page->setShowAction(m_rail->addPage(label.id + QStringLiteral("PageAction"), label.icon, label.text,
                                            QKeySequence(Qt::CTRL | label.key)));
        connect(widget, &QWidget::windowTitleChanged, this, &MainWindow::showTitle);
    }
    connect(m_rail, &NavigationRail::pageChosen, this, [this](int at) { showPage(pages().at(at)); });
    connect(m_requests, &PageRequests::show, this, &MainWindow::showPage);
    connect(m_requests, &PageRequests::finished, this, &MainWindow::closeWhenFinished);
}

void MainWindow::setThemeFromAction(QAction* action) {
    m_theme.setMode(static_cast<ThemeMode>(action->data().toInt()));
}

QStringList MainWindow::pages() const {
    QStringList ids;
    for (const ListedPage& listed : m_pages) ids << listed.page->label().id;
    return ids;
}

const ListedPage& MainWindow::shown() const {
    return m_pages.at(static_cast<std::size_t>(m_stack->currentIndex()));
}

QString MainWindow::shownPage() const {
    return shown().page->label().id;
}

void MainWindow::showPage(const QString& id) {
    const auto at = static_cast<int>(pages().indexOf(id));
    if (at < 0) return;
    m_stack->setCurrentIndex(at);
    m_rail->setCurrent(at);
    showActions();
    showTitle();
}

void MainWindow::showTitle() {
    const QString title = shown().widget->windowTitle();
    const QString program = QStringLiteral("Signet");
    setWindowTitle(title.isEmpty() ? program : tr("%1 — %2").arg(title, program));
}

void MainWindow::showActions() {
    const Page* now = shown().page;
    for (const ListedPage& listed : m_pages) {
        const bool isShown = listed.page == now;
        const bool opens = isShown || (listed.page == m_pages.front().page && !now->takesFiles());
        listed.page->setActionsVisible(isShown);
        for (QAction* action : listed.page->menuActions(Page::Menu::File)) action->setVisible(opens);
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
    std::vector<std::filesystem::path> paths = toPaths(event->mimeData()->urls());
    if (paths.empty()) return;
    event->setDropAction(Qt::CopyAction);  // never moved
    event->accept();
    Page* taker = shown().page;
    if (!taker->takesFiles()) {
        const auto claims = [&](const ListedPage& listed) { return listed.page->claims(paths); };
        const auto claiming = std::find_if(m_pages.begin(), m_pages.end(), claims);
        taker = (claiming != m_pages.end() ? *claiming : m_pages.front()).page;
        showPage(taker->label().id);
    }
    taker->takeFiles(std::move(paths));
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveSettings();
    m_closing = false;
    for (const auto& [page, widget] : m_pages) {
        const Page::StillRuns still = page->finish();
        if (still == Page::StillRuns::Nothing) continue;
        if (still == Page::StillRuns::Visibly) showPage(page->label().id);
        m_closing = true;
    }
    if (m_closing)
        event->ignore();
    else
        QMainWindow::closeEvent(event);
}

void MainWindow::closeWhenFinished() {
    if (m_closing) close();
}

void MainWindow::saveSettings() const {
    m_settings->setValue(QStringLiteral("window/geometry"), saveGeometry());
    m_settings->setValue(QStringLiteral("window/theme"), static_cast<int>(m_theme.mode()));
    m_services.modelChoice().saveSettings(*m_settings);
    for (const ListedPage& listed : m_pages) listed.page->saveSettings(*m_settings);
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
    for (const ListedPage& listed : m_pages) listed.page->restoreSettings(*m_settings);
}

}  // namespace signet::ui
