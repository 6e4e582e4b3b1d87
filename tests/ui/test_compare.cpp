// The comparison of two images, alone and on the Inspect and Sign pages: linked views, divider, blinking,
// difference, read-out of both, loading and its failures.
#include <QAction>
#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>

#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/itemmodels/queue_filter.h"
#include "ui/sign/sign_page.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "ui/viewer/compare_panel.h"
#include "ui/viewer/scale_legend.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
using test::writePicture;
using ui::CompareMode;

class TestCompare : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void viewsAreLinked();
    void viewsOfDifferentSizesShowTheSameShare();
    void dividerMovesByKeySliderAndMouse();
    void blinkIsOffUntilAskedFor();
    void differenceIsEnlargedByTheGain();
    void sizesThatDifferHaveNoDifference();
    void readoutShowsBoth();
    void loadingAndFailureInPlace();
    void closingWhileLoadingDropsTheAnswer();
    void twoImagesOfTheQueue();
    void signedCopyAndOriginal();
    void signPageComparesWhatItWrote();
};

namespace {

ui::LoadedImagePtr gradient(int width, int height, int offset) {
    image::Image picture = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            auto* pixel = &picture.data[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                             static_cast<std::size_t>(x))];
            pixel[0] = static_cast<std::uint8_t>((x + offset) % 200);
            pixel[1] = static_cast<std::uint8_t>(y % 200);
            pixel[2] = 9;
        }
    }
    return ui::wrapImage(std::move(picture));
}

ui::LoadedImagePtr flat(int width, int height, int level) {
    image::Image picture = image::makeImage(width, height, 3);
    std::fill(picture.data.begin(), picture.data.end(), static_cast<std::uint8_t>(level));
    return ui::wrapImage(std::move(picture));
}

ui::ComparePanel::Side sideOf(const char* label, const ui::LoadedImagePtr& image) {
    return {QLatin1String(label), {}, image};
}

/// A panel on the screen with two images.
struct Shown {
    Shown(const ui::LoadedImagePtr& a, const ui::LoadedImagePtr& b) {
        panel.resize(640, 480);
        panel.show();
        panel.compare(sideOf("a", a), sideOf("b", b));
        QCoreApplication::processEvents();
    }
    ui::ImageCanvas* first() { return panel.canvas()->first(); }
    ui::ImageCanvas* second() { return panel.canvas()->second(); }
    template <class Widget>
    Widget* find(const char* name) {
        return panel.findChild<Widget*>(QLatin1String(name));
    }
    int centre() { return first()->grab().toImage().pixelColor(first()->rect().center()).red(); }

    ui::MediaService media;
    ui::ComparePanel panel{media};
};

}  // namespace

void TestCompare::viewsAreLinked() {
    Shown shown(gradient(400, 300, 0), gradient(400, 300, 1));
    QVERIFY(shown.second()->isVisible());
    QCOMPARE(shown.first()->zoom(), shown.second()->zoom());
    shown.first()->setZoom(4);
    QCOMPARE(shown.second()->zoom(), 4.0);
    QTest::keyClick(shown.second(), Qt::Key_Right);
    QTest::keyClick(shown.second(), Qt::Key_Down);
    QCOMPARE(shown.first()->view().centre, shown.second()->view().centre);
    QVERIFY(shown.first()->view().centre.x() > 200);
    shown.second()->zoomToFit();
    QVERIFY(shown.first()->isFitted());
    // the view survives the other modes
    shown.first()->setZoom(3);
    const QPointF at = shown.first()->view().centre;
    for (const CompareMode mode :
         {CompareMode::Swipe, CompareMode::Blink, CompareMode::Difference, CompareMode::SideBySide}) {
        shown.panel.setMode(mode);
        QTRY_VERIFY(!shown.panel.isLoading());
        QCoreApplication::processEvents();
        QCOMPARE(shown.first()->zoom(), 3.0);
        QCOMPARE(shown.first()->view().centre, at);
    }
    QCOMPARE(shown.second()->zoom(), 3.0);
}

void TestCompare::viewsOfDifferentSizesShowTheSameShare() {
    Shown shown(gradient(400, 300, 0), gradient(200, 150, 0));
    shown.first()->setZoom(2);
    QCOMPARE(shown.second()->zoom(), 4.0);
    shown.first()->setView({2, QPointF(100, 60), false});
    QCOMPARE(shown.second()->view().centre, QPointF(50, 30));
    QVERIFY(shown.find<QLabel>("compareNote")->isVisible());
    Q_EMIT shown.second()->pixelHovered(QPoint(10, 20));
    QVERIFY2(shown.panel.readout().startsWith(QStringLiteral("x 21  y 41")),
             qPrintable(shown.panel.readout()));
}

void TestCompare::dividerMovesByKeySliderAndMouse() {
    Shown shown(flat(300, 300, 20), flat(300, 300, 220));
    shown.panel.setMode(CompareMode::Swipe);
    QCoreApplication::processEvents();
    QVERIFY(!shown.second()->isVisible());
    const auto at = [&](double share) {
        const QImage grabbed = shown.first()->grab().toImage();
        return grabbed.pixelColor(static_cast<int>(share * grabbed.width()), grabbed.height() / 2).red();
    };
    QCOMPARE(at(0.45), 20);
    QCOMPARE(at(0.55), 220);
    auto* slider = shown.find<QSlider>("compareDivider");
    slider->setValue(60);
    QCOMPARE(at(0.55), 20);
    QTest::keyClick(shown.first(), Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(shown.first()->divider() < 0.59);
    QCOMPARE(slider->value(), qRound(100 * shown.first()->divider()));
    const QPoint grip(qRound(shown.first()->divider() * shown.first()->width()), 50);
    QTest::mousePress(shown.first(), Qt::LeftButton, {}, grip);
    QMouseEvent move(QEvent::MouseMove, QPointF(0.4 * shown.first()->width(), 50),
                     shown.first()->mapToGlobal(QPointF(0, 0)), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(shown.first(), &move);
    QTest::mouseRelease(shown.first(), Qt::LeftButton, {}, move.position().toPoint());
    QVERIFY(std::abs(shown.first()->divider() - 0.4) < 0.01);
    QCOMPARE(slider->value(), 40);
}

void TestCompare::blinkIsOffUntilAskedFor() {
    Shown shown(flat(300, 300, 20), flat(300, 300, 220));
    shown.panel.setBlinkIntervalMs(1);  // not faster than is safe
    QCOMPARE(shown.find<QSlider>("compareInterval")->value(), 2);
    QVERIFY(!shown.panel.isBlinking());
    shown.panel.setMode(CompareMode::Blink);
    QVERIFY(!shown.panel.isBlinking());
    QCOMPARE(shown.centre(), 20);
    QTest::keyClick(&shown.panel, Qt::Key_X);
    QCOMPARE(shown.centre(), 220);
    QTest::keyClick(&shown.panel, Qt::Key_X);
    QTest::keyClick(&shown.panel, Qt::Key_B);
    QVERIFY(shown.panel.isBlinking());
    QTRY_COMPARE(shown.centre(), 220);
    QTRY_COMPARE(shown.centre(), 20);
    QTest::keyClick(&shown.panel, Qt::Key_B);
    QVERIFY(!shown.panel.isBlinking());
    QCOMPARE(shown.panel.mode(), CompareMode::Blink);
    QTest::keyClick(&shown.panel, Qt::Key_B);
    QVERIFY(shown.find<QToolButton>("compareBlinkStopButton")->isChecked());
    shown.panel.hide();
    QVERIFY(!shown.panel.isBlinking());
}

void TestCompare::differenceIsEnlargedByTheGain() {
    Shown shown(flat(300, 300, 100), flat(300, 300, 97));
    QTest::keyClick(&shown.panel, Qt::Key_D);
    QCOMPARE(shown.panel.mode(), CompareMode::Difference);
    QTRY_COMPARE(shown.centre(), 8 * 3);
    auto* legend = shown.find<ui::ScaleLegend>("differenceLegend");
    QCOMPARE(legend->highText(), QStringLiteral("≥ 31.9"));
    shown.panel.setGain(64);
    QTRY_COMPARE(shown.centre(), 64 * 3);
    QCOMPARE(legend->highText(), QStringLiteral("≥ 4.0"));
    shown.panel.setGain(1);
    QTRY_COMPARE(shown.centre(), 3);
    QCOMPARE(legend->highText(), QStringLiteral("255"));
    shown.panel.setGain(1000);
    QCOMPARE(shown.panel.gain(), ui::ComparePanel::kMaxGain);
    QTRY_COMPARE(shown.find<QLabel>("differenceNote")->text(),
                 QStringLiteral("100 % of the pixels differ, at most by 3 of 255 levels"));
    const auto same = flat(300, 300, 5);
    shown.panel.compare(sideOf("a", same), sideOf("b", same));
    QTRY_COMPARE(shown.find<QLabel>("differenceNote")->text(), QStringLiteral("No pixel differs."));
}

void TestCompare::sizesThatDifferHaveNoDifference() {
    Shown shown(flat(300, 200, 100), flat(150, 100, 97));
    shown.panel.setMode(CompareMode::Difference);
    auto* message = shown.find<QLabel>("compareMessageA");
    QVERIFY(message->isVisible());
    QCOMPARE(
        message->text(),
        QStringLiteral("A has 300 × 200 px, B 150 × 100 px: only images of one size have a difference."));
    shown.panel.setMode(CompareMode::Swipe);
    QVERIFY(!message->isVisible());
    shown.first()->setDivider(0.1);
    QCOMPARE(shown.centre(), 97);  // laid over the area of A
}

void TestCompare::readoutShowsBoth() {
    Shown shown(gradient(120, 100, 0), gradient(120, 100, 3));
    Q_EMIT shown.first()->pixelHovered(QPoint(33, 44));
    const QString text = shown.panel.readout().replace(QChar(0x2007), QLatin1Char(' '));
    QCOMPARE(text, QStringLiteral("x 33  y 44   B − A  +3 0 0\nA  RGB  33  44   9\nB  RGB  36  44   9"));
    QCOMPARE(shown.find<QLabel>("compareReadoutB")->accessibleName(),
             shown.find<QLabel>("compareReadoutB")->text());
    Q_EMIT shown.first()->pixelHovered(QPoint(-1, -1));
    QCOMPARE(shown.panel.readout(), QStringLiteral("Point at a pixel to read it off.\n\n"));
}

void TestCompare::loadingAndFailureInPlace() {
    QTemporaryDir folder;
    const QString good = writePicture(folder.path(), QStringLiteral("good.png"), 60);
    ui::MediaService media;
    ui::ComparePanel panel(media);
    panel.resize(640, 480);
    panel.show();
    panel.compare(
        {QStringLiteral("good.png"), ui::toPath(good), nullptr},
        {QStringLiteral("gone.png"), ui::toPath(folder.filePath(QStringLiteral("gone.png"))), nullptr});
    auto* a = panel.findChild<QLabel*>(QStringLiteral("compareMessageA"));
    auto* b = panel.findChild<QLabel*>(QStringLiteral("compareMessageB"));
    QCOMPARE(a->text(), QStringLiteral("Loading good.png"));
    QVERIFY(panel.isLoading());
    QTRY_VERIFY(!panel.isLoading());
    QVERIFY(!a->isVisible());
    QVERIFY2(b->text().startsWith(QStringLiteral("No picture can be shown.")), qPrintable(b->text()));
    QVERIFY(panel.canvas()->first()->hasImage());
    for (const char* name : {"compareSwipeAction", "compareBlinkAction", "compareDifferenceAction"})
        QVERIFY(!panel.findChild<QAction*>(QLatin1String(name))->isEnabled());
}

void TestCompare::closingWhileLoadingDropsTheAnswer() {
    QTemporaryDir folder;
    const QString file = writePicture(folder.path(), QStringLiteral("p.png"), 60);
    ui::MediaService media;
    QSignalSpy loaded(&media, &ui::MediaService::imageLoaded);
    {
        ui::ComparePanel panel(media);
        panel.compare({QStringLiteral("p"), ui::toPath(file), nullptr},
                      {QStringLiteral("p"), ui::toPath(file), nullptr});
        QVERIFY(!media.isIdle());
    }
    QVERIFY(media.isIdle());
    const quint64 id = media.loadApart(ui::toPath(file));
    QTRY_COMPARE(loaded.size(), 1);
    QCOMPARE(loaded.front().front().toULongLong(), id);
}

void TestCompare::twoImagesOfTheQueue() {
    WindowFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("one.png"), 250),
                  writePicture(fixture.folder.path(), QStringLiteral("two.png"), 20),
                  writePicture(fixture.folder.path(), QStringLiteral("three.png"), 90)});
    auto* page = fixture.window->page<ui::InspectPage>();
    QListView* view = page->queue()->view();
    QTRY_COMPARE(page->queue()->model()->rowCount(), 3);
    auto* action = fixture.find<QAction>("compareAction");
    QTRY_VERIFY(!action->isEnabled());
    view->selectionModel()->select(page->queue()->filter()->indexOf(0), QItemSelectionModel::ClearAndSelect);
    view->selectionModel()->select(page->queue()->filter()->indexOf(1), QItemSelectionModel::Select);
    QTRY_VERIFY(action->isEnabled());
    QVERIFY(!fixture.find<QAction>("counterpartAction")->isEnabled());
    QTest::keyClick(fixture.window.get(), Qt::Key_D, Qt::ControlModifier);
    QVERIFY(page->isComparing());
    ui::ComparePanel* panel = page->comparison();
    QVERIFY(panel->isVisible());
    QTRY_VERIFY(panel->canvas()->second()->hasImage());
    QCOMPARE(fixture.find<ui::ElidedLabel>("compareHeadB")->fullText(),
             QStringLiteral("B  two.png  ·  64 × 48 px"));
    // its own shortcuts live, those of the viewer sleep
    QVERIFY(!fixture.find<QAction>("overlayAction")->isVisible());
    QTest::keyClick(fixture.window.get(), Qt::Key_W);
    QCOMPARE(panel->mode(), CompareMode::Swipe);
    // the evidence of either side can be looked at meanwhile; another image ends the comparison
    page->showRow(1);
    QVERIFY(page->isComparing());
    page->showRow(2);
    QVERIFY(!page->isComparing());
    QVERIFY(fixture.find<QAction>("overlayAction")->isVisible());
    page->compare(page->queue()->model()->row(0).path, page->queue()->model()->row(1).path);
    QTest::keyClick(fixture.window.get(), Qt::Key_W, Qt::ControlModifier);
    QVERIFY(!page->isComparing());
    QVERIFY(!panel->isVisible());
}

void TestCompare::signedCopyAndOriginal() {
    namespace fs = std::filesystem;
    const std::vector<fs::path> files{"/a/photo.jpg", "/a/photo-signed.png", "/b/photo-signed-2.jpg",
                                      "/a/other-signed.png", "/a/photo-signed-x.png"};
    QCOMPARE(ui::signedOrOriginal("/a/photo.jpg", files), files[1]);
    QCOMPARE(ui::signedOrOriginal("/a/photo-signed.png", files), files[0]);
    QCOMPARE(ui::signedOrOriginal("/b/photo-signed-2.jpg", files), files[0]);
    QCOMPARE(ui::signedOrOriginal("/b/photo.jpg", files), files[2]);
    QVERIFY(ui::signedOrOriginal("/a/nobody.jpg", files).empty());
    QVERIFY(ui::signedOrOriginal("/a/other.jpg", {}).empty());

    WindowFixture fixture;
    QVERIFY(!writePicture(fixture.folder.path(), QStringLiteral("p.png"), 90).isEmpty());
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p-signed.png"), 92),
                  writePicture(fixture.folder.path(), QStringLiteral("alone.png"), 92)});
    auto* page = fixture.window->page<ui::InspectPage>();
    QTRY_COMPARE(page->queue()->model()->rowCount(), 2);
    auto* action = fixture.find<QAction>("counterpartAction");
    QTRY_VERIFY(action->isEnabled());
    action->trigger();
    QTRY_VERIFY(page->isComparing());
    QCOMPARE(page->comparison()->side(0).label, QStringLiteral("p.png"));
    QCOMPARE(page->comparison()->side(1).label, QStringLiteral("p-signed.png"));
    page->queue()->select(1);
    QVERIFY(!page->isComparing());
    action->trigger();
    QTRY_VERIFY(fixture.find<ui::NoticeBar>("inspectNotice")->text().contains(QStringLiteral("alone.png")));
    QVERIFY(!page->isComparing());
}

void TestCompare::signPageComparesWhatItWrote() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 90)});
    QTRY_COMPARE(fixture.window->page<ui::SignPage>()->model()->rowCount(), 1);
    auto* action = fixture.find<QAction>("signCompareAction");
    QVERIFY(!action->isEnabled());
    fixture.window->page<ui::SignPage>()->signAll();
    QTRY_VERIFY(action->isEnabled());
    action->trigger();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("inspect"));
    auto* page = fixture.window->page<ui::InspectPage>();
    QVERIFY(page->isComparing());
    QCOMPARE(page->comparison()->side(1).label, QStringLiteral("p-signed.png"));
    QTRY_VERIFY(page->comparison()->canvas()->second()->hasImage());
    page->comparison()->setMode(CompareMode::Difference);
    QTRY_VERIFY(!page->comparison()->isLoading());
    QVERIFY(fixture.find<QLabel>("differenceNote")->text().contains(QStringLiteral("at most by 1 of 255")));
}

SIGNET_TEST(TestCompare)
#include "test_compare.moc"
