// What comes into the window: folders by content with what is left out, files of several pictures, odd names.
#include <QAction>
#include <QDir>
#include <QLabel>
#include <algorithm>

#include "case_fixture.h"
#include "core/base/file_io.h"
#include "tests/core/frame_builders.h"
#include "tests/support/test_program.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "window_fixture.h"

using namespace signet;
using test::CaseFixture;
using test::WindowFixture;

namespace {

void write(const QString& path, const tests::FileBytes& bytes) {
    writeFileAtomically(path.toStdString(), bytes, IfExists::Replace);
}

/// Two pages: found by the fake engine's rule, and not found.
tests::FileBytes twoPages() {
    return tests::tiffPages({tests::plain(80, 60, 250, 250, 250), tests::plain(90, 50, 10, 10, 10)});
}

}  // namespace

class TestIntake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void folderByContent() {
        WindowFixture f;
        QDir().mkpath(f.path("in/below"));
        write(f.path("in/no_ending"), tests::gifFile(80, 60, {{0, 0, 80, 60, {250, 250, 250, 255}, 0}}));
        write(f.path("in/below/photo.bin"), tests::heifFile({tests::plain(80, 60, 250, 250, 250)}));
        write(f.path("in/paper"), {'%', 'P', 'D', 'F'});
        f.window->showPage(QStringLiteral("inspect"));
        f.drop({f.path("in")});
        ui::ExamineModel* model = f.window->page<ui::InspectPage>()->queue()->model();
        QTRY_COMPARE(model->rowCount(), 2);
        QTRY_VERIFY(f.services->examine().isIdle());
        QCOMPARE(model->count(ui::ItemState::Done), 2);
        auto* notice = f.find<ui::NoticeBar>("inspectNotice");
        QTRY_VERIFY2(
            notice->text().contains("1 file in the folders is no image Signet reads and was left out."),
            qPrintable(notice->text()));
        QStringList shown;
        for (const QLabel* label : notice->findChildren<QLabel*>()) shown << label->text();
        QVERIFY2(shown.join('\n').contains("in/paper: PDF"), qPrintable(shown.join('\n')));
    }

    void furtherPagesAreExaminedOnRequest() {
        WindowFixture f;
        write(f.path("scan.tif"), twoPages());
        f.window->showPage(QStringLiteral("inspect"));
        f.drop({f.path("scan.tif")});
        ui::QueuePanel* queue = f.window->page<ui::InspectPage>()->queue();
        ui::ExamineModel* model = queue->model();
        QTRY_COMPARE(model->count(ui::ItemState::Done), 1);
        QCOMPARE(model->row(0).record->decode.frames, 2);
        auto* action = f.find<QAction>("examineFurtherAction");
        QTRY_VERIFY(action->isEnabled());
        action->trigger();
        QTRY_COMPARE(model->count(ui::ItemState::Done), 2);
        QCOMPARE(model->row(1).record->decode.frame, 2);
        QCOMPARE(model->row(1).record->width, 90);
        QCOMPARE(model->index(1, ui::ExamineModel::FileColumn).data().toString(),
                 QString("scan.tif (picture 2)"));
        QVERIFY(model->index(0, ui::ExamineModel::PresenceColumn).data() !=
                model->index(1, ui::ExamineModel::PresenceColumn).data());
        QTRY_VERIFY(!model->index(1, 0).data(ui::ExamineModel::ThumbnailRole).value<QPixmap>().isNull());
        const QImage thumbnail =
            model->index(1, 0).data(ui::ExamineModel::ThumbnailRole).value<QPixmap>().toImage();
        QVERIFY(qGray(thumbnail.pixel(thumbnail.width() / 2, thumbnail.height() / 2)) < 60);
        action->trigger();  // there is nothing more
        QTest::qWait(0);
        QCOMPARE(model->rowCount(), 2);
    }

    void pagesBecomeExhibits() {
        CaseFixture f;
        f.newCase();
        QDir().mkpath(f.path("in"));
        write(f.path("in/scan.tif"), twoPages());
        write(f.path("in/notes.txt"), {'h', 'i'});
        f.drop({f.path("in")});
        QTRY_COMPARE(f.model()->rowCount(), 1);
        QVERIFY(f.settled());
        QVERIFY2(f.noticeText("caseNotice").contains("1 more"), qPrintable(f.noticeText("caseNotice")));
        QVERIFY(f.noticeText("caseNotice").contains("left out"));
        f.find<QAction>("takeFurtherAction")->trigger();
        QTRY_COMPARE(f.model()->rowCount(), 2);
        QVERIFY(f.settled());
        f.examineAll();
        auto store = f.store();
        const auto exhibits = store.exhibits().all();
        QCOMPARE(exhibits[1].frame, 2);
        QCOMPARE(exhibits[1].duplicateOf, cases::RowId(0));
        QVERIFY(exhibits[0].presence != exhibits[1].presence);
        const auto audit = store.audit().entries();
        const auto entry = std::find_if(audit.begin(), audit.end(),
                                        [](const auto& e) { return e.action == "not taken in"; });
        QVERIFY(entry != audit.end());
        QVERIFY2(entry->details.find("notes.txt") != std::string::npos, entry->details.c_str());
    }

    void oddNamesAreShownByTheirNumbers() {
        WindowFixture f;
        const QString name = QString::fromUtf8("photo\u202Egpj\nx.png");
        test::writePicture(f.folder.path(), name, 250);
        f.window->showPage(QStringLiteral("inspect"));
        f.drop({f.path(name)});
        ui::ExamineModel* model = f.window->page<ui::InspectPage>()->queue()->model();
        QTRY_COMPARE(model->count(ui::ItemState::Done), 1);
        QCOMPARE(model->index(0, ui::ExamineModel::FileColumn).data().toString(),
                 QString("photo[U+202E]gpj[U+000A]x.png"));
        QVERIFY(!model->index(0, 0).data(Qt::ToolTipRole).toString().contains(QChar(0x202E)));
    }
};

SIGNET_TEST(TestIntake)
#include "test_intake.moc"
