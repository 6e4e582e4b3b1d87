// The Cases page in the real window, on real SQLite cases: new case, intake, examination, tags, notes,
// findings, verification, a case that goes on after its program died, and a table of many rows.
#include <unistd.h>
#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <array>

#include "core/cases/case_store.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/exhibit_results.h"
#include "ui/itemmodels/evidence_filter.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/file_dialogs.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

using namespace signet;
using cases::WorkState;
using test::WindowFixture;
using test::writePicture;

namespace {

constexpr int kWaitMs = 20'000;
constexpr int kManyRows = 5'000;

/// The window on its Cases page.
class CaseFixture : public WindowFixture {
public:
    CaseFixture() { window->showPage(ui::MainWindow::CasesIndex); }

    ui::CaseView* view() const { return window->casePage()->view(); }
    ui::EvidenceModel* model() const { return view()->model(); }
    QString caseFile() const { return path(QStringLiteral("one.case")); }
    bool settled() const {
        return QTest::qWaitFor([this] { return services->cases().isIdle() && services->media().isIdle(); },
                               kWaitMs);
    }
    cases::CaseStore store() const {
        cases::OpenOptions options;
        options.actor = "test";
        return {caseFile().toStdString(), options};
    }
    QString noticeText(const char* bar) const { return find<ui::NoticeBar>(bar)->text(); }

    void newCase() {
        find<QAction>("newCaseAction")->trigger();
        find<QLineEdit>("caseTitleField")->setText(QStringLiteral("Photographs of May"));
        find<QLineEdit>("caseExaminerField")->setText(QStringLiteral("A. Turing"));
        ui::FileDialogs::setNextFileNames({caseFile()});
        find<QPushButton>("caseChooseFile")->click();
        find<QPushButton>("caseCreateButton")->click();
        QVERIFY(QTest::qWaitFor([this] { return view()->isVisible(); }, kWaitMs));
    }
    /// Two pictures, one of them signed by the fake engine's rule, and a file that is no picture.
    void takeIn() {
        writePicture(folder.path(), QStringLiteral("signed.png"), 230);
        writePicture(folder.path(), QStringLiteral("plain.png"), 20);
        QFile broken(path(QStringLiteral("broken.png")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("no picture");
        broken.close();
        drop({path(QStringLiteral("signed.png")), path(QStringLiteral("broken.png")),
              path(QStringLiteral("plain.png"))});
        QVERIFY(QTest::qWaitFor([this] { return model()->rowCount() == 3; }, kWaitMs));
        QVERIFY(settled());
    }
    void examineAll() {
        find<QAction>("examineCaseAction")->trigger();
        QVERIFY(settled());
    }
};

std::vector<cases::Evidence> manyExhibits(int count) {
    std::vector<cases::Evidence> rows(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        cases::Evidence& e = rows[static_cast<std::size_t>(i)];
        e.id = i + 1;
        e.originalPath = "/photos/IMG_" + std::to_string((i * 7919) % count) + ".jpg";
        e.sha256 = std::string(63, 'a') + static_cast<char>('0' + i % 10);
        e.state = i % 10 == 0 ? WorkState::Failed : WorkState::Done;
        e.model = "m";
        e.score = (i * 31) % count;
        e.presence = i % 4 == 0 ? "signature found" : "not found";
        if (i % 100 == 0) e.tags = {5};
    }
    return rows;
}

}  // namespace

class TestCasePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newCaseAsksForWhatIsMissing();
    void dropTakesInAndExamineRuns();
    void tagByKeyNoteAndFinding();
    void tamperingShowsTheBanner();
    void pauseStopAndTheNextSession();
    void whatADeadProcessHeldGoesOn();
    void readOnlyAndDamagedCases();
    void theLastCaseIsOpenedAgain();
    void manyRowsSortAndFilter();
    void recordedFindingsReadBack();
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
    const auto recorded = store.evidence();
    QCOMPARE(recorded[0].presence, std::string("signature found"));
    QCOMPARE(recorded[0].code, std::string("3fa21b90"));
    QCOMPARE(recorded[0].receivedFrom, std::string("Drive 3"));
    QVERIFY(recorded[1].state == WorkState::Failed);
    QCOMPARE(recorded[2].presence, std::string("not found"));
    QCOMPARE(store.examinations(1).front().examiner, std::string("A. Turing"));

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
    QTRY_COMPARE(f.store().examinations(1).size(), std::size_t{2});
    QCOMPARE(f.model()->rowCount(), 3);
}

void TestCasePage::tagByKeyNoteAndFinding() {
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
    QCOMPARE(f.store().evidenceOf(3).note, note.toStdString());
    // a note that was not saved is saved on the way to the next exhibit
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(QStringLiteral("typed"));
    f.view()->select(1);
    QVERIFY(f.settled());
    QCOMPARE(f.store().evidenceOf(3).note, std::string("typed"));
    QVERIFY(f.find<QPlainTextEdit>("exhibitNote")->toPlainText().isEmpty());

    f.view()->panel()->showTab(ui::ExhibitPanel::Findings);
    f.find<QLineEdit>("findingComment")->setText(QStringLiteral("sky was repeated"));
    f.find<QPushButton>("findingAddButton")->click();
    QTRY_VERIFY(f.find<QLabel>("findingCommentText"));
    QCOMPARE(f.store().findings(1).front().comment, std::string("sky was repeated"));
    QCOMPARE(f.store().findings(1).front().author, std::string("A. Turing"));
    f.find<QToolButton>("removeFindingButton")->click();
    QTRY_VERIFY(f.store().findings(1).empty());
}

void TestCasePage::tamperingShowsTheBanner() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.find<QAction>("verifyCaseAction")->trigger();
    QTRY_VERIFY(f.noticeText("caseNotice").startsWith(QStringLiteral("Everything is as recorded")));
    QVERIFY(f.noticeText("caseIntegrity").isEmpty());
    QVERIFY(f.settled());
    const cases::Evidence first = f.model()->exhibit(0);
    QFile copy(ui::fromPath(f.model()->fileOf(first)));
    QVERIFY(copy.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(copy.open(QIODevice::Append));
    copy.write("x");
    copy.close();
    f.find<QAction>("verifyCaseAction")->trigger();
    QTRY_VERIFY(f.noticeText("caseIntegrity").contains(QStringLiteral("Exhibit 1 is not what was taken in")));
    QVERIFY(f.settled());
    QVERIFY(f.noticeText("caseNotice").contains(QStringLiteral("not as recorded")));
    QCOMPARE(f.store().findings(1).size(), std::size_t{1});
    // it is there again when the case is opened again, and that exhibit is not examined
    f.find<QAction>("closeCaseAction")->trigger();
    QVERIFY(f.noticeText("caseIntegrity").isEmpty());
    f.window->casePage()->openCase(f.caseFile());
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
    QVERIFY(f.model()->count(WorkState::Waiting) > 0);
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
    QCOMPARE(f.store().progress().waiting, 3);
    f.find<QAction>("closeCaseAction")->trigger();
    f.window->casePage()->openCase(f.caseFile());
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
        const auto host = store.take("x", 100'000);  // another machine's: stays
        QVERIFY(host);
        std::array<char, 256> name{};
        QCOMPARE(::gethostname(name.data(), name.size() - 1), 0);
        QVERIFY(store.take(std::string(name.data()) + "/999999999/1.boot", 100'000));
    }
    f.window->casePage()->openCase(f.caseFile());
    QTRY_COMPARE(f.model()->count(WorkState::Waiting), 2);
    QCOMPARE(f.model()->count(WorkState::Running), 1);
    f.examineAll();
    QCOMPARE(f.model()->count(WorkState::Waiting), 0);
}

void TestCasePage::readOnlyAndDamagedCases() {
    CaseFixture f;
    f.window->casePage()->openCase(f.path(QStringLiteral("nowhere.case")));
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
    f.window->casePage()->openCase(f.caseFile());
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
    second.showPage(ui::MainWindow::CasesIndex);
    second.show();
    QTRY_COMPARE(second.casePage()->view()->model()->rowCount(), 3);
    QCOMPARE(f.services->cases().examiner(), std::string("A. Turing"));
}

void TestCasePage::manyRowsSortAndFilter() {
    ui::EvidenceModel model;
    ui::EvidenceFilter filter(model);
    model.reset(manyExhibits(kManyRows), "/nowhere");
    model.setTags({{5, "sky", "1"}});
    QElapsedTimer clock;
    clock.start();
    filter.sort(ui::EvidenceModel::ScoreColumn, Qt::DescendingOrder);
    QCOMPARE(filter.rowCount(), kManyRows);
    for (int row = 1; row < kManyRows; ++row)
        QVERIFY(filter.exhibit(filter.index(row - 1, 0)).score >= filter.exhibit(filter.index(row, 0)).score);
    filter.sort(ui::EvidenceModel::FileColumn, Qt::AscendingOrder);
    QCOMPARE(filter.index(0, ui::EvidenceModel::FileColumn).data().toString(), QStringLiteral("IMG_0.jpg"));
    filter.setState(WorkState::Failed);
    QCOMPARE(filter.rowCount(), kManyRows / 10);
    filter.setState(std::nullopt);
    filter.setPresence("signature found");
    QCOMPARE(filter.rowCount(), kManyRows / 4);
    filter.setPresence({});
    filter.setTag(5);
    QCOMPARE(filter.rowCount(), kManyRows / 100);
    filter.setTag(0);
    filter.setText(QStringLiteral("img_4999"));
    QCOMPARE(filter.rowCount(), 1);
    filter.setText({});
    QVERIFY2(clock.elapsed() < 5'000, qPrintable(QString::number(clock.elapsed())));

    // results that arrive change their row only
    cases::Evidence changed = model.exhibit(41);
    changed.state = WorkState::Waiting;
    model.update({changed});
    QCOMPARE(model.count(WorkState::Waiting), 1);
    cases::Evidence fresh = changed;
    fresh.id = kManyRows + 1;
    model.update({fresh});
    QCOMPARE(filter.rowCount(), kManyRows + 1);
    const QModelIndex hash = model.index(0, ui::EvidenceModel::HashColumn);
    QCOMPARE(hash.data().toString().size(), 16);
    QVERIFY(hash.data(Qt::ToolTipRole).toString().contains(ui::toText(model.exhibit(0).sha256)));
    QCOMPARE(hash.data(Qt::EditRole).toString().size(), 64);
}

void TestCasePage::recordedFindingsReadBack() {
    examine::Record record;
    examine::Finding finding;
    finding.model = "m";
    finding.presence = examine::Presence::Present;
    finding.scoreLogit = 3.5;
    finding.threshold = 2;
    finding.falsePositiveRate = {0, 0.0049, 612};
    examine::CodeReading code;
    code.hex = "a5";
    code.bits = 8;
    code.bitConfidence = {0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.6};
    finding.code = code;
    finding.hypotheses = 12;
    record.findings = {finding};
    const examine::Finding read = ui::findingFromRecord(examine::toJson(record).at("findings").at(0));
    QVERIFY(read.presence == examine::Presence::Present);
    QCOMPARE(read.scoreLogit, 3.5);
    QCOMPARE(read.falsePositiveRate.n, 612);
    QCOMPARE(read.hypotheses, 12);
    QVERIFY(read.code);
    QCOMPARE(read.code->bitConfidence.size(), std::size_t{8});
    QVERIFY(read.code->bitLogits[0] > 0 && read.code->bitLogits[1] < 0);
    const Json match = {{"holder", "A. Noether"},
                        {"nearest_holder", "A. Noether"},
                        {"matched", 31},
                        {"n", 32},
                        {"p_value_corrected", 2.3e-9},
                        {"database_size", 5},
                        {"hypotheses", 12}};
    QCOMPARE(
        ui::matchText(match),
        QStringLiteral("31 of 32 bits as registered for A. Noether; p 2.3e-09, corrected for 5 registered "
                       "codes and 12 geometries"));
}

QTEST_MAIN(TestCasePage)
#include "test_case_page.moc"
