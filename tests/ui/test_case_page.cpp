// The Cases page in the real window, on real SQLite cases: new case, intake, examination, tags, notes,
// verification, a case that goes on after its program died, and a table of many rows.
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>

#include "case_fixture.h"
#include "core/base/platform.h"
#include "core/cases/case_store.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/itemmodels/exhibit_filter.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"

using namespace signet;
using cases::WorkState;
using test::CaseFixture;
using test::writePicture;

namespace {

constexpr int kManyRows = 5'000;
constexpr const char* kPanels[] = {"casePropertiesAction", "reportCaseAction", "exportCaseAction",
                                   "caseCodesAction", "caseAuditAction"};

std::vector<cases::Exhibit> manyExhibits(int count) {
    std::vector<cases::Exhibit> rows(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        cases::Exhibit& e = rows[static_cast<std::size_t>(i)];
        e.id = i + 1;
        e.originalPath = QStringLiteral("/photos/IMG_%1.jpg").arg((i * 7919) % count).toStdString();
        e.sha256.assign(63, 'a');
        e.sha256.push_back(static_cast<char>('0' + i % 10));
        e.state = i % 10 == 0 ? WorkState::Failed : WorkState::Done;
        e.model.assign(1, 'm');
        e.score = (i * 31) % count;
        e.threshold = 0.75 * count;
        e.presence = e.score >= e.threshold ? "signature found" : "not found";
        if (i % 100 == 0) e.tags = {5};
    }
    return rows;
}

}  // namespace

class TestCasePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newCaseAsksForWhatIsMissing();
    void newCaseByKeyboard();
    void typedFileIsACase_data();
    void typedFileIsACase();
    void anEmptyCaseSaysWhatToDo();
    void aSmallWindowShowsTheCase_data();
    void aSmallWindowShowsTheCase();
    void escapeClosesThePanels_data();
    void escapeClosesThePanels();
    void dropTakesInAndExamineRuns();
    void tamperingShowsTheBanner();
    void pauseStopAndTheNextSession();
    void whatADeadProcessHeldGoesOn();
    void readOnlyAndDamagedCases();
    void theLastCaseIsOpenedAgain();
    void manyRowsSortAndFilter();
};

void TestCasePage::newCaseAsksForWhatIsMissing() {
    CaseFixture f;
    QVERIFY(f.find<QPushButton>("casesEmptynewCaseButton")->isVisible());
    f.find<QAction>("newCaseAction")->trigger();
    auto* create = f.find<QPushButton>("caseCreateButton");
    QVERIFY(create->isVisible() && !create->isEnabled());
    QVERIFY(f.find<QLabel>("caseFormMissing")->text().contains(QStringLiteral("a title")));
    f.find<QPushButton>("caseFormCancel")->click();
    QVERIFY(f.find<QPushButton>("casesEmptynewCaseButton")->isVisible());
    f.newCase();
    QCOMPARE(f.find<QLabel>("caseTitle")->text(), QStringLiteral("Photographs of May"));
    QCOMPARE(f.store().info().examiner, std::string("A. Turing"));

    // a file that is there already is not replaced, and said so in place
    f.find<QAction>("closeCaseAction")->trigger();
    f.find<QAction>("newCaseAction")->trigger();
    f.find<QLineEdit>("caseTitleField")->setText(QStringLiteral("Another"));
    f.find<QLineEdit>("caseFileField")->setText(f.caseFile());
    create->click();
    QTRY_VERIFY(!f.noticeText("caseNotice").isEmpty());
    QVERIFY(create->isVisible());
    QCOMPARE(f.store().info().title, std::string("Photographs of May"));
}

/// From the title down to the buttons, as it is seen; Esc leaves.
void TestCasePage::newCaseByKeyboard() {
    CaseFixture f;
    f.find<QAction>("newCaseAction")->trigger();
    QTRY_COMPARE(QApplication::focusWidget(), f.find<QWidget>("caseTitleField"));
    f.find<QLineEdit>("caseTitleField")->setText(QStringLiteral("T"));
    f.find<QLineEdit>("caseExaminerField")->setText(QStringLiteral("E"));
    QStringList names;
    for (int i = 0; i < 10; ++i) {
        names << QApplication::focusWidget()->objectName();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    QCOMPARE(names, QStringList({"caseTitleField", "caseExaminerField", "caseNumberField",
                                 "caseOrganisationField", "caseCustomerField", "caseDescriptionField",
                                 "caseFileField", "caseChooseFile", "caseMoreFields", "caseCreateButton"}));
    QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("caseFormCancel"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    // wherever the focus is
    for (const char* field : {"caseTitleField", "caseDescriptionField", "caseCreateButton"}) {
        f.find<QAction>("newCaseAction")->trigger();
        f.find<QWidget>(field)->setFocus();
        QTest::keyClick(f.find<QWidget>(field), Qt::Key_Escape);
        QVERIFY(f.find<QPushButton>("casesEmptynewCaseButton")->isVisible());
    }
}

void TestCasePage::typedFileIsACase_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("made");
    QTest::newRow("no ending") << "%1/mine"
                               << "%1/mine.case";
    QTest::newRow("another ending") << "%1/2026.17"
                                    << "%1/2026.17.case";
    QTest::newRow("its ending") << "%1/mine.case"
                                << "%1/mine.case";
    QTest::newRow("no folder") << "mine"
                               << "%1/workspace/cases/mine.case";
}

void TestCasePage::typedFileIsACase() {
    QFETCH(QString, typed);
    QFETCH(QString, made);
    CaseFixture f;
    const QString folder = f.folder.path();
    const QString workspace = ui::fromPath(f.services->workspace());
    made = made.arg(folder).replace(folder + QStringLiteral("/workspace"), workspace);
    f.find<QAction>("newCaseAction")->trigger();
    f.find<QLineEdit>("caseTitleField")->setText(QStringLiteral("T"));
    f.find<QLineEdit>("caseExaminerField")->setText(QStringLiteral("E"));
    f.find<QLineEdit>("caseFileField")->setText(typed.contains(QLatin1Char('%')) ? typed.arg(folder) : typed);
    QVERIFY(f.find<QLabel>("caseFormMissing")->text().contains(made));
    f.find<QPushButton>("caseCreateButton")->click();
    QTRY_VERIFY(f.view()->isVisible());
    QVERIFY2(QFile::exists(made), qPrintable(made));
}

void TestCasePage::anEmptyCaseSaysWhatToDo() {
    CaseFixture f;
    f.newCase();
    auto* empty = f.find<QWidget>("caseNoExhibits");
    QVERIFY(empty->isVisible());
    QVERIFY(f.find<QPushButton>("caseNoExhibitsaddExhibitsButton")->isVisible());
    f.takeIn();
    QVERIFY(!empty->isVisible());
    QVERIFY(f.view()->table()->isVisible());
}

void TestCasePage::aSmallWindowShowsTheCase_data() {
    QTest::addColumn<QString>("action");
    QTest::newRow("exhibits") << QString();
    for (const char* action : kPanels) QTest::newRow(action) << action;
}

/// Nothing lies beside the window, whatever the case is called.
void TestCasePage::aSmallWindowShowsTheCase() {
    QFETCH(QString, action);
    CaseFixture f;
    f.newCase();
    f.takeIn();
    cases::CaseInfo info = f.store().info();
    info.title = std::string(300, 'W');
    f.services->cases().setInfo(info);
    QVERIFY(f.settled());
    f.window->resize(900, 600);
    if (!action.isEmpty()) f.find<QAction>(action.toUtf8())->trigger();
    QCoreApplication::processEvents();
    QCOMPARE(f.window->size(), QSize(900, 600));
    QCOMPARE(f.find<QScrollArea>("pageView")->horizontalScrollBar()->maximum(), 0);
}

void TestCasePage::escapeClosesThePanels_data() {
    QTest::addColumn<QString>("action");
    for (const char* action : kPanels) QTest::newRow(action) << action;
}

/// Also while an examination goes on, which Esc would stop on the page itself.
void TestCasePage::escapeClosesThePanels() {
    QFETCH(QString, action);
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.control->hold = true;
    f.find<QAction>("examineCaseAction")->trigger();
    QTRY_COMPARE(f.model()->count(WorkState::Running), 1);
    f.find<QAction>(action.toLatin1().constData())->trigger();
    QVERIFY(!f.view()->isVisible());
    QTRY_VERIFY(QApplication::focusWidget());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(f.view()->isVisible());
    QVERIFY(f.services->cases().work()->state == jobs::JobState::Running);
    f.control->hold = false;
    QVERIFY(f.settled());
    QCOMPARE(f.model()->count(WorkState::Waiting), 0);
}

void TestCasePage::dropTakesInAndExamineRuns() {
    CaseFixture f;
    f.drop({writePicture(f.folder.path(), QStringLiteral("early.png"), 10)});
    QTRY_VERIFY(f.noticeText("caseNotice").contains(QStringLiteral("Open or make a case")));
    f.newCase();
    f.find<QLineEdit>("caseReceivedFrom")->setText(QStringLiteral("Drive 3"));
    f.takeIn();
    QVERIFY(f.noticeText("caseNotice").startsWith(QStringLiteral("3 exhibits taken in.")));
    QCOMPARE(f.model()->count(WorkState::Waiting), 3);
    QCOMPARE(f.find<QAction>("examineCaseAction")->text().remove(QLatin1Char('&')),
             QStringLiteral("Examine 3 images"));
    f.examineAll();
    QCOMPARE(f.model()->count(WorkState::Done), 2);
    QCOMPARE(f.model()->count(WorkState::Failed), 1);
    QVERIFY(!f.find<QAction>("examineCaseAction")->isEnabled());
    auto store = f.store();
    const auto recorded = store.exhibits().all();
    QCOMPARE(recorded[0].presence, std::string("signature found"));
    QCOMPARE(recorded[0].code, std::string("3fa21b90"));
    QCOMPARE(recorded[0].receivedFrom, std::string("Drive 3"));
    QVERIFY(recorded[1].state == WorkState::Failed);
    QCOMPARE(recorded[2].presence, std::string("not found"));
    QCOMPARE(store.results().examinations(1).front().examiner, std::string("A. Turing"));

    // the chosen exhibit's results, and the reason of a failure
    f.view()->select(1);
    QTRY_VERIFY(f.find<QWidget>("findingCard_fake-code32"));
    f.view()->select(2);
    QTRY_VERIFY(f.find<QLabel>("exhibitFailure"));

    // the same files again are known, not doubled; a new examination stands beside the earlier one
    f.drop({f.path(QStringLiteral("signed.png"))});
    QTRY_VERIFY(f.noticeText("caseNotice").contains(QStringLiteral("in the case already")));
    f.view()->select(1);
    f.find<QAction>("examineExhibitsAgainAction")->trigger();
    QVERIFY(f.settled());
    QTRY_COMPARE(f.store().results().examinations(1).size(), std::size_t{2});
    QCOMPARE(f.model()->rowCount(), 3);
}

void TestCasePage::tamperingShowsTheBanner() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.find<QAction>("verifyCaseAction")->trigger();
    QTRY_VERIFY(f.noticeText("caseNotice").startsWith(QStringLiteral("Everything is as recorded")));
    QVERIFY(f.noticeText("caseIntegrity").isEmpty());
    QVERIFY(f.settled());
    const cases::Exhibit first = f.model()->exhibit(0);
    QFile copy(ui::fromPath(f.model()->fileOf(first)));
    QVERIFY(copy.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(copy.open(QIODevice::Append));
    copy.write("x");
    copy.close();
    f.find<QAction>("verifyCaseAction")->trigger();
    QTRY_VERIFY(f.noticeText("caseIntegrity").contains(QStringLiteral("Exhibit 1 is not what was taken in")));
    QVERIFY(f.settled());
    QVERIFY(f.noticeText("caseNotice").contains(QStringLiteral("not as recorded")));
    QCOMPARE(f.store().findings().of(1).size(), std::size_t{1});
    // it is there again when the case is opened again, and that exhibit is not examined
    f.find<QAction>("closeCaseAction")->trigger();
    QVERIFY(f.noticeText("caseIntegrity").isEmpty());
    f.window->page<ui::CasePage>()->openCase(f.caseFile());
    QTRY_VERIFY(!f.noticeText("caseIntegrity").isEmpty());
    f.examineAll();
    QVERIFY(f.model()->exhibit(0).state == WorkState::Failed);
    QVERIFY(f.model()->exhibit(2).state == WorkState::Done);
}

void TestCasePage::pauseStopAndTheNextSession() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.control->hold = true;
    f.find<QAction>("examineCaseAction")->trigger();
    QTRY_COMPARE(f.model()->count(WorkState::Running), 1);
    // an image on the Inspect page is answered meanwhile, and the case can be worked on
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(QStringLiteral("while it runs"));
    f.find<QPushButton>("saveNoteButton")->click();
    QTRY_COMPARE(f.model()->exhibit(0).note, std::string("while it runs"));
    f.find<QAction>("pauseCaseAction")->trigger();
    f.control->hold = false;
    QTRY_COMPARE(f.find<QAction>("pauseCaseAction")->text().remove(QLatin1Char('&')),
                 QStringLiteral("Resume"));
    QTRY_VERIFY(f.services->cases().work() && f.services->cases().work()->state == jobs::JobState::Paused);
    QTRY_COMPARE(f.model()->count(WorkState::Running), 0);
    QCOMPARE(f.model()->count(WorkState::Waiting), 2);
    QTRY_COMPARE(f.find<QLabel>("caseProgressText")->text(), QStringLiteral("Paused · 1 done, 2 left"));
    const int checks = f.control->checks;
    f.services->examine().enqueue(ui::toPath(f.path(QStringLiteral("plain.png"))));
    QTRY_VERIFY(f.services->examine().isIdle());
    QCOMPARE(f.control->checks.load(), checks + 1);
    f.find<QAction>("pauseCaseAction")->trigger();  // resume
    QVERIFY(f.settled());
    QCOMPARE(f.model()->count(WorkState::Waiting), 0);

    // stopped in the middle: the exhibit at hand waits again
    f.control->hold = true;
    f.view()->table()->selectAll();
    f.find<QAction>("examineExhibitsAgainAction")->trigger();
    QTRY_COMPARE(f.model()->count(WorkState::Running), 1);
    f.find<QAction>("stopCaseAction")->trigger();
    QVERIFY(f.settled());
    f.control->hold = false;
    QCOMPARE(f.model()->count(WorkState::Waiting), 3);
    QCOMPARE(f.store().work().progress().waiting, 3);
    f.find<QAction>("closeCaseAction")->trigger();
    f.window->page<ui::CasePage>()->openCase(f.caseFile());
    QTRY_COMPARE(f.model()->rowCount(), 3);
    f.examineAll();
    QCOMPARE(f.model()->count(WorkState::Waiting), 0);
}

void TestCasePage::whatADeadProcessHeldGoesOn() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.find<QAction>("closeCaseAction")->trigger();
    {
        auto store = f.store();
        const auto host = store.work().claim("x", 100'000);  // another machine's: stays
        QVERIFY(host);
        QVERIFY(store.work().claim(hostName() + "/999999999/1.boot", 100'000));
    }
    f.window->page<ui::CasePage>()->openCase(f.caseFile());
    QTRY_COMPARE(f.model()->count(WorkState::Waiting), 2);
    QCOMPARE(f.model()->count(WorkState::Running), 1);
    f.examineAll();
    QCOMPARE(f.model()->count(WorkState::Waiting), 0);
}

void TestCasePage::readOnlyAndDamagedCases() {
    CaseFixture f;
    f.window->page<ui::CasePage>()->openCase(f.path(QStringLiteral("nowhere.case")));
    // the name is asked for first, once
    QVERIFY(f.find<QLineEdit>("examinerField")->isVisible());
    f.find<QLineEdit>("examinerField")->setText(QStringLiteral("E. Noether"));
    f.find<QPushButton>("examinerButton")->click();
    QVERIFY(!f.find<QLineEdit>("examinerField")->isVisible());
    QTRY_VERIFY(!f.noticeText("caseNotice").isEmpty());
    QVERIFY(f.find<QPushButton>("casesEmptynewCaseButton")->isVisible());

    QFile wrong(f.path(QStringLiteral("wrong.case")));
    QVERIFY(wrong.open(QIODevice::WriteOnly));
    wrong.write(QByteArray(5000, 'z'));
    wrong.close();
    f.drop({wrong.fileName()});
    QTRY_VERIFY(f.noticeText("caseNotice").contains(QStringLiteral("wrong.case")));

    f.newCase();
    f.find<QAction>("closeCaseAction")->trigger();
    QVERIFY(f.settled());
    QProcess sqlite;  // what a later version would leave
    sqlite.start(QStringLiteral("python3"),
                 {QStringLiteral("-c"),
                  QStringLiteral("import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n"
                                 "c.execute(\"insert into schema_version values (9999, 'later')\")\n"
                                 "c.commit()"),
                  f.caseFile()});
    QVERIFY(sqlite.waitForFinished());
    f.window->page<ui::CasePage>()->openCase(f.caseFile());
    QTRY_VERIFY(f.noticeText("caseAccess").contains(QStringLiteral("newer Signet")));
    QVERIFY(!f.find<QAction>("addExhibitsAction")->isEnabled());
    QVERIFY(!f.find<QLineEdit>("newTagField")->isVisible());
}

void TestCasePage::theLastCaseIsOpenedAgain() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.window->saveSettings();
    f.services->cases().close();
    f.window.reset();
    ui::MainWindow second(*f.services, f.theme, f.path(QStringLiteral("settings.ini")));
    second.showPage(QStringLiteral("cases"));
    second.show();
    QTRY_COMPARE(second.page<ui::CasePage>()->view()->model()->rowCount(), 3);
    QCOMPARE(f.services->cases().examiner(), std::string("A. Turing"));
}

void TestCasePage::manyRowsSortAndFilter() {
    ui::MediaService media;
    ui::ExhibitModel model(media);
    ui::ExhibitFilter filter(model);
    model.reset(manyExhibits(kManyRows), "/nowhere");
    model.setTags({{5, "sky", "1"}});
    QElapsedTimer clock;
    clock.start();
    filter.sort(ui::ExhibitModel::ScoreColumn, Qt::DescendingOrder);
    QCOMPARE(filter.rowCount(), kManyRows);
    for (int row = 1; row < kManyRows; ++row)
        QVERIFY(filter.exhibit(filter.index(row - 1, 0)).score >= filter.exhibit(filter.index(row, 0)).score);
    filter.sort(ui::ExhibitModel::FileColumn, Qt::AscendingOrder);
    QCOMPARE(filter.index(0, ui::ExhibitModel::FileColumn).data().toString(), QStringLiteral("IMG_0.jpg"));
    filter.setState(WorkState::Failed);
    QCOMPARE(filter.rowCount(), kManyRows / 10);
    filter.setState(std::nullopt);
    filter.setAnswer(ui::ExhibitFilter::Answer::Present);
    QCOMPARE(filter.rowCount(), kManyRows / 4);
    filter.setAnswer(ui::ExhibitFilter::Answer::Any);
    filter.setTag(5);
    QCOMPARE(filter.rowCount(), kManyRows / 100);
    filter.setTag(0);
    filter.setText(QStringLiteral("img_4999"));
    QCOMPARE(filter.rowCount(), 1);
    filter.setText({});
    QVERIFY2(clock.elapsed() < 5'000, qPrintable(QString::number(clock.elapsed())));

    // results that arrive change their row only
    cases::Exhibit changed = model.exhibit(41);
    changed.state = WorkState::Waiting;
    model.update({changed});
    QCOMPARE(model.count(WorkState::Waiting), 1);
    cases::Exhibit fresh = changed;
    fresh.id = kManyRows + 1;
    model.update({fresh});
    QCOMPARE(filter.rowCount(), kManyRows + 1);
    const QModelIndex hash = model.index(0, ui::ExhibitModel::HashColumn);
    QCOMPARE(hash.data().toString().size(), 16);
    QVERIFY(hash.data(Qt::ToolTipRole).toString().contains(ui::toText(model.exhibit(0).sha256)));
    QCOMPARE(hash.data(Qt::EditRole).toString().size(), 64);
}

SIGNET_TEST(TestCasePage)
#include "test_case_page.moc"
