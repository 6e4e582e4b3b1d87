// What people enter and read in a case, in the real window on real SQLite cases: registered codes, custody
// events, the audit log; what exhibits are called elsewhere; what a filter hides.
#include <time.h>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QToolButton>

#include "case_fixture.h"
#include "core/base/file_io.h"
#include "core/cases/code_picture.h"
#include "core/signature/key_store.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/cases/audit_panel.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/itemmodels/audit_model.h"
#include "ui/itemmodels/code_list_model.h"
#include "ui/itemmodels/queue_filter.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/viewer/compare_panel.h"

using namespace signet;
using test::CaseFixture;

namespace {

void append(const std::filesystem::path& file) {
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    std::string bytes = readTextFile(file);
    writeFileAtomically(file, bytes + "x", IfExists::Replace);
}

void type(CaseFixture& f, const char* field, const QString& text) {
    f.find<QLineEdit>(field)->setText(text);
}

}  // namespace

class TestCaseRecords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "IST-5:30");  // UTC+05:30
        ::tzset();
    }

    void exhibitsKeepTheirName();
    void twinsKeepTheirNames();
    void openInInspectHashesFirst_data();
    void openInInspectHashesFirst();
    void comparedExhibitIsAltered();
    void hiddenExhibitsAreNotEdited_data();
    void hiddenExhibitsAreNotEdited();
    void codesAreManaged();
    void codesKeepKeyAndPicture();
    void custodyIsEntered();
    void auditIsReadAndSearched();
    void timesAreLocal();
};

void TestCaseRecords::exhibitsKeepTheirName() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    QCOMPARE(f.window->windowTitle(), QStringLiteral("Exhibit 1 · signed.png — Photographs of May — Signet"));
    // another image is chosen in Inspect already
    f.window->showPage(QStringLiteral("inspect"));
    f.drop({test::writePicture(f.folder.path(), QStringLiteral("other.png"), 50)});
    auto* queue = f.window->page<ui::InspectPage>()->queue();
    QTRY_COMPARE(queue->model()->rowCount(), 1);
    QTRY_COMPARE(f.window->windowTitle(), QStringLiteral("other.png — Signet"));
    f.window->showPage(QStringLiteral("cases"));
    const auto head = f.store().audit().head().seq;
    for (const int exhibit : {3, 1, 3}) {  // once more: the same row
        f.view()->select(exhibit);
        f.find<QPushButton>("exhibitInspectButton")->click();
        QTRY_COMPARE(f.window->shownPage(), QStringLiteral("inspect"));
        const QString name =
            exhibit == 1 ? QStringLiteral("Exhibit 1 · signed.png") : QStringLiteral("Exhibit 3 · plain.png");
        QCOMPARE(queue->view()->currentIndex().data().toString(), name);
        QCOMPARE(f.window->windowTitle(), name + QStringLiteral(" — Signet"));
        QVERIFY(queue->model()->asText({queue->view()->currentIndex().row()}, true).contains(name));
        QTRY_VERIFY(f.services->examine().isIdle());
        f.window->showPage(QStringLiteral("cases"));
    }
    QCOMPARE(queue->model()->rowCount(), 3);
    QVERIFY(f.noticeText("inspectNotice").isEmpty());
    QCOMPARE(f.store().audit().head().seq, head);  // looking is not recorded

    // side by side, from the case and from the queue
    f.view()->select(1);
    f.view()->table()->selectionModel()->select(f.view()->filter()->indexOf(3),
                                                QItemSelectionModel::Select | QItemSelectionModel::Rows);
    f.find<QAction>("compareExhibitsAction")->trigger();
    const ui::ComparePanel* panel = f.window->page<ui::InspectPage>()->comparison();
    const QString one = QStringLiteral("Exhibit 1 · signed.png");
    const QString three = QStringLiteral("Exhibit 3 · plain.png");
    const auto compared = [&](const QString& a, const QString& b) {
        QCOMPARE(panel->side(0).label, a);
        QCOMPARE(panel->side(1).label, b);
        QCOMPARE(f.window->windowTitle(), QStringLiteral("%1 and %2 — Signet").arg(a, b));
        QTRY_VERIFY(!panel->isLoading());
        QVERIFY(!f.find<QLabel>("compareNote")->isVisible());
    };
    compared(one, three);
    queue->view()->selectionModel()->clearSelection();
    for (const int row : {1, 2})
        queue->view()->selectionModel()->select(queue->view()->model()->index(row, 0),
                                                QItemSelectionModel::Select);
    QTRY_VERIFY(f.find<QAction>("compareAction")->isEnabled());
    f.find<QAction>("compareAction")->trigger();
    compared(three, one);
    ui::QueueFilter filter(*queue->model());
    filter.setText(QStringLiteral("exhibit plain"));
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(filter.index(0, 0).data().toString(), three);
}

/// Exhibits of the same bytes share one copy: each keeps its own name.
void TestCaseRecords::twinsKeepTheirNames() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    const QString twin = f.path(QStringLiteral("twin.png"));
    QVERIFY(QFile::copy(f.path(QStringLiteral("plain.png")), twin));
    f.drop({twin});
    QTRY_COMPARE(f.model()->rowCount(), 4);
    QVERIFY(f.settled());
    auto* queue = f.window->page<ui::InspectPage>()->queue();
    for (const int exhibit : {3, 4}) {
        f.window->showPage(QStringLiteral("cases"));
        f.view()->select(exhibit);
        f.find<QPushButton>("exhibitInspectButton")->click();
        QTRY_COMPARE(f.window->shownPage(), QStringLiteral("inspect"));
    }
    QCOMPARE(queue->model()->rowCount(), 2);
    QCOMPARE(queue->model()->index(0, 0).data().toString(), QStringLiteral("Exhibit 3 · plain.png"));
    QCOMPARE(queue->view()->currentIndex().data().toString(), QStringLiteral("Exhibit 4 · twin.png"));
    QTRY_VERIFY(f.services->examine().isIdle());
}

void TestCaseRecords::openInInspectHashesFirst_data() {
    QTest::addColumn<bool>("missing");
    QTest::newRow("altered") << false;
    QTest::newRow("missing") << true;
}

void TestCaseRecords::openInInspectHashesFirst() {
    QFETCH(bool, missing);
    CaseFixture f;
    f.newCase();
    f.takeIn();
    const std::filesystem::path copy = f.model()->fileOf(f.model()->exhibit(0));
    if (missing)
        std::filesystem::remove(copy);
    else
        append(copy);
    f.view()->select(1);
    f.find<QPushButton>("exhibitInspectButton")->click();
    QTRY_COMPARE(f.window->shownPage(), QStringLiteral("inspect"));
    QVERIFY(f.find<ui::NoticeBar>("inspectNotice")->isVisible());
    QVERIFY(f.noticeText("inspectNotice")
                .startsWith(QStringLiteral("Exhibit 1 · signed.png is not what was taken in")));
    QTRY_VERIFY(f.settled());
    QVERIFY(f.noticeText("inspectNotice").contains(QStringLiteral("Exhibit 1")));
    QCOMPARE(f.store().findings().of(1).size(), std::size_t{1});
    QCOMPARE(f.store().custody().of(1).back().action, std::string("verification failed"));
    QVERIFY(f.noticeText("caseIntegrity").contains(QStringLiteral("Exhibit 1")));
}

void TestCaseRecords::comparedExhibitIsAltered() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    append(f.model()->fileOf(f.model()->exhibit(2)));
    f.view()->select(1);
    f.view()->table()->selectionModel()->select(f.view()->filter()->indexOf(3),
                                                QItemSelectionModel::Select | QItemSelectionModel::Rows);
    f.find<QAction>("compareExhibitsAction")->trigger();
    auto* note = f.find<QLabel>("compareNote");
    QTRY_VERIFY(note->isVisible());
    QVERIFY(note->text().startsWith(QStringLiteral("Exhibit 3 · plain.png is not what was taken in")));
}

void TestCaseRecords::hiddenExhibitsAreNotEdited_data() {
    QTest::addColumn<QString>("by");
    for (const char* by : {"search", "state", "answer", "tag"}) QTest::newRow(by) << by;
}

void TestCaseRecords::hiddenExhibitsAreNotEdited() {
    QFETCH(QString, by);
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(3);
    type(f, "newTagField", QStringLiteral("sky"));
    QTest::keyClick(f.find<QLineEdit>("newTagField"), Qt::Key_Return);
    QVERIFY(f.settled());
    f.view()->select(1);
    if (by == "search") type(f, "caseSearch", QStringLiteral("plain"));
    if (by == "state") f.find<QComboBox>("caseStateFilter")->setCurrentIndex(2);      // none is running
    if (by == "answer") f.find<QComboBox>("casePresenceFilter")->setCurrentIndex(1);  // none is found
    if (by == "tag") f.find<QComboBox>("caseTagFilter")->setCurrentIndex(1);
    QVERIFY(f.view()->current() == nullptr);
    QVERIFY(f.view()->selected().empty());
    auto* panel = f.view()->panel();
    QVERIFY(!panel->isEnabled());
    QCOMPARE(panel->exhibit(), cases::RowId{0});
    const auto head = f.store().audit().head().seq;
    QTest::keyClick(f.view()->table(), Qt::Key_1);
    type(f, "newTagField", QStringLiteral("another"));
    QTest::keyClick(f.find<QLineEdit>("newTagField"), Qt::Key_Return);
    f.find<QPlainTextEdit>("exhibitNote")->setPlainText(QStringLiteral("about what?"));
    f.find<QPushButton>("saveNoteButton")->click();
    panel->commit();
    QVERIFY(!f.find<QAction>("examineExhibitsAgainAction")->isEnabled());
    QVERIFY(f.settled());
    QCOMPARE(f.store().audit().head().seq, head);
    const bool none = by == "state" || by == "answer";
    auto* noMatch = f.find<QWidget>("caseNoMatch");
    QCOMPARE(noMatch->isVisible(), none);
    if (none) f.find<QAction>("showAllExhibitsAction")->trigger();
    QCOMPARE(noMatch->isVisible(), false);
    // what is shown again is edited again
    f.view()->clearFilters();
    f.view()->select(1);
    QTest::keyClick(f.view()->table(), Qt::Key_1);
    QVERIFY(f.settled());
    QCOMPARE(f.model()->exhibit(0).tags.size(), std::size_t{1});
}

void TestCaseRecords::codesAreManaged() {
    CaseFixture f;
    f.newCase();
    f.find<QAction>("caseCodesAction")->trigger();
    QVERIFY(f.find<QWidget>("codesPanel")->isVisible());
    QVERIFY(f.settled());
    auto* save = f.find<QPushButton>("codeSaveButton");
    auto* table = f.find<ui::CopyTableView>("codesTable");
    QVERIFY(!save->isEnabled());
    type(f, "codeHolderField", QStringLiteral("Example “Ltd”"));
    type(f, "codeField", QStringLiteral("0c0ffee1xyz"));
    QVERIFY(!save->isEnabled());
    QVERIFY(f.find<QLabel>("codeProblem")->isVisible());
    type(f, "codeField", QStringLiteral("0C0FFEE1"));
    QVERIFY(!f.find<QLabel>("codeProblem")->isVisible());
    save->click();
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QVERIFY(f.find<QLineEdit>("codeField")->text().isEmpty());
    QCOMPARE(f.store().codes().valid().front().hex, std::string("0c0ffee1"));
    // one that is so like it that both could be named is said
    type(f, "codeField", QStringLiteral("0c0ffee3"));
    type(f, "codeHolderField", QStringLiteral("Twin"));
    save->click();
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QTRY_VERIFY(f.noticeText("codesNotice").contains(QStringLiteral("so like it")));
    // holder and notes are changed, the code itself is not
    table->selectRow(1);
    QVERIFY(f.find<QLineEdit>("codeField")->isReadOnly());
    QVERIFY(!save->isEnabled());
    type(f, "codeHolderField", QStringLiteral("Twin & Son"));
    type(f, "codeNotesField", QStringLiteral("letter of 3 May"));
    save->click();
    QTRY_COMPARE(f.store().codes().valid().back().holder, std::string("Twin & Son"));
    QCOMPARE(f.store().codes().valid().back().notes, std::string("letter of 3 May"));
    QVERIFY(f.settled());
    // withdrawn with a reason: it stays in the list
    table->selectRow(1);
    auto* withdraw = f.find<QPushButton>("codeWithdrawButton");
    QVERIFY(!withdraw->isEnabled());
    type(f, "codeReasonField", QStringLiteral("issued by mistake"));
    withdraw->click();
    QTRY_COMPARE(f.store().codes().valid().size(), std::size_t{1});
    QVERIFY(f.settled());
    QCOMPARE(table->model()->rowCount(), 2);
    table->selectRow(1);
    QVERIFY(f.find<QLabel>("codeProblem")->text().contains(QStringLiteral("withdrawn")));
    type(f, "codeHolderField", QStringLiteral("Eve"));
    QVERIFY(!save->isEnabled() && !withdraw->isEnabled());
    QStringList actions;
    for (const cases::AuditEntry& entry : f.store().audit().entries())
        if (entry.subject.starts_with("registered_code:")) actions << ui::toText(entry.action);
    QCOMPARE(actions, QStringList({"code registered", "code registered", "code changed", "code withdrawn"}));
    QTest::keyClick(table, Qt::Key_Escape);
    QVERIFY(f.view()->isVisible());
}

/// As from the command line: of which key a code is, and on which picture it was written.
void TestCaseRecords::codesKeepKeyAndPicture() {
    CaseFixture f;
    const signature::KeyInfo lab = signature::KeyStore(f.services->workspace()).create("lab", std::nullopt);
    f.services->keys().reload();
    QTRY_VERIFY(f.services->keys().find("lab"));
    f.newCase();
    cases::RegisteredCode plain, elsewhere;
    plain.hex = "00000001";
    elsewhere.hex = "80000000";
    plain.bits = elsewhere.bits = 32;
    plain.holder = elsewhere.holder = "Before";
    elsewhere.keyFingerprint = "0123456789abcdef";  // its key is not kept here
    for (cases::RegisteredCode* code : {&plain, &elsewhere}) f.store().codes().add(*code);
    const QString broken = f.path(QStringLiteral("broken.png"));
    writeFileAtomically(ui::toPath(broken), std::string("no picture"), IfExists::Refuse);
    const QString picture = test::writePicture(f.folder.path(), QStringLiteral("signed.png"), 230);

    f.find<QAction>("caseCodesAction")->trigger();
    auto* table = f.find<ui::CopyTableView>("codesTable");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    const auto cell = [&](int row, int column, int role = Qt::DisplayRole) {
        return table->model()->index(row, column).data(role).toString();
    };
    QCOMPARE(cell(0, ui::CodeListModel::KeyColumn), QStringLiteral("any"));
    QCOMPARE(cell(0, ui::CodeListModel::PictureColumn), QStringLiteral("not known"));
    auto* save = f.find<QPushButton>("codeSaveButton");
    auto* key = f.find<QComboBox>("codeKeyField");
    auto* choose = f.find<QPushButton>("codePictureChoose");
    auto* remove = f.find<QPushButton>("codePictureRemove");
    auto* name = f.find<ui::ElidedLabel>("codePictureName");
    auto* problem = f.find<QLabel>("codePictureProblem");
    type(f, "codeField", QStringLiteral("0c0ffee1"));
    type(f, "codeHolderField", QStringLiteral("Example Ltd"));
    QCOMPARE(key->currentText(), QStringLiteral("Any key"));
    key->setCurrentIndex(key->findText(QStringLiteral("lab")));
    QVERIFY(save->isEnabled() && !remove->isEnabled());

    // what is no picture is said in place, and registers nothing
    ui::FileDialogs::setNextFileNames({broken});
    choose->click();
    QVERIFY(!save->isEnabled());  // not before it was read
    QTRY_VERIFY(problem->isVisible());
    QVERIFY2(problem->text().contains(QStringLiteral("broken.png")), qPrintable(problem->text()));
    QVERIFY(!save->isEnabled());
    QVERIFY(QApplication::activeModalWidget() == nullptr);
    remove->click();
    QVERIFY(!problem->isVisible() && save->isEnabled());
    test::dropOn(*f.find<QWidget>("codePictureField"), {broken, picture});
    QVERIFY(problem->isVisible() && !save->isEnabled());
    test::dropOn(*f.find<QWidget>("codePictureField"), {picture});
    QTRY_VERIFY(save->isEnabled());
    QVERIFY(!problem->isVisible());
    QVERIFY2(name->fullText().startsWith(QStringLiteral("signed.png · ")), qPrintable(name->fullText()));
    save->click();

    QTRY_COMPARE(table->model()->rowCount(), 3);
    cases::RegisteredCode expected;
    cases::setPicture(expected, ui::toPath(picture));
    const cases::RegisteredCode stored = f.store().codes().valid().back();
    QCOMPARE(stored.hex, std::string("0c0ffee1"));
    QCOMPARE(stored.keyFingerprint, lab.fingerprint);
    QCOMPARE(stored.pictureHash, expected.pictureHash);
    QCOMPARE(stored.pictureSha256, expected.pictureSha256);
    QCOMPARE(cell(2, ui::CodeListModel::KeyColumn), ui::toText(lab.fingerprint));
    QVERIFY(cell(2, ui::CodeListModel::PictureColumn, Qt::ToolTipRole)
                .remove(QLatin1Char('\n'))
                .contains(ui::toText(expected.pictureHash)));
    QCOMPARE(key->currentText(), QStringLiteral("Any key"));  // of the next one
    QVERIFY(!remove->isEnabled());

    // of those in the list both are shown, and not changed
    const QStringList keys{QStringLiteral("Any key"), QStringLiteral("0123456789abcdef"),
                           QStringLiteral("lab")};
    for (int row = 0; row < 3; ++row) {
        table->selectRow(row);
        QCOMPARE(key->currentText(), keys[row]);
        QCOMPARE(name->fullText(), cell(row, ui::CodeListModel::PictureColumn));
        QVERIFY(!key->isEnabled() && !choose->isVisible() && !remove->isVisible());
    }
    f.find<QPushButton>("codeNewButton")->click();
    QVERIFY(key->isEnabled() && choose->isVisible());
}

void TestCaseRecords::custodyIsEntered() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->panel()->showTab(ui::ExhibitPanel::Custody);
    f.view()->select(1);
    auto* action = f.find<QComboBox>("custodyAction");
    auto* enter = f.find<QPushButton>("custodyEnterButton");
    QVERIFY(!enter->isEnabled());
    action->setCurrentText(QStringLiteral("examined"));  // the program's own word
    QVERIFY(!enter->isEnabled());
    action->setCurrentText(QStringLiteral("sealed"));
    type(f, "custodyDetails", QStringLiteral("bag 17, seal 0042"));
    enter->click();
    QVERIFY(f.settled());
    const cases::CustodyEvent event = f.store().custody().of(1).back();
    QCOMPARE(event.action, std::string("sealed"));
    QCOMPARE(event.details, std::string("bag 17, seal 0042"));
    QCOMPARE(event.actor, std::string("A. Turing"));
    auto* table = f.find<ui::CopyTableView>("custodyTable");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(1, 1).data().toString(), QStringLiteral("sealed by A. Turing"));
    QVERIFY(!enter->isEnabled());  // entered once
    // for all that are selected, by the keyboard
    f.view()->table()->selectAll();
    action->setCurrentText(QStringLiteral("handed over to the court"));
    QVERIFY(enter->text().contains(QLatin1Char('3')));
    QTest::keyClick(f.find<QLineEdit>("custodyDetails"), Qt::Key_Return);
    QVERIFY(f.settled());
    for (const cases::RowId id : {1, 2, 3})
        QCOMPARE(f.store().custody().of(id).back().action, std::string("handed over to the court"));
}

void TestCaseRecords::auditIsReadAndSearched() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.store().audit().note("noted", "case", {{"by", "another program"}});  // by "test"
    f.find<QAction>("caseAuditAction")->trigger();
    auto* panel = f.window->findChild<ui::AuditPanel*>();
    QVERIFY(panel->isVisible());
    const auto all = static_cast<int>(f.store().audit().head().seq);
    QTRY_COMPARE(panel->filter()->rowCount(), all);
    const auto shown = [&] { return panel->filter()->rowCount(); };
    const auto cell = [&](int row, int column) {
        return panel->filter()->index(row, column).data().toString();
    };
    for (int column = 0; column < ui::AuditModel::ColumnCount; ++column)
        QVERIFY(!panel->filter()->flags(panel->filter()->index(0, column)).testFlag(Qt::ItemIsEditable));
    QVERIFY(cell(0, ui::AuditModel::WhenColumn).endsWith(QStringLiteral("+05:30")));
    auto* actor = f.find<QComboBox>("auditActorFilter");
    auto* action = f.find<QComboBox>("auditActionFilter");
    actor->setCurrentIndex(actor->findText(QStringLiteral("test")));
    QCOMPARE(shown(), 1);
    QCOMPARE(cell(0, ui::AuditModel::ActionColumn), QStringLiteral("noted"));
    actor->setCurrentIndex(0);
    action->setCurrentIndex(action->findText(QStringLiteral("evidence received")));
    QCOMPARE(shown(), 3);
    type(f, "auditSearch", QStringLiteral("EVIDENCE:2"));
    QCOMPARE(shown(), 1);
    type(f, "auditSearch", ui::toText(f.model()->exhibit(0).sha256));  // in the details
    QCOMPARE(shown(), 1);
    QCOMPARE(cell(0, ui::AuditModel::SubjectColumn), QStringLiteral("evidence:1"));
    action->setCurrentIndex(0);
    type(f, "auditSearch", QStringLiteral("no such thing"));
    QCOMPARE(shown(), 0);
    QVERIFY(!f.find<QPushButton>("auditSaveButton")->isEnabled());
    type(f, "auditSearch", QStringLiteral("another program"));
    QCOMPARE(shown(), 1);
    // what is shown is saved; never over the case
    const QString file = f.path(QStringLiteral("log.csv"));
    ui::FileDialogs::setNextFileNames({file});
    f.find<QPushButton>("auditSaveButton")->click();
    QTRY_VERIFY(f.noticeText("auditNotice").startsWith(QStringLiteral("1 audit entry saved as log.csv")));
    const std::string saved = readTextFile(ui::toPath(file));
    QCOMPARE(std::count(saved.begin(), saved.end(), '\n'), 2);
    QVERIFY(saved.find("another program") != std::string::npos);
    QVERIFY(saved.find(f.store().audit().head().hash) != std::string::npos);
    ui::FileDialogs::setNextFileNames({f.caseFile()});
    f.find<QPushButton>("auditSaveButton")->click();
    QTRY_VERIFY(f.noticeText("caseNotice").contains(QStringLiteral("belongs to the case")));
    QCOMPARE(f.store().info().title, std::string("Photographs of May"));
    QCOMPARE(static_cast<int>(f.store().audit().head().seq), all);  // reading it is not recorded
}

void TestCaseRecords::timesAreLocal() {
    CaseFixture f;
    f.newCase();
    f.takeIn();
    f.view()->select(1);
    const auto values = [&](const char* table, int column) {
        const QAbstractItemModel* model = f.find<ui::CopyTableView>(table)->model();
        QStringList texts;
        for (int row = 0; row < model->rowCount(); ++row)
            texts << model->index(row, column).data().toString();
        return texts;
    };
    QTRY_COMPARE(values("custodyTable", 0).size(), 1);
    QVERIFY(values("custodyTable", 0).front().endsWith(QStringLiteral("+05:30")));
    const QStringList intake = values("intakeTable", 2);
    QCOMPARE(intake.filter(QStringLiteral("+05:30")).size(), 2);  // received, the file's own time
    QVERIFY(intake.filter(QRegularExpression(QStringLiteral("T\\d\\d:\\d\\d.*Z$"))).isEmpty());
    QVERIFY(f.store().exhibits().byId(1).receivedUtc.ends_with("Z"));  // as it is stored
}

SIGNET_TEST(TestCaseRecords)
#include "test_case_records.moc"
