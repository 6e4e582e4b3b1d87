// The window on a screen of 683 x 384 points, as QT_SCALE_FACTOR=2 makes of 1366 x 768, and after a screen
// has gone.
#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
using ui::MainWindow;

namespace {

bool isOnScreen(const QWidget& window) {
    return QGuiApplication::primaryScreen()->availableGeometry().contains(window.frameGeometry());
}

}  // namespace

class TestSmallScreen : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void opensInsideTheScreen() {
        QCOMPARE(QGuiApplication::primaryScreen()->size(), QSize(683, 384));
        QTemporaryDir folder;
        const auto control = std::make_shared<test::EngineControl>();
        ui::ThemeController theme;
        ui::Services services(test::fakeBackend(control), folder.path().toStdString());
        MainWindow window(services, theme, folder.filePath(QStringLiteral("settings.ini")));
        window.show();
        QTRY_VERIFY(window.isVisible() && isOnScreen(window));  // once its frame is known
        for (const QString& page : window.pages()) {
            window.showPage(page);
            QCoreApplication::processEvents();
            QVERIFY2(isOnScreen(window), qPrintable(page));
            // every page is reached, and all of it by scrolling
            for (const char* button : {"inspectPageButton", "aboutPageButton", "themeButton"}) {
                auto* shown = window.findChild<QAbstractButton*>(QLatin1String(button));
                const QRect place(shown->mapTo(&window, QPoint()), shown->size());
                QVERIFY2(window.rect().contains(place), button);
            }
            const auto* view = window.findChild<QScrollArea*>(QStringLiteral("pageView"));
            QCOMPARE(view->verticalScrollBar()->maximum() + view->viewport()->height(),
                     view->widget()->height());
            QCOMPARE(view->horizontalScrollBar()->maximum() + view->viewport()->width(),
                     view->widget()->width());
        }
    }

    void comesBackOnScreen_data() {
        QTest::addColumn<QRect>("before");
        QTest::newRow("larger than the screen") << QRect(0, 0, 1600, 1000);
        QTest::newRow("on a screen that is gone, right") << QRect(2600, 200, 600, 340);
        QTest::newRow("on a screen that is gone, above") << QRect(40, -900, 600, 340);
        QTest::newRow("half out") << QRect(500, 300, 600, 340);
    }
    void comesBackOnScreen() {
        QFETCH(QRect, before);
        QTemporaryDir folder;
        const QString settings = folder.filePath(QStringLiteral("settings.ini"));
        QWidget elsewhere;  // as the window was when its geometry was saved
        elsewhere.setGeometry(before);
        QSettings(settings, QSettings::IniFormat)
            .setValue(QStringLiteral("window/geometry"), elsewhere.saveGeometry());
        const auto control = std::make_shared<test::EngineControl>();
        ui::ThemeController theme;
        ui::Services services(test::fakeBackend(control), folder.path().toStdString());
        MainWindow window(services, theme, settings);
        QVERIFY(isOnScreen(window));
        window.show();
        QTRY_VERIFY(window.isVisible());
        QTRY_VERIFY2(isOnScreen(window), qPrintable(QStringLiteral("%1 %2 %3 %4")
                                                        .arg(window.x())
                                                        .arg(window.y())
                                                        .arg(window.width())
                                                        .arg(window.height())));
    }
};

int main(int argc, char** argv) {
    QTemporaryDir folder;
    const QString screens = folder.filePath(QStringLiteral("screens.json"));
    QFile file(screens);
    if (!file.open(QIODevice::WriteOnly)) return 1;
    file.write(R"({"screens": [{"name": "small", "x": 0, "y": 0, "width": 1366, "height": 768,
                   "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})");
    file.close();
    qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + screens.toUtf8());
    qputenv("QT_SCALE_FACTOR", "2");
    QApplication application(argc, argv);
    TestSmallScreen test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_small_screen.moc"
