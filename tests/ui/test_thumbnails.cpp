// Thumbnails are those of the file they stand beside, whatever other lists ask for at the same time.
#include <QIcon>
#include <QLabel>
#include <QLineEdit>

#include "case_fixture.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/bridge/thumbnails.h"

using namespace signet;
using test::CaseFixture;
using test::writePicture;

namespace {

constexpr int kExhibits = 11;
constexpr int kPhotos = 30;  // some of them are kept for validation
constexpr int kCloseTo = 6;  // of 255; a JPEG's or a scaled picture's rounding

int levelOf(const QPixmap& pixmap) {
    const QImage picture = pixmap.toImage();
    return qGray(picture.pixel(picture.width() / 2, picture.height() / 2));
}

/// The level of the picture beside an exhibit; -1: none yet.
int shownLevel(const ui::ExhibitModel& model, int row) {
    const auto icon =
        model.data(model.index(row, ui::ExhibitModel::PictureColumn), Qt::DecorationRole).value<QIcon>();
    return icon.isNull() ? -1 : levelOf(icon.pixmap(48));
}

int exhibitLevel(int number) {
    return 130 + 10 * number;
}

}  // namespace

class TestThumbnails : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void listsDoNotShareKeys();
    void lateAnswersAreDropped();
    void droppedRequestsAreAskedForAgain();
    void exhibitsBesideTrainingPhotographs_data();
    void exhibitsBesideTrainingPhotographs();
    void anotherCaseHasItsOwn();
};

void TestThumbnails::listsDoNotShareKeys() {
    const QTemporaryDir folder;
    ui::MediaService media;
    ui::Thumbnails dark(media), light(media);
    const auto darkFile = ui::toPath(writePicture(folder.path(), QStringLiteral("dark.png"), 20));
    const auto lightFile = ui::toPath(writePicture(folder.path(), QStringLiteral("light.png"), 230));
    QVERIFY(dark.of(1, darkFile) == nullptr);
    QVERIFY(light.of(1, lightFile) == nullptr);
    QTRY_VERIFY(dark.of(1, darkFile) != nullptr && light.of(1, lightFile) != nullptr);
    QVERIFY(std::abs(levelOf(*dark.of(1, darkFile)) - 20) < kCloseTo);
    QVERIFY(std::abs(levelOf(*light.of(1, lightFile)) - 230) < kCloseTo);
}

/// What was asked for before clear() never stands for a key afterwards, asked for again or not.
void TestThumbnails::lateAnswersAreDropped() {
    const QTemporaryDir folder;
    ui::MediaService media;
    ui::Thumbnails thumbnails(media);
    const auto before = ui::toPath(writePicture(folder.path(), QStringLiteral("before.png"), 20));
    const auto after = ui::toPath(writePicture(folder.path(), QStringLiteral("after.png"), 230));
    for (const bool requested : {false, true}) {  // not yet with the service, or there
        QVERIFY(thumbnails.of(1, before) == nullptr);
        QVERIFY(thumbnails.of(2, before) == nullptr);
        if (requested) QCoreApplication::sendPostedEvents();
        thumbnails.clear();
        QVERIFY(thumbnails.of(1, after) == nullptr);
        QTRY_VERIFY(thumbnails.of(1, after) != nullptr);
        QTRY_VERIFY(media.isIdle());
        QVERIFY(std::abs(levelOf(*thumbnails.of(1, after)) - 230) < kCloseTo);
        QVERIFY(thumbnails.of(2, after) == nullptr);
        thumbnails.clear();
    }
}

void TestThumbnails::droppedRequestsAreAskedForAgain() {
    const QTemporaryDir folder;
    ui::MediaService media;
    ui::Thumbnails thumbnails(media);
    const auto file = ui::toPath(writePicture(folder.path(), QStringLiteral("one.png"), 90));
    constexpr quint64 kMany = 300;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            quint64 known = 0;
            for (quint64 key = 0; key < kMany; ++key) known += thumbnails.of(key, file) != nullptr;
            return known == kMany;
        }(),
        CaseFixture::kWaitMs);
}

void TestThumbnails::exhibitsBesideTrainingPhotographs_data() {
    QTest::addColumn<bool>("caseFirst");
    QTest::newRow("the case first") << true;
    QTest::newRow("the photographs first") << false;
}
/// Both pages of one window, with the same numbers at the same time.
void TestThumbnails::exhibitsBesideTrainingPhotographs() {
    QFETCH(bool, caseFirst);
    CaseFixture fixture;
    QVERIFY(QDir(fixture.folder.path()).mkdir(QStringLiteral("photos")));
    for (int i = 0; i < kPhotos; ++i)
        writePicture(fixture.path(QStringLiteral("photos")), QStringLiteral("photo %1.png").arg(i), 10 + i);
    const auto choosePhotos = [&] {
        fixture.window->showPage(QStringLiteral("training"));
        fixture.find<QLineEdit>("newRunData")->setText(fixture.path(QStringLiteral("photos")));
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.find<QLabel>("newRunPhoto0")->pixmap().isNull(),
                                 CaseFixture::kWaitMs);
        fixture.window->showPage(QStringLiteral("cases"));
    };
    if (!caseFirst) choosePhotos();
    fixture.newCase();
    QStringList files;
    for (int i = 1; i <= kExhibits; ++i)
        files << writePicture(fixture.folder.path(), QStringLiteral("exhibit %1.png").arg(i, 2),
                              exhibitLevel(i));
    fixture.drop(files);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.model()->rowCount(), kExhibits, CaseFixture::kWaitMs);
    if (caseFirst) choosePhotos();
    QVERIFY(fixture.settled());
    for (int row = 0; row < kExhibits; ++row) {
        QTRY_VERIFY(shownLevel(*fixture.model(), row) >= 0);
        QVERIFY(std::abs(shownLevel(*fixture.model(), row) - exhibitLevel(row + 1)) < kCloseTo);
    }
    for (int i = 0; i < 12; ++i) {
        const auto* photo = fixture.find<QLabel>(qPrintable(QStringLiteral("newRunPhoto%1").arg(i)));
        QTRY_VERIFY(!photo->pixmap().isNull());
        QVERIFY(levelOf(photo->pixmap()) <= 10 + kPhotos + kCloseTo);
    }
}

/// Exhibit 1 of a case that is opened while exhibit 1 of another is being asked for.
void TestThumbnails::anotherCaseHasItsOwn() {
    CaseFixture fixture;
    const auto takeInto = [&](const QString& name, int level) {
        const QString file = fixture.path(name);
        cases::CaseInfo info;
        info.title = "of one picture";
        info.examiner = "test";
        cases::CaseStore::create(file.toStdString(), info, {});
        fixture.services->cases().open(file.toStdString());
        QVERIFY(QTest::qWaitFor([&] { return fixture.view()->isVisible(); }, CaseFixture::kWaitMs));
        QVERIFY(fixture.settled());
        fixture.drop({writePicture(fixture.folder.path(), name + QStringLiteral(".png"), level)});
        QTRY_COMPARE_WITH_TIMEOUT(fixture.model()->rowCount(), 1, CaseFixture::kWaitMs);
        QVERIFY(fixture.settled());
    };
    takeInto(QStringLiteral("dark.case"), 20);
    takeInto(QStringLiteral("light.case"), 230);
    for (const auto& [name, level] : {std::pair{"dark.case", 20}, {"light.case", 230}, {"dark.case", 20}}) {
        (void)shownLevel(*fixture.model(), 0);  // asks
        fixture.services->cases().open(fixture.path(QLatin1String(name)).toStdString());
        QVERIFY(fixture.settled());
        QTRY_VERIFY(shownLevel(*fixture.model(), 0) >= 0);
        QVERIFY(std::abs(shownLevel(*fixture.model(), 0) - level) < kCloseTo);
    }
}

SIGNET_TEST(TestThumbnails)
#include "test_thumbnails.moc"
