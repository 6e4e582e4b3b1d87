// The window around the pages: names, focus, themes, settings, layout, shortcuts.
#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QScrollBar>
#include <QSpinBox>
#include <QTextBrowser>
#include <QToolButton>

#include "tests/support/test_program.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_settings_panel.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
using ui::MainWindow;

class TestShell : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyControlHasANameAndAnAccessibleName();
    void everyMenuActionHasAShortcutThatIsItsOwn();
    void tabReachesTheControlsOfEachPage();
    void droppedFilesFindTheirPage_data();
    void droppedFilesFindTheirPage();
    void themesAreLightAndDark();
    void settingsAreRemembered();
    void defaultLayoutComesBack();
    void aboutListsVersions();
    void smallWindowShowsEverything();
};

namespace {

/// Controls of the program, without the parts Qt puts inside its own widgets.
bool isOwnControl(const QWidget* widget) {
    const bool control =
        qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
        qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSlider*>(widget) ||
        qobject_cast<const QSpinBox*>(widget) || qobject_cast<const QAbstractItemView*>(widget) ||
        qobject_cast<const QTextBrowser*>(widget);
    if (!control || qobject_cast<const QScrollBar*>(widget)) return false;
    for (const QWidget* at = widget; at && at->objectName() != QLatin1String("pages");
         at = at->parentWidget()) {
        if (at->objectName().startsWith(QLatin1String("qt_"))) return false;
        if (at != widget &&
            (qobject_cast<const QComboBox*>(at) || qobject_cast<const QSpinBox*>(at) ||
             qobject_cast<const QLineEdit*>(at) || qobject_cast<const QAbstractItemView*>(at))) {
            return false;
        }
        if (at->inherits("QTabBar") || at->inherits("QMenuBar") || at->inherits("QHeaderView")) return false;
        if (at->inherits("QDockWidgetTitleButton")) return false;
    }
    return true;
}

}  // namespace

void TestShell::everyControlHasANameAndAnAccessibleName() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.drop({test::writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QTRY_VERIFY(fixture.find<QToolButton>("whyButton"));
    int controls = 0;
    for (const QWidget* widget : fixture.window->findChildren<QWidget*>()) {
        if (!isOwnControl(widget)) continue;
        ++controls;
        const QString where =
            QStringLiteral("%1 \"%2\" in %3")
                .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                     widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
        QVERIFY2(!widget->objectName().isEmpty(), qPrintable(where));
        QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(where));
    }
    QVERIFY2(controls > 40, qPrintable(QString::number(controls)));
}

void TestShell::everyMenuActionHasAShortcutThatIsItsOwn() {
    WindowFixture fixture;
    for (const QString& page : fixture.window->pages()) {
        fixture.window->showPage(page);
        QHash<QString, QString> taken;
        for (const QMenu* menu : fixture.window->menuBar()->findChildren<QMenu*>()) {
            for (const QAction* action : menu->actions()) {
                if (action->isSeparator() || action->menu() || !action->isVisible()) continue;
                if (menu->objectName().startsWith(QLatin1String("qt_")) || menu->objectName().isEmpty())
                    continue;
                QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
                QVERIFY2(!action->shortcut().isEmpty(), qPrintable(action->objectName()));
                const QString keys = action->shortcut().toString();
                const QString before = taken.value(keys, action->objectName());
                QVERIFY2(before == action->objectName(), qPrintable(keys + before + action->objectName()));
                taken.insert(keys, action->objectName());
            }
        }
        QVERIFY(taken.size() >= 10);
    }
}

void TestShell::tabReachesTheControlsOfEachPage() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    QVERIFY(QTest::qWaitForWindowActive(fixture.window.get()));
    const std::pair<QString, QStringList> pages[] = {
        {QStringLiteral("inspect"),
         {QStringLiteral("inspectPageButton"), QStringLiteral("queueView"),
          QStringLiteral("inspectEmptyopenFilesButton"), QStringLiteral("themeButton")}},
        {QStringLiteral("sign"),
         {QStringLiteral("signModel"), QStringLiteral("signCode"), QStringLiteral("randomCodeButton"),
          QStringLiteral("signStrength"), QStringLiteral("signFormat"), QStringLiteral("signFolder")}},
        {QStringLiteral("training"), {QStringLiteral("trainingEmptynewRunButton")}},
        {QStringLiteral("models"), {QStringLiteral("modelList"), QStringLiteral("modelCard")}},
        {QStringLiteral("roc"),
         {QStringLiteral("rocEmptyrocMeasureButton"), QStringLiteral("rocEmptyrocOpenButton")}},
        {QStringLiteral("about"), {QStringLiteral("versionTable"), QStringLiteral("copyVersionsButton")}}};
    for (const auto& [page, wanted] : pages) {
        fixture.window->showPage(page);
        QCoreApplication::processEvents();
        fixture.find<QToolButton>("inspectPageButton")->setFocus();
        QStringList order;
        for (int i = 0; i < 60; ++i) {
            if (QWidget* focus = QApplication::focusWidget()) order << focus->objectName();
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : fixture.window.get(),
                            Qt::Key_Tab);
        }
        for (const QString& name : wanted) {
            QVERIFY2(order.contains(name),
                     qPrintable(name + QStringLiteral(" not in ") + order.join(QLatin1Char(' '))));
        }
        if (page == QStringLiteral("sign")) {
            QVERIFY(order.indexOf(QStringLiteral("signModel")) < order.indexOf(QStringLiteral("signCode")));
            QVERIFY(order.indexOf(QStringLiteral("signCode")) <
                    order.indexOf(QStringLiteral("signStrength")));
            QVERIFY(order.indexOf(QStringLiteral("signStrength")) <
                    order.indexOf(QStringLiteral("signFolder")));
        }
    }
}

void TestShell::droppedFilesFindTheirPage_data() {
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("expected");
    for (const char* page : {"inspect", "training", "models", "experiments", "generators", "about"}) {
        QTest::addRow("image on %s", page) << page << "p.png"
                                           << "inspect";
        QTest::addRow("case on %s", page) << page << "one.case"
                                          << "cases";
    }
    for (const char* page : {"sign", "cases", "roc", "fingerprints"}) {  // which take whatever comes
        QTest::addRow("image on %s", page) << page << "p.png" << page;
        QTest::addRow("case on %s", page) << page << "one.case" << page;
    }
}

void TestShell::droppedFilesFindTheirPage() {
    QFETCH(QString, shown);
    QFETCH(QString, file);
    QFETCH(QString, expected);
    WindowFixture fixture;
    test::writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250);
    fixture.window->showPage(shown);
    fixture.drop({fixture.path(file)});
    QCOMPARE(fixture.window->shownPage(), expected);
    // where images come to Inspect, its File menu stays
    auto* open = fixture.find<QAction>("openFilesAction");
    fixture.window->showPage(shown);
    QCOMPARE(open->isVisible(),
             shown != "sign" && shown != "cases" && shown != "roc" && shown != "fingerprints");
}

void TestShell::themesAreLightAndDark() {
    WindowFixture fixture;
    const auto lightness = [&fixture] {
        QCoreApplication::processEvents();
        const QImage shot =
            fixture.window->grab().toImage().scaled(1, 1, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        return shot.pixelColor(0, 0).lightness();
    };
    fixture.find<QAction>("themeDarkAction")->trigger();
    QVERIFY2(lightness() < 70, qPrintable(QString::number(lightness())));
    QVERIFY(ui::isDark());
    fixture.find<QAction>("themeLightAction")->trigger();
    QVERIFY2(lightness() > 200, qPrintable(QString::number(lightness())));
    for (const bool dark : {false, true}) {
        // WCAG contrast of text on its background, at least 4.5
        const auto luminance = [](const QColor& colour) {
            const auto part = [](double v) {
                return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
            };
            return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) +
                   0.0722 * part(colour.blueF());
        };
        const auto contrast = [&](const QColor& a, const QColor& b) {
            const double high = std::max(luminance(a), luminance(b));
            const double low = std::min(luminance(a), luminance(b));
            return (high + 0.05) / (low + 0.05);
        };
        fixture.theme.setMode(dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        const QPalette palette = QApplication::palette();
        const ui::MeaningColours& colours = ui::meaningColours();
        for (const QPalette::ColorRole background :
             {QPalette::Base, QPalette::Window, QPalette::AlternateBase}) {
            for (const QColor& text : {palette.color(QPalette::Text), colours.accent, colours.inconclusive,
                                       colours.absent, colours.error, colours.muted}) {
                QVERIFY2(contrast(text, palette.color(background)) >= 4.5,
                         qPrintable(text.name() + palette.color(background).name()));
            }
        }
        QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >=
                4.5);
    }
}

void TestShell::settingsAreRemembered() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.find<QAction>("themeDarkAction")->trigger();
    fixture.window->page<ui::SignPage>()->settings()->setStrength(1.5);
    fixture.window->page<ui::SignPage>()->settings()->setOutputFolder(QStringLiteral("/somewhere"));
    fixture.find<QDockWidget>("fileDock")->hide();
    fixture.window->close();
    ui::ThemeController theme;
    MainWindow second(*fixture.services, theme, fixture.path(QStringLiteral("settings.ini")));
    second.show();
    QCOMPARE(theme.mode(), ui::ThemeMode::Dark);
    QCOMPARE(second.page<ui::SignPage>()->settings()->options().strength, 1.5);
    QCOMPARE(second.page<ui::SignPage>()->settings()->outputFolder(), QStringLiteral("/somewhere"));
    QVERIFY(second.findChild<QDockWidget*>(QStringLiteral("fileDock"))->isHidden());
    QVERIFY(!second.findChild<QDockWidget*>(QStringLiteral("queueDock"))->isHidden());
    theme.setMode(ui::ThemeMode::Light);
}

void TestShell::defaultLayoutComesBack() {
    WindowFixture fixture;
    auto* evidence = fixture.find<QDockWidget>("evidenceDock");
    auto* queue = fixture.find<QDockWidget>("queueDock");
    evidence->hide();
    queue->setFloating(true);
    fixture.find<QAction>("defaultLayoutAction")->trigger();
    QTRY_VERIFY(evidence->isVisible());
    QVERIFY(!queue->isFloating());
    QCOMPARE(fixture.window->page<ui::InspectPage>()->dockWidgetArea(queue), Qt::LeftDockWidgetArea);
    QCOMPARE(fixture.window->page<ui::InspectPage>()->dockWidgetArea(evidence), Qt::RightDockWidgetArea);
}

void TestShell::aboutListsVersions() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    QTest::keySequence(fixture.window.get(), QKeySequence(Qt::CTRL | Qt::Key_0));
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("about"));
    auto* table = fixture.find<QAbstractItemView>("versionTable");
    QString all;
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        all += table->model()->index(row, 1).data().toString() + QLatin1Char('=') +
               table->model()->index(row, 2).data().toString() + QLatin1Char('\n');
    }
    for (const char* part :
         {"Signet=", "Qt=6", "OpenCV=4", "Compiler=", "Networks=no networks", "Model fake-code32="}) {
        QVERIFY2(all.contains(QLatin1String(part)), qPrintable(all));
    }
}

void TestShell::smallWindowShowsEverything() {
    WindowFixture fixture;
    fixture.window->resize(900, 600);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.window->size(), QSize(900, 600));  // nothing forces it larger
    for (const QString& page : fixture.window->pages()) {
        fixture.window->showPage(page);
        QCoreApplication::processEvents();
        QVERIFY(fixture.window->minimumSizeHint().width() <= 900);
        QVERIFY(fixture.window->minimumSizeHint().height() <= 600);
        const auto* view = fixture.find<QScrollArea>("pageView");
        QCOMPARE(view->horizontalScrollBar()->maximum(), 0);
        QCOMPARE(view->verticalScrollBar()->maximum(), 0);
    }
}

SIGNET_TEST(TestShell)
#include "test_shell.moc"
