// What people change in a case, in the real window on real SQLite cases: tags and notes with undo, the case's
// properties, cases on a server from the start view, copied rows.
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSettings>

#include "case_fixture.h"
#include "core/cases/database_url.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/inspect/inspect_page.h"
#include "ui/shell/main_window.h"
#include "ui/style/copy_table_view.h"
#include "ui/viewer/compare_panel.h"

using namespace signet;
using test::CaseFixture;

class TestCaseEdits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tagByKeyAndNote();
    void tagsAndNotesAreUndone();
    void propertiesAreChanged();
    void copiedRowsCarryWholeHashes();
    void twoExhibitsAreCompared();
    void databaseUrls_data();
    void databaseUrls();
    void passwordsAreNotKept();
};

void TestCaseEdits::tagByKeyAndNote() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    QTest::keyClick(f.view()->table(), Qt::Key_1);
    QVERIFY(f.noticeText("caseNotice").contains(QStringLiteral("No tag has the key 1")));
    f.find<QLineEdit>("newTagField")->setText(QStringLiteral("relevant"));
    QTest::keyClick(f.find<QLineEdit>("newTagField"), Qt::Key_Return);
    QVERIFY(f.settled());
    QCOMPARE(f.model()->exhibit(0).tags.size(), std::size_t{1});
    QCOMPARE(f.find<QLabel>("exhibitTags")->text(), QStringLiteral("relevant"));
    f.view()->table()->setFocus();
    QTest::keyClick(f.view()->table(), Qt::Key_1);
    QVERIFY(f.settled());
    QVERIFY(f.model()->exhibit(0).tags.empty());
    f.view()->table()->selectAll();
    QTest::keyClick(f.view()->table(), Qt::Key_1);
    QVERIFY(f.settled());
    for (int row = 0; row < 3; ++row) QCOMPARE(f.model()->exhibit(row).tags.size(), std::size_t{1});
    f.find<QComboBox>("caseTagFilter")->setCurrentIndex(1);
    QCOMPARE(f.view()->filter()->rowCount(), 3);

    f.view()->select(3);
    const QString note = QStringLiteral("Second line\n'); DROP TABLE evidence; --");
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(note);
    f.find<QPushButton>("saveNoteButton")->click();
    QVERIFY(f.settled());
    QCOMPARE(f.store().exhibits().byId(3).note, note.toStdString());
    // a note that was not saved is saved on the way to the next exhibit
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(QStringLiteral("typed"));
    f.view()->select(1);
    QVERIFY(f.settled());
    QCOMPARE(f.store().exhibits().byId(3).note, std::string("typed"));
    QVERIFY(f.find<QPlainTextEdit>("exhibitNote")->toPlainText().isEmpty());
}

void TestCaseEdits::tagsAndNotesAreUndone() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    auto* undo = f.find<QAction>("caseUndoAction");
    auto* redo = f.find<QAction>("caseRedoAction");
    QVERIFY(!undo->isEnabled() && !redo->isEnabled());
    f.view()->select(2);
    f.find<QLineEdit>("newTagField")->setText(QStringLiteral("sky"));
    QTest::keyClick(f.find<QLineEdit>("newTagField"), Qt::Key_Return);
    QVERIFY(f.settled());
    // all three get it; the one that had it keeps it when that is undone
    f.view()->select(1);
    f.view()->table()->selectAll();
    QTest::keyClick(f.view()->table(), Qt::Key_1);
    QVERIFY(f.settled());
    const auto tagged = [&] {
        int count = 0;
        for (const auto& exhibit : f.store().exhibits().all()) count += exhibit.tags.empty() ? 0 : 1;
        return count;
    };
    QCOMPARE(tagged(), 3);
    undo->trigger();
    QVERIFY(f.settled());
    QCOMPARE(tagged(), 1);
    QCOMPARE(f.model()->exhibit(1).tags.size(), std::size_t{1});
    undo->trigger();
    QVERIFY(f.settled());
    QCOMPARE(tagged(), 0);
    redo->trigger();
    redo->trigger();
    QVERIFY(f.settled());
    QCOMPARE(tagged(), 3);

    f.view()->select(1);
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(QStringLiteral("first"));
    f.find<QPushButton>("saveNoteButton")->click();
    QVERIFY(f.settled());
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(QStringLiteral("second"));
    f.find<QPushButton>("saveNoteButton")->click();
    QVERIFY(f.settled());
    QVERIFY(undo->text().contains(QStringLiteral("note of exhibit 1")));
    undo->trigger();
    QVERIFY(f.settled());
    QCOMPARE(f.store().exhibits().byId(1).note, std::string("first"));
    QCOMPARE(f.find<QPlainTextEdit>("exhibitNote")->toPlainText(), QStringLiteral("first"));
    f.find<QAction>("closeCaseAction")->trigger();
    QVERIFY(!undo->isEnabled());
}

void TestCaseEdits::propertiesAreChanged() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.find<QAction>("casePropertiesAction")->trigger();
    QVERIFY(f.find<QLineEdit>("caseTitleField")->isVisible());
    QCOMPARE(f.find<QLineEdit>("caseTitleField")->text(), QStringLiteral("Photographs of May"));
    QVERIFY(!f.find<QLineEdit>("caseFileField")->isVisible());
    f.find<QLineEdit>("caseTitleField")->clear();
    QVERIFY(!f.find<QPushButton>("caseCreateButton")->isEnabled());
    f.find<QLineEdit>("caseTitleField")->setText(QStringLiteral("Photographs of June"));
    f.find<QLineEdit>("caseNumberField")->setText(QStringLiteral("2026-17"));
    f.find<QLineEdit>("caseField_location")->setText(QStringLiteral("as above"));
    f.find<QPlainTextEdit>("caseField_purpose")->setPlainText(QStringLiteral("Is it signed?"));
    f.find<QPushButton>("caseCreateButton")->click();
    QTRY_VERIFY(f.view()->isVisible());
    QCOMPARE(f.find<QLabel>("caseTitle")->text(), QStringLiteral("Photographs of June"));
    QVERIFY(f.find<QLabel>("caseSubtitle")->text().startsWith(QStringLiteral("2026-17")));
    const cases::CaseInfo info = f.store().info();
    QCOMPARE(info.number, std::string("2026-17"));
    QCOMPARE(info.fields.at("purpose").get<std::string>(), std::string("Is it signed?"));
    QVERIFY(!info.fields.contains("deviations"));
    QCOMPARE(f.store().audit().entries().back().action, std::string("case properties changed"));
    // a new case begins empty again
    f.find<QAction>("newCaseAction")->trigger();
    QVERIFY(f.find<QLineEdit>("caseTitleField")->text().isEmpty());
    QVERIFY(f.find<QLineEdit>("caseFileField")->isVisible());
}

void TestCaseEdits::copiedRowsCarryWholeHashes() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    f.view()->table()->setFocus();
    QTest::keySequence(f.view()->table(), QKeySequence::Copy);
    const QString copied = QApplication::clipboard()->text();
    QVERIFY2(copied.contains(ui::toText(f.model()->exhibit(0).sha256)), qPrintable(copied));
    QVERIFY(copied.contains(QStringLiteral("signed.png")));
}

void TestCaseEdits::twoExhibitsAreCompared() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    auto* compare = f.find<QAction>("compareExhibitsAction");
    auto* withFile = f.find<QAction>("compareExhibitFileAction");
    f.view()->select(1);
    QCOMPARE(f.view()->selected().size(), std::size_t{1});
    QVERIFY(withFile->isEnabled());
    QVERIFY(!compare->isEnabled());
    const QString original = test::writePicture(f.folder.path(), QStringLiteral("original.png"), 99);
    ui::FileDialogs::setNextFileNames({original});
    withFile->trigger();
    QCOMPARE(f.window->shownPage(), QStringLiteral("inspect"));
    const ui::ComparePanel* panel = f.window->page<ui::InspectPage>()->comparison();
    QCOMPARE(panel->side(0).file.path, ui::toPath(original));
    QCOMPARE(panel->side(1).file.path, f.model()->fileOf(f.model()->exhibit(0)));
    QTRY_VERIFY(!panel->isLoading());
    f.window->showPage(QStringLiteral("cases"));
    f.view()->table()->selectAll();
    QVERIFY(!compare->isEnabled() && !withFile->isEnabled());
    f.view()->select(1);
    f.view()->table()->selectionModel()->select(f.view()->filter()->indexOf(3),
                                                QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QVERIFY(compare->isEnabled());
    compare->trigger();
    QCOMPARE(panel->side(0).file.path, f.model()->fileOf(f.model()->exhibit(0)));
    QCOMPARE(panel->side(1).file.path, f.model()->fileOf(f.model()->exhibit(2)));
}

void TestCaseEdits::databaseUrls_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<bool>("usable");
    QTest::newRow("plain") << "postgresql://ada@host/case17"
                           << "postgresql://ada@host/case17" << true;
    QTest::newRow("password") << "postgresql://ada:s3cret@host:5433/case17"
                              << "postgresql://ada@host:5433/case17" << true;
    QTest::newRow("parameter") << "postgresql://host/c?password=s3cret&connect_timeout=2"
                               << "postgresql://host/c?connect_timeout=2" << true;
    QTest::newRow("at in password") << "postgres://ada:s@cret@host/c"
                                    << "postgres://ada@host/c" << true;
    QTest::newRow("slash in password") << "postgresql://ada:s/cret@host/c"
                                       << "postgresql://ada@host/c" << true;
    QTest::newRow("no database") << "postgresql://ada@host"
                                 << "postgresql://ada@host" << false;
    QTest::newRow("other scheme") << "mysql://host/c"
                                  << "mysql://host/c" << false;
    QTest::newRow("bad port") << "postgresql://host:port/c"
                              << "postgresql://host:port/c" << true;
}

void TestCaseEdits::databaseUrls() {
    QFETCH(QString, url);
    QFETCH(QString, shown);
    QFETCH(bool, usable);
    QCOMPARE(ui::toText(cases::withoutPassword(url.toStdString())), shown);
    if (QTest::currentDataTag() == std::string("at in password") ||
        QTest::currentDataTag() == std::string("bad port"))
        return;  // libpq's own business
    QCOMPARE(cases::databaseUrlProblem(url.toStdString()).empty(), usable);
    CaseFixture f;
    f.find<QLineEdit>("databaseUrl")->setText(url);
    QCOMPARE(f.find<QPushButton>("openDatabaseButton")->isEnabled(), usable);
    QCOMPARE(f.find<QLabel>("databaseProblem")->isVisible(), !usable);
}

void TestCaseEdits::passwordsAreNotKept() {
    CaseFixture f;
    f.services->cases().setExaminer("A. Turing");
    // nobody listens there: the password is asked for again, and stands nowhere
    f.find<QLineEdit>("databaseUrl")
        ->setText(QStringLiteral("postgresql://ada@127.0.0.1:1/case17?connect_timeout=1"));
    f.find<QLineEdit>("databasePassword")->setText(QStringLiteral("s3cret"));
    f.find<QPushButton>("openDatabaseButton")->click();
    QVERIFY(f.find<QLineEdit>("databasePassword")->text().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!f.noticeText("caseNotice").isEmpty(), CaseFixture::kWaitMs);
    QVERIFY(!f.noticeText("caseNotice").contains(QStringLiteral("s3cret")));
    QVERIFY(
        f.find<QLineEdit>("databaseUrl")->text().startsWith(QStringLiteral("postgresql://ada@127.0.0.1")));
    f.find<QCheckBox>("reopenLastCase")->setChecked(false);
    f.window->saveSettings();
    QFile settings(f.path(QStringLiteral("settings.ini")));
    QVERIFY(settings.open(QIODevice::ReadOnly));
    const QByteArray text = settings.readAll();
    QVERIFY(!text.contains("s3cret"));
    QVERIFY(text.contains("reopen=false"));
    QCOMPARE(ui::toText(cases::withPassword("postgresql://ada@host/c", "a b@c")),
             QStringLiteral("postgresql://ada:a%20b%40c@host/c"));
    QCOMPARE(ui::toText(cases::withPassword("postgresql://host/c", "x")),
             QStringLiteral("postgresql://host/c?password=x"));
}

SIGNET_TEST(TestCaseEdits)
#include "test_case_edits.moc"
