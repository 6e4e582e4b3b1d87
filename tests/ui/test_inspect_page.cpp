// The Inspect page in the real window: drop, results, errors in place, cancel, undo, overlay, copy, paste.
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QMimeData>
#include <QTabWidget>
#include <QToolButton>
#include <QUndoStack>

#include "core/base/file_io.h"
#include "core/image/encode.h"
#include "queue_fixture.h"
#include "tests/core/image_builders.h"
#include "tests/support/pictures.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/inspect/details_panels.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/intake/file_dialogs.h"
#include "ui/page/bit_grid.h"
#include "ui/style/widgets.h"
#include "ui/viewer/image_canvas.h"
#include "ui/viewer/viewer_panel.h"

using namespace signet;
using test::modelOf;
using test::waitForAll;
using test::WindowFixture;
using test::writePicture;
using ui::ItemState;

class TestInspectPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void dropExaminesFilesAndFolders();
    void errorStaysInItsRow();
    void evidenceIsShownAsSeparateLines();
    void conflictsAreShownBesideTheThumbnail();
    void nothingIsSaidOfTheBitsOfAnInconclusiveImage();
    void warningsStandInTheQueue();
    void overlayChangesThePicture();
    void cancelStopsTheQueue();
    void removalCanBeUndone();
    void examineAgainReplacesTheResult();
    void loadingFailureSaysWhatToDo();
    void whyOpensTheModelCard();
    void copyAndPaste();
    void openUsesTheDialogSeam();
    void windowStaysResponsive();
};

void TestInspectPage::dropExaminesFilesAndFolders() {
    WindowFixture fixture;
    QVERIFY(QDir().mkpath(fixture.path(QStringLiteral("in/below"))));
    const QString single = writePicture(fixture.folder.path(), QStringLiteral("single.png"), 250);
    QVERIFY(!writePicture(fixture.path(QStringLiteral("in")), QStringLiteral("a.png"), 20).isEmpty());
    QVERIFY(!writePicture(fixture.path(QStringLiteral("in/below")), QStringLiteral("b.png"), 150).isEmpty());
    fixture.window->showPage(QStringLiteral("about"));
    fixture.drop({single, fixture.path(QStringLiteral("in"))});
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("inspect"));
    QVERIFY(waitForAll(fixture, 3));
    const auto presence = [&](int row) {
        return modelOf(fixture)->index(row, ui::ExamineModel::PresenceColumn).data().toString();
    };
    QCOMPARE(presence(0), QStringLiteral("signature found"));
    QCOMPARE(presence(1), QStringLiteral("not found"));
    QCOMPARE(presence(2), QStringLiteral("inconclusive"));
    QCOMPARE(modelOf(fixture)->index(0, ui::ExamineModel::CodeColumn).data().toString(),
             QStringLiteral("3fa21b90 (unverified)"));
    QTRY_VERIFY(
        !modelOf(fixture)->index(0, 0).data(ui::ExamineModel::ThumbnailRole).value<QPixmap>().isNull());
    QTRY_VERIFY(fixture.window->page<ui::InspectPage>()->viewer()->canvas()->hasImage());
}

void TestInspectPage::errorStaysInItsRow() {
    WindowFixture fixture;
    const QString good = writePicture(fixture.folder.path(), QStringLiteral("good.png"), 250);
    const QString broken = fixture.path(QStringLiteral("broken.png"));
    QFile file(broken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\x89PNG\r\n\x1a\nnot a picture");
    file.close();
    fixture.drop({broken, fixture.path(QStringLiteral("vanished.png")), good});
    QVERIFY(waitForAll(fixture, 3));
    QCOMPARE(modelOf(fixture)->row(0).state, ItemState::Failed);
    QCOMPARE(modelOf(fixture)->row(1).state, ItemState::Failed);
    QCOMPARE(modelOf(fixture)->row(2).state, ItemState::Done);
    QTRY_VERIFY(fixture.find<QLabel>("failureMessage"));
    QVERIFY(!fixture.find<QLabel>("failureMessage")->text().isEmpty());
    auto* details = fixture.find<QToolButton>("failureDetailsButton");
    auto* text = fixture.find<QLabel>("failureDetails");
    QVERIFY(text->isHidden());
    details->click();
    QVERIFY(!text->isHidden());
    QVERIFY(text->text().contains(QStringLiteral("broken.png")));
    QTRY_VERIFY(fixture.find<QLabel>("viewerMessage")->isVisible());
    QVERIFY(!fixture.window->page<ui::InspectPage>()->viewer()->canvas()->hasImage());
    fixture.window->page<ui::InspectPage>()->showRow(2);
    QTRY_VERIFY(fixture.window->page<ui::InspectPage>()->viewer()->canvas()->hasImage());
}

void TestInspectPage::evidenceIsShownAsSeparateLines() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QVERIFY(waitForAll(fixture, 1));
    QTRY_VERIFY(fixture.find<QLabel>("presenceWord"));
    QCOMPARE(fixture.find<QLabel>("presenceWord")->text(), QStringLiteral("signature found"));
    QVERIFY(!fixture.find<QLabel>("presenceSymbol")->pixmap().isNull());
    QCOMPARE(fixture.find<QLabel>("codeHex")->text(), QStringLiteral("3fa21b90"));
    QCOMPARE(
        fixture.find<QLabel>("falsePositiveLine")->text(),
        QStringLiteral(
            "FPR at this threshold: 0 of 612 photographs; 95 % upper limit 0.49 %. Measured on photographs"));
    QVERIFY(fixture.find<QLabel>("scoreLine")->text().contains(QStringLiteral("+7.31")));
    auto* grid = fixture.find<ui::BitGrid>("bitGrid");
    QVERIFY(grid->accessibleName().contains(QStringLiteral("00111111101000100001101110010000")));
    grid->setFocus();
    for (int i = 0; i < 6; ++i) QTest::keyClick(grid, Qt::Key_Right);
    QCOMPARE(
        fixture.find<QLabel>("bitDetail")->text(),
        QStringLiteral("bit 6 of 32: 1; right with probability 0.710, if the image was signed and treated no "
                       "worse than the calibration's images"));
    QCOMPARE(fixture.find<QLabel>("codeStateBadge")->text(), QStringLiteral("unverified"));
    QVERIFY(fixture.find<QWidget>("calibrationPlot")->accessibleName().contains(QStringLiteral("7.31")));
    for (const QLabel* label : fixture.window->findChildren<QLabel*>()) {
        QVERIFY(!label->text().contains(QStringLiteral("authentic"), Qt::CaseInsensitive));
        QVERIFY(!label->text().contains(QStringLiteral("fake "), Qt::CaseInsensitive));
    }
}

void TestInspectPage::conflictsAreShownBesideTheThumbnail() {
    WindowFixture fixture;
    const auto jpeg = [](const image::Image& picture) {
        return image::encode(picture, {.format = image::Format::Jpeg, .quality = 90, .subsample = false});
    };
    image::Image bright = tests::makePicture(400, 300, 3);
    std::fill_n(bright.data.begin(), 3 * 400 * 16,
                std::uint8_t{250});  // the fake engine looks at the first pixel
    const auto file = tests::withMetadata(jpeg(bright),
                                          {{"Exif.Image.Model", "Box 3"},
                                           {"Exif.Photo.PixelXDimension", "4000"},
                                           {"Exif.Photo.PixelYDimension", "3000"}},
                                          jpeg(test::picture(160, 120)));
    const auto folder = ui::toPath(fixture.folder.path());
    writeFileAtomically(folder / "camera.jpg", file, IfExists::Refuse);
    const QString plain = writePicture(fixture.folder.path(), QStringLiteral("plain.png"), 20);
    fixture.drop({fixture.path(QStringLiteral("camera.jpg")), plain});
    QVERIFY(waitForAll(fixture, 2));
    QTRY_VERIFY(fixture.find<QLabel>("conflictHeading"));
    QCOMPARE(fixture.find<QLabel>("conflictHeading")->text(), QStringLiteral("3 conflicts"));
    QCOMPARE(fixture.window->findChildren<QLabel*>(QStringLiteral("conflictText")).size(), 3);
    auto* link = fixture.find<QToolButton>("conflictsLink");
    QCOMPARE(link->text(), QStringLiteral("3 conflicts between layers: see Metadata"));
    link->click();
    auto* panel = fixture.find<ui::MetadataPanel>("metadataPanel");
    QTRY_VERIFY(panel->isVisible());
    QTRY_VERIFY(fixture.find<QLabel>("embeddedThumbnail")->isVisible());
    QCOMPARE(fixture.find<QLabel>("embeddedThumbnailText")->text(),
             QStringLiteral("embedded thumbnail, 160 × 120 px"));
    QVERIFY(!fixture.find<QLabel>("imageThumbnail")->pixmap().isNull());
    QVERIFY(panel->view()->height() > 80);
    QVERIFY(panel->asText().contains(QStringLiteral("Conflict\texif_size_differs\t")));
    fixture.find<QToolButton>("conflictHelp")->click();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("models"));
    fixture.window->page<ui::InspectPage>()->showRow(1);
    QTRY_VERIFY(!fixture.find<QLabel>("conflictHeading"));
    QVERIFY(fixture.find<QWidget>("thumbnailRow")->isHidden());
}

/// How surely bits were read is stated only where a signature is reported.
void TestInspectPage::nothingIsSaidOfTheBitsOfAnInconclusiveImage() {
    WindowFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 150)});
    QVERIFY(waitForAll(fixture, 1));
    QTRY_VERIFY(fixture.find<QLabel>("presenceWord"));
    QCOMPARE(fixture.find<QLabel>("presenceWord")->text(), QStringLiteral("inconclusive"));
    QCOMPARE(fixture.find<QLabel>("codeStateBadge")->text(), QStringLiteral("unverified"));
    auto* grid = fixture.find<ui::BitGrid>("bitGrid");
    grid->setFocus();
    for (int i = 0; i < 6; ++i) QTest::keyClick(grid, Qt::Key_Right);
    QCOMPARE(fixture.find<QLabel>("bitDetail")->text(), QStringLiteral("bit 6 of 32: 1"));
    for (const QLabel* label : fixture.window->findChildren<QLabel*>()) {
        QVERIFY2(!label->text().contains(QStringLiteral("0.96")) &&
                     !label->text().contains(QStringLiteral("0.71")),
                 qPrintable(label->text()));
    }
}

/// A JPEG that ends early is marked in its row of the queue.
void TestInspectPage::warningsStandInTheQueue() {
    WindowFixture fixture;
    const QString whole = fixture.folder.filePath(QStringLiteral("whole.jpg"));
    QImage picture(160, 120, QImage::Format_RGB32);
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x) picture.setPixel(x, y, qRgb(x, 2 * y, (x * y) % 256));
    QVERIFY(picture.save(whole));
    QFile file(whole);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QFile cut(fixture.folder.filePath(QStringLiteral("cut.jpg")));
    QVERIFY(cut.open(QIODevice::WriteOnly));
    cut.write(bytes.left(bytes.size() * 2 / 3));
    cut.close();
    fixture.drop({whole, cut.fileName()});
    QVERIFY(waitForAll(fixture, 2));
    ui::ExamineModel* model = fixture.window->page<ui::InspectPage>()->queue()->model();
    for (int row = 0; row < 2; ++row) {
        const QModelIndex at = model->index(row, 0);
        const bool isCut = model->row(row).path.filename() == "cut.jpg";
        const QString remarks = at.data(ui::ExamineModel::RemarksRole).toString();
        QCOMPARE(remarks.contains(QStringLiteral("ends early")), isCut);
        QCOMPARE(at.data(Qt::ToolTipRole).toString().contains(QStringLiteral("ends early")), isCut);
        QCOMPARE(at.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("ends early")), isCut);
    }
}

void TestInspectPage::overlayChangesThePicture() {
    WindowFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250, QSize(320, 240))});
    QVERIFY(waitForAll(fixture, 1));
    auto* viewer = fixture.window->page<ui::InspectPage>()->viewer();
    QTRY_VERIFY(viewer->canvas()->hasImage());
    QTRY_VERIFY(!viewer->canvas()->overlay().isNull());
    const auto centre = [&] {
        return fixture.window->grab().toImage().pixelColor(
            viewer->canvas()->mapTo(fixture.window.get(), viewer->canvas()->rect().center()));
    };
    const QColor with = centre();
    viewer->overlayAction()->trigger();
    QCOMPARE(centre(), QColor(250, 250, 250));
    QVERIFY(with != QColor(250, 250, 250));
    QVERIFY(!fixture.find<QWidget>("evidenceMapLegend")->isVisible());
    viewer->overlayAction()->trigger();
    QVERIFY(fixture.find<QWidget>("evidenceMapLegend")->isVisible());
}

void TestInspectPage::cancelStopsTheQueue() {
    WindowFixture fixture;
    fixture.control->hold = true;
    QStringList files;
    for (int i = 0; i < 4; ++i) {
        files << writePicture(fixture.folder.path(), QStringLiteral("%1.png").arg(i), 250);
    }
    fixture.drop(files);
    QTRY_COMPARE(modelOf(fixture)->count(ItemState::Examining), 1);
    QTest::keyClick(fixture.window.get(), Qt::Key_Escape);
    QVERIFY(fixture.services->examine().isIdle());
    QCOMPARE(modelOf(fixture)->count(ItemState::Cancelled), 4);
    QTRY_VERIFY(fixture.control->stopSeen);
    QCOMPARE(fixture.control->checks.load(), 1);
    fixture.control->hold = false;
    fixture.window->page<ui::InspectPage>()->queue()->examineRows({0, 1, 2, 3});
    QVERIFY(waitForAll(fixture, 4));
    QCOMPARE(modelOf(fixture)->count(ItemState::Done), 4);
}

void TestInspectPage::removalCanBeUndone() {
    WindowFixture fixture;
    QStringList files;
    for (int i = 0; i < 3; ++i) {
        files << writePicture(fixture.folder.path(), QStringLiteral("%1.png").arg(i), 250);
    }
    fixture.drop(files);
    QVERIFY(waitForAll(fixture, 3));
    auto* queue = fixture.window->page<ui::InspectPage>()->queue();
    queue->view()->selectAll();
    queue->view()->setFocus();
    QTRY_VERIFY(fixture.find<QAction>("removeRowsAction")->isEnabled());
    fixture.find<QAction>("removeRowsAction")->trigger();
    QCOMPARE(modelOf(fixture)->rowCount(), 0);
    QTRY_VERIFY(fixture.find<QWidget>("inspectEmpty")->isVisible());
    QTest::keySequence(fixture.window.get(), QKeySequence::Undo);
    QCOMPARE(modelOf(fixture)->rowCount(), 3);
    QCOMPARE(modelOf(fixture)->count(ItemState::Done), 3);
    for (const QString& name : files) QVERIFY(QFile::exists(name));
}

void TestInspectPage::examineAgainReplacesTheResult() {
    WindowFixture fixture;
    const QString file = writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250);
    fixture.drop({file});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(writePicture(fixture.folder.path(), QStringLiteral("p.png"), 20), file);
    auto* again = fixture.find<QAction>("examineAgainAction");
    QTRY_VERIFY(again->isEnabled());
    again->trigger();
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(modelOf(fixture)->index(0, ui::ExamineModel::PresenceColumn).data().toString(),
             QStringLiteral("not found"));
}

void TestInspectPage::loadingFailureSaysWhatToDo() {
    WindowFixture fixture;
    fixture.control->failLoading = true;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(modelOf(fixture)->row(0).state, ItemState::Failed);
    auto* notice = fixture.find<ui::NoticeBar>("inspectNotice");
    QTRY_VERIFY(notice->text().contains(QStringLiteral("altered")));
    fixture.control->failLoading = false;
    auto* remedy = fixture.find<QToolButton>("inspectNoticeRemedyButton");
    QTRY_VERIFY(remedy->isVisible() && remedy->isEnabled());
    remedy->click();
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(modelOf(fixture)->row(0).state, ItemState::Done);
    QTRY_VERIFY(notice->isHidden());
}

void TestInspectPage::whyOpensTheModelCard() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QVERIFY(waitForAll(fixture, 1));
    QTRY_VERIFY(fixture.find<QToolButton>("whyButton"));
    fixture.find<QToolButton>("whyButton")->click();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("models"));
    QCOMPARE(fixture.find<QTabWidget>("modelTabs")->currentIndex(), 0);
    fixture.window->showPage(QStringLiteral("inspect"));
    fixture.find<QToolButton>("codeHeadingHelp")->click();
    QCOMPARE(fixture.window->shownPage(), QStringLiteral("models"));
    QCOMPARE(fixture.find<QTabWidget>("modelTabs")->currentIndex(), 1);
}

void TestInspectPage::copyAndPaste() {
    WindowFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QVERIFY(waitForAll(fixture, 1));
    auto* copy = fixture.find<QAction>("copyCsvAction");
    QTRY_VERIFY(copy->isEnabled());
    copy->trigger();
    QVERIFY(QApplication::clipboard()->text().contains(
        QStringLiteral("p.png,done,signature found,3fa21b90 (unverified),fake-code32,7.31")));
    QImage picture(50, 40, QImage::Format_RGB32);
    picture.fill(Qt::white);
    QApplication::clipboard()->setImage(picture);
    fixture.find<QAction>("pasteAction")->trigger();
    QVERIFY(waitForAll(fixture, 2));
    QCOMPARE(modelOf(fixture)->row(1).state, ItemState::Done);
    const QString pasted = fixture.path(QStringLiteral("workspace/pasted"));
    QCOMPARE(QDir(pasted).entryList({QStringLiteral("pasted-*.png")}).size(), 1);
}

void TestInspectPage::openUsesTheDialogSeam() {
    WindowFixture fixture;
    ui::FileDialogs::setNextFileNames({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QTest::keySequence(fixture.window.get(), QKeySequence::Open);
    QVERIFY(waitForAll(fixture, 1));
    ui::FileDialogs::setNextFileNames({fixture.folder.path()});
    fixture.find<QAction>("openFolderAction")->trigger();
    QVERIFY(waitForAll(fixture, 2));
}

void TestInspectPage::windowStaysResponsive() {
    WindowFixture fixture;
    fixture.control->hold = true;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 250)});
    QTRY_COMPARE(modelOf(fixture)->count(ItemState::Examining), 1);
    QElapsedTimer clock;
    clock.start();
    for (const QString& page : fixture.window->pages()) {
        fixture.window->showPage(page);
        QCoreApplication::processEvents();
    }
    QVERIFY2(clock.elapsed() < 3000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(modelOf(fixture)->count(ItemState::Examining), 1);  // the job still runs: nothing waited for it
}

SIGNET_TEST(TestInspectPage)
#include "test_inspect_page.moc"
