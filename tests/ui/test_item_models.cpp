// The item models behind queue, tables and lists.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "fake_engine.h"
#include "ui/itemmodels/examine_model.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/itemmodels/model_list_model.h"
#include "ui/itemmodels/sign_model.h"

using namespace signet;
using ui::ExamineModel;
using ui::ItemState;

namespace {

ui::RecordPtr recordWith(examine::Presence presence, const std::string& note = {}) {
    auto record = std::make_shared<examine::Record>();
    examine::Finding finding;
    finding.model = "m";
    finding.presence = presence;
    finding.scoreLogit = 3.5;
    record->findings.push_back(finding);
    if (!note.empty()) record->warnings.push_back(note);
    return record;
}

ui::RecordPtr failedRecord(const std::string& message) {
    auto record = std::make_shared<examine::Record>();
    record->error = examine::Record::Failure{"corrupt", message};
    return record;
}

}  // namespace

class TestItemModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void examineModelIsAModel();
    void staleJobsFindNoRow();
    void removalAndUndoKeepOrderAndCounts();
    void csvIsQuoted();
    void errorRowSpeaks();
    void leadingFindingPrefersPresence();
    void manyRowsAreCheap();
    void signModelIsAModel();
    void keyValueModelIsAModel();
    void modelListIsAModel();
};

void TestItemModels::examineModelIsAModel() {
    MediaService media;
    ExamineModel model(media);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.append({"/a/1.png", "/a/2.png", "/a/3.png"}), 0);
    QCOMPARE(model.rowCount(), 3);
    for (int row = 0; row < 3; ++row) model.setJob(row, 10 + static_cast<quint64>(row));
    model.jobStarted(10);
    QCOMPARE(model.row(0).state, ItemState::Examining);
    model.jobFinished(10, recordWith(examine::Presence::Present));
    QCOMPARE(model.index(0, ExamineModel::PresenceColumn).data().toString(),
             QStringLiteral("signature found"));
    QCOMPARE(model.index(0, ExamineModel::ScoreColumn).data().toString(), QStringLiteral("+3.50"));
    model.jobCancelled(12);
    QCOMPARE(model.index(2, ExamineModel::StateColumn).data().toString(), QStringLiteral("cancelled"));
    QCOMPARE(model.count(ItemState::Done), 1);
    QCOMPARE(model.count(ItemState::Waiting), 1);
    QCOMPARE(model.count(ItemState::Cancelled), 1);
    QVERIFY(model.index(0, 0)
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(QStringLiteral("signature found")));
}

void TestItemModels::staleJobsFindNoRow() {
    MediaService media;
    ExamineModel model(media);
    model.append({"/a/1.png"});
    model.setJob(0, 1);
    model.setJob(0, 2);  // examined again: job 1 is of an older generation
    model.jobFinished(1, recordWith(examine::Presence::Present));
    QCOMPARE(model.row(0).state, ItemState::Waiting);
    model.jobFinished(2, recordWith(examine::Presence::Absent));
    QCOMPARE(model.row(0).state, ItemState::Done);
    QVERIFY(model.row(0).record->findings.front().presence == examine::Presence::Absent);
}

void TestItemModels::removalAndUndoKeepOrderAndCounts() {
    MediaService media;
    ExamineModel model(media);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.append({"/0", "/1", "/2", "/3", "/4", "/5"});
    model.setJob(4, 7);
    const auto taken = model.take({4, 1, 2});
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.row(1).path, std::filesystem::path("/3"));
    QCOMPARE(model.count(ItemState::Waiting), 3);
    model.jobFinished(7, recordWith(examine::Presence::Present));  // its row is gone
    QCOMPARE(model.count(ItemState::Done), 0);
    model.restore(taken);
    QCOMPARE(model.rowCount(), 6);
    for (int row = 0; row < 6; ++row) {
        QCOMPARE(model.row(row).path, std::filesystem::path("/" + std::to_string(row)));
    }
    QCOMPARE(model.count(ItemState::Waiting), 6);
}

void TestItemModels::csvIsQuoted() {
    QCOMPARE(ui::csvField(QStringLiteral("plain")), QStringLiteral("plain"));
    QCOMPARE(ui::csvField(QStringLiteral("a,\"b\"\nc")), QStringLiteral("\"a,\"\"b\"\"\nc\""));
    MediaService media;
    ExamineModel model(media);
    model.append({"/a/x, y.png"});
    model.setJob(0, 1);
    model.jobFinished(1, recordWith(examine::Presence::Absent, "first\nsecond"));
    const QString csv = model.asText({0}, true);
    QVERIFY(csv.startsWith(QStringLiteral("File,State,Presence,Code,Score (logit),Note,Path\r\n")));
    QVERIFY(
        csv.contains(QStringLiteral("\"x, y.png\",done,not found,,+3.50,\"first\nsecond\",\"/a/x, y.png\"")));
    QCOMPARE(model.asText({0}, false).count(QLatin1Char('\n')), 2);
}

void TestItemModels::errorRowSpeaks() {
    MediaService media;
    ExamineModel model(media);
    model.append({"/a/broken.png"});
    model.setJob(0, 1);
    model.jobFinished(1, failedRecord("The file ends early."));
    QCOMPARE(model.row(0).state, ItemState::Failed);
    QCOMPARE(model.index(0, 0).data(ExamineModel::ResultRole).toString(),
             QStringLiteral("The file ends early."));
    QVERIFY(!model.index(0, 0).data(ExamineModel::PresenceRole).isValid());
}

void TestItemModels::leadingFindingPrefersPresence() {
    examine::Record record;
    QVERIFY(!ui::leadingFinding(record));
    examine::Finding absent;
    absent.model = "absent";
    absent.presence = examine::Presence::Absent;
    examine::Finding present;
    present.model = "present";
    present.presence = examine::Presence::Present;
    examine::Finding coded = present;
    coded.model = "coded";
    coded.code = examine::CodeReading{};
    record.findings = {absent, present};
    QCOMPARE(ui::leadingFinding(record)->model, std::string("present"));
    record.findings.push_back(coded);
    QCOMPARE(ui::leadingFinding(record)->model, std::string("coded"));
}

void TestItemModels::manyRowsAreCheap() {
    MediaService media;
    ExamineModel model(media);
    std::vector<std::filesystem::path> files(100'000, "/a/picture.png");
    QElapsedTimer clock;
    clock.start();
    model.append(files);
    for (int row = 0; row < model.rowCount(); ++row) model.setJob(row, static_cast<quint64>(row) + 1);
    std::vector<int> all(files.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    const auto taken = model.take(all);
    model.restore(taken);
    QCOMPARE(model.rowCount(), 100'000);
    QCOMPARE(model.count(ItemState::Waiting), 100'000);
    QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
}

void TestItemModels::signModelIsAModel() {
    ui::SignModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.append({"/a/1.png", "/a/2.png", "/a/3.png"});
    QCOMPARE(model.index(0, ui::SignModel::StateColumn).data().toString(), QStringLiteral("ready"));
    for (int row = 0; row < 3; ++row) model.setJob(row, static_cast<quint64>(row) + 1);
    auto good = std::make_shared<examine::SignRecord>();
    good->verified = true;
    good->alreadySigned = true;
    good->psnrDb = 48.26;
    good->visible = {3.14, 5.9, 0.25};
    good->codeHex = "00ff";
    good->output = "/out/1-signed.png";
    auto weak = std::make_shared<examine::SignRecord>(*good);
    weak->verified = false;
    auto bad = std::make_shared<examine::SignRecord>();
    bad->error = examine::Record::Failure{"disk_full", "No space is left."};
    model.jobFinished(1, good);
    model.jobFinished(2, weak);
    model.jobFinished(3, bad);
    const auto cell = [&model](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(cell(0, ui::SignModel::VerificationColumn), QStringLiteral("verified"));
    QCOMPARE(cell(0, ui::SignModel::PsnrColumn), QStringLiteral("48.3"));
    QCOMPARE(cell(0, ui::SignModel::VisibleColumn), QStringLiteral("3.1"));
    QVERIFY(model.asText(true).startsWith(QStringLiteral("File,State,Verification,PSNR (dB),Visible,")));
    QVERIFY(model.headerData(ui::SignModel::VisibleColumn, Qt::Horizontal, Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("CIEDE2000")));
    QCOMPARE(cell(0, ui::SignModel::NoteColumn), QStringLiteral("carried a signature before"));
    QCOMPARE(cell(1, ui::SignModel::VerificationColumn), QStringLiteral("not verified"));
    QCOMPARE(cell(2, ui::SignModel::VerificationColumn), QStringLiteral("error"));
    QCOMPARE(cell(2, ui::SignModel::NoteColumn), QStringLiteral("No space is left."));
    QCOMPARE(cell(2, ui::SignModel::OutputColumn), QString());
    const auto taken = model.take({2, 0});
    QCOMPARE(model.rowCount(), 1);
    model.restore(taken);
    QCOMPARE(cell(2, ui::SignModel::VerificationColumn), QStringLiteral("error"));
}

void TestItemModels::keyValueModelIsAModel() {
    ui::KeyValueModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows({{QStringLiteral("EXIF"), QStringLiteral("key"), QStringLiteral("value")}});
    QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("value"));
    QVERIFY(model.asText().endsWith(QStringLiteral("EXIF\tkey\tvalue\n")));
}

void TestItemModels::modelListIsAModel() {
    ui::ModelListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto backend = test::fakeBackend(std::make_shared<test::EngineControl>());
    model.setCatalogue(std::make_shared<const ui::Catalogue>(backend.listModels()));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.rowOf(QStringLiteral("fake-presence")), 1);
    QCOMPARE(model.index(0, ui::ModelListModel::ValidatedColumn).data().toString(),
             QStringLiteral("validated"));
    QVERIFY(!model.entry(2));
}

QTEST_MAIN(TestItemModels)
#include "test_item_models.moc"
