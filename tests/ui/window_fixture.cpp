#include "window_fixture.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include "ui/bridge/text.h"

namespace signet::test {

WindowFixture::WindowFixture(const MakeBackend& backend) {
    const std::filesystem::path workspace = ui::toPath(folder.filePath(QStringLiteral("workspace")));
    services = std::make_unique<ui::Services>(backend ? backend(workspace) : fakeBackend(control), workspace);
    window =
        std::make_unique<ui::MainWindow>(*services, theme, folder.filePath(QStringLiteral("settings.ini")));
    window->resize(1280, 800);
    window->show();
    if (!QTest::qWaitForWindowActive(window.get())) qWarning("the window did not become active");
    services->refreshCatalogue();
}

WindowFixture::~WindowFixture() {
    control->hold = false;
}

void WindowFixture::drop(const QStringList& files) {
    dropOn(*window, files);
}

void dropOn(QWidget& widget, const QStringList& files) {
    QMimeData mime;
    QList<QUrl> urls;
    for (const QString& file : files) urls << QUrl::fromLocalFile(file);
    mime.setUrls(urls);
    const QPoint at = widget.rect().center();
    QVERIFY(widget.acceptDrops());
    QDragEnterEvent enter(at, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&widget, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(at, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&widget, &event);
    QVERIFY(event.isAccepted());
    QCOMPARE(event.dropAction(), Qt::CopyAction);
}

}  // namespace signet::test
