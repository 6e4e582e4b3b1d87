// The item models behind queue, tables and lists.
#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "fake_engine.h"
#include "tests/support/test_program.h"
#include "ui/bridge/media_service.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/code_list_model.h"
#include "ui/itemmodels/examine_model.h"
#include "ui/itemmodels/exhibit_filter.h"
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
    void scoresNameTheirModel();
    void keyedAnswersAreNamed_data();
    void keyedAnswersAreNamed();
    void exhibitNamesModelAndHolder();
    void keyedExhibitHasAPValue();
    void codeNamesItsKey();
    void answersOfEveryKindAreFiltered_data();
    void answersOfEveryKindAreFiltered();
    void errorRowSpeaks();
    void leadingFindingPrefersPresence();
    void manyRowsAreCheap();
    void signModelIsAModel();
    void keyValueModelIsAModel();
    void modelListIsAModel();
};

void TestItemModels::examineModelIsAModel() {
    ui::MediaService media;
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
    ui::MediaService media;
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
    ui::MediaService media;
    ExamineModel model(media);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.append({"/0", "/1", "/2", "/3", "/4", "/5"});
    model.setJob(4, 7);
    const auto taken = model.takeRows({4, 1, 2});
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
    ui::MediaService media;
    ExamineModel model(media);
    model.append({"/a/x, y.png"});
    model.setJob(0, 1);
    model.jobFinished(1, recordWith(examine::Presence::Absent, "first\nsecond"));
    const QString csv = model.asText({0}, true);
    QVERIFY(
        csv.startsWith(QStringLiteral("File,State,Presence,Code,Model,Score (logit),log10 p,Note,Path\r\n")));
    QVERIFY(csv.contains(
        QStringLiteral("\"x, y.png\",done,not found,,m,3.50,,\"first\nsecond\",\"/a/x, y.png\"")));
    QCOMPARE(model.asText({0}, false).count(QLatin1Char('\n')), 2);
}

/// Two models of one photograph that carries nothing: the row is the first one's, by name, and programs can
/// read its number.
void TestItemModels::scoresNameTheirModel() {
    auto record = std::make_shared<examine::Record>();
    record->findings.resize(2);
    record->findings[0].model = "photo-code32";
    record->findings[0].scoreLogit = -19.78;
    record->findings[1].model = "photo-presence";
    record->findings[1].scoreLogit = -6.98;
    for (examine::Finding& finding : record->findings) finding.presence = examine::Presence::Absent;
    ui::MediaService media;
    ExamineModel model(media);
    model.append({"/a/p.png"});
    model.setJob(0, 1);
    model.jobFinished(1, record);
    QCOMPARE(model.index(0, ExamineModel::ModelColumn).data().toString(), QStringLiteral("photo-code32"));
    QCOMPARE(model.index(0, ExamineModel::ScoreColumn).data().toString(), QStringLiteral("\u221219.78"));
    for (const bool csv : {true, false}) {
        const QString text = model.asText({0}, csv);
        QVERIFY2(text.contains(csv ? QStringLiteral("photo-code32,-19.78,")
                                   : QStringLiteral("photo-code32\t-19.78\t")),
                 qPrintable(text));
        QVERIFY(!text.contains(QChar(0x2212)));
    }
    record->findings[0].presence = examine::Presence::Present;
    record->findings[0].code = examine::CodeReading{
        .hex = "0c0ffee2", .bits = 32, .bitLogits = {}, .bitConfidence = {}, .confidence = 0.99};
    QCOMPARE(model.index(0, ExamineModel::CodeColumn).data().toString(),
             QStringLiteral("0c0ffee2 (unverified)"));
    QVERIFY(ui::resultText(*record).endsWith(QStringLiteral("code 0c0ffee2 (unverified)")));
}

void TestItemModels::keyedAnswersAreNamed_data() {
    QTest::addColumn<int>("presence");
    QTest::addColumn<bool>("isReadable");
    QTest::addColumn<double>("log10P");
    QTest::addColumn<QString>("code");   ///< what is said of it; empty: nothing
    QTest::addColumn<QString>("inCsv");  ///< code, model, score, logarithm of the p-value
    const auto row = [](const char* name, examine::Presence presence, bool isReadable, double log10P,
                        const char* code, const char* inCsv) {
        QTest::newRow(name) << static_cast<int>(presence) << isReadable << log10P << QString::fromLatin1(code)
                            << QString::fromLatin1(inCsv);
    };
    row("readable", examine::Presence::Present, true, -12.34, "0c0ffee2", ",0c0ffee2,keyed,,-12.3,");
    row("not readable", examine::Presence::Present, false, -7.5, "present, code not readable",
        ",\"present, code not readable\",keyed,,-7.5,");
    row("inconclusive", examine::Presence::Inconclusive, false, -4, "", ",,keyed,,-4.0,");
    row("absent", examine::Presence::Absent, false, 0, "", ",,keyed,,0.0,");
}

/// A p-value is no logit: it stands in a column of its own; a code whose check holds is not called
/// unverified.
void TestItemModels::keyedAnswersAreNamed() {
    QFETCH(int, presence);
    QFETCH(bool, isReadable);
    QFETCH(double, log10P);
    QFETCH(QString, code);
    QFETCH(QString, inCsv);
    auto record = std::make_shared<examine::Record>();
    examine::Finding& finding = record->findings.emplace_back();
    finding.model = "keyed";
    finding.presence = static_cast<examine::Presence>(presence);
    finding.scoreLogit = -log10P;
    finding.keyed.emplace();
    finding.keyed->log10P = log10P;
    if (isReadable) {
        finding.code.emplace();
        finding.code->hex = "0c0ffee2";
        finding.code->bits = 32;
        finding.code->checked = true;
    }
    ui::MediaService media;
    ExamineModel model(media);
    model.append({"/a/p.png"});
    model.setJob(0, 1);
    model.jobFinished(1, record);
    const QString result = ui::resultText(*record);
    QVERIFY2(result.startsWith(ui::toText(examine::answerOf(finding))), qPrintable(result));
    if (!code.isEmpty()) QCOMPARE(result.count(code), 1);  // said once, and whole where there is little room
    QVERIFY(!result.contains(QStringLiteral("unverified")));
    QCOMPARE(model.index(0, ExamineModel::CodeColumn).data().toString(), code);
    QCOMPARE(model.index(0, 0).data(ExamineModel::CodeRole).toString(), code);
    QVERIFY2(model.asText({0}, true).contains(inCsv), qPrintable(model.asText({0}, true)));
}

void TestItemModels::exhibitNamesModelAndHolder() {
    cases::Exhibit e;
    e.id = 1;
    e.presence = "signature found";
    e.model = "photo-code32";
    e.score = -1.5;
    e.threshold = -2;
    e.code = "0c0ffee2";
    e.holder = "Ada";
    e.match = examine::MatchAnswer::Contradicted;
    e.remarks = {"conflict: two sizes", "the JPEG data ends early"};
    ui::MediaService media;
    ui::ExhibitModel model(media);
    const auto shown = [&](int column, int role = Qt::DisplayRole) {
        model.reset({e}, {});
        return model.index(0, column).data(role).toString();
    };
    using Model = ui::ExhibitModel;
    QCOMPARE(shown(Model::ModelColumn), QStringLiteral("photo-code32"));
    QCOMPARE(shown(Model::ScoreColumn), QStringLiteral("\u22121.50"));
    QCOMPARE(shown(Model::ScoreColumn, Qt::EditRole), QStringLiteral("-1.50"));
    QCOMPARE(shown(Model::CodeColumn), QStringLiteral("0c0ffee2 (unverified)"));
    QCOMPARE(shown(Model::HolderColumn),
             QStringLiteral("Ada (near, but differs in bits read with certainty)"));
    QVERIFY(shown(Model::RemarksColumn).contains(QStringLiteral("ends early")));
    // the column may be out of sight
    QVERIFY(shown(Model::FileColumn, Qt::ToolTipRole).contains(QStringLiteral("ends early")));
    QVERIFY(!model.index(0, Model::FileColumn).data(Qt::DecorationRole).isNull());
    e.match = examine::MatchAnswer::Match;
    QCOMPARE(shown(Model::CodeColumn), QStringLiteral("0c0ffee2"));
    QCOMPARE(shown(Model::HolderColumn), QStringLiteral("Ada"));
    e.match = examine::MatchAnswer::None;
    QCOMPARE(shown(Model::HolderColumn), QString());
    QCOMPARE(shown(Model::CodeColumn), QStringLiteral("0c0ffee2 (unverified)"));
}

/// A keyed signature's answer is by a p-value, in a column of its own, and never called a logit.
void TestItemModels::keyedExhibitHasAPValue() {
    using Model = ui::ExhibitModel;
    cases::Exhibit keyed;
    keyed.id = 3;
    keyed.presence = "present";
    keyed.model = "keyed";
    keyed.score = 12.34;
    keyed.threshold = 6;
    keyed.keyed = true;
    cases::Exhibit weaker = keyed, other = keyed, waiting;
    weaker.id = 2;
    weaker.score = 7.5;
    other.id = 1;
    other.model = "photo-code32";
    other.keyed = false;
    waiting.id = 4;
    ui::MediaService media;
    Model model(media);
    model.reset({other, weaker, keyed, waiting}, {});
    const auto shown = [&](int row, int column, int role = Qt::DisplayRole) {
        return model.index(row, column).data(role).toString();
    };
    QCOMPARE(shown(2, Model::PValueColumn), QStringLiteral("\u221212.3"));
    QCOMPARE(shown(2, Model::PValueColumn, Qt::EditRole), QStringLiteral("-12.3"));
    QCOMPARE(shown(2, Model::ScoreColumn), QString());
    for (const int column : {Model::PresenceColumn, Model::ScoreColumn, Model::PValueColumn})
        QCOMPARE(shown(2, column, Qt::ToolTipRole),
                 QStringLiteral("keyed: p = 10^\u221212.3, threshold 10^\u22126.0"));
    QCOMPARE(shown(0, Model::ScoreColumn), QStringLiteral("+12.34"));
    QCOMPARE(shown(0, Model::PValueColumn), QString());
    QVERIFY(shown(0, Model::PresenceColumn, Qt::ToolTipRole).contains(QStringLiteral("logit")));
    QCOMPARE(shown(3, Model::PValueColumn), QString());

    ui::ExhibitFilter filter(model);
    filter.sort(Model::PValueColumn, Qt::AscendingOrder);
    QList<cases::RowId> order;
    for (int row = 0; row < filter.rowCount(); ++row) order << filter.exhibit(filter.index(row, 0)).id;
    QCOMPARE(order, (QList<cases::RowId>{3, 2, 1, 4}));
}

/// A registered code says whose key it is of, and what its picture looks like.
void TestItemModels::codeNamesItsKey() {
    cases::RegisteredCode plain, keyed, large;
    keyed.keyFingerprint = "0123456789abcdef";
    keyed.pictureHash = "1:1x1:5";
    keyed.pictureSha256 = std::string(64, 'a');
    large = keyed;
    large.pictureHash = "1:36x24:" + std::string(36 * 24, '7');
    ui::CodeListModel model;
    model.setCodes({plain, keyed, large});
    using Model = ui::CodeListModel;
    const auto shown = [&](int row, int column, int role = Qt::DisplayRole) {
        return model.index(row, column).data(role).toString();
    };
    QCOMPARE(shown(0, Model::KeyColumn), QStringLiteral("any"));
    QCOMPARE(shown(0, Model::PictureColumn), QStringLiteral("not known"));
    QCOMPARE(shown(1, Model::KeyColumn), QStringLiteral("0123456789abcdef"));
    QCOMPARE(shown(1, Model::PictureColumn), QStringLiteral("1:1x1:5"));
    QCOMPARE(shown(2, Model::PictureColumn), QStringLiteral("1:36x24:777777777777…"));
    QVERIFY(shown(2, Model::PictureColumn, Qt::ToolTipRole)
                .remove(QLatin1Char('\n'))
                .contains(ui::toText(large.pictureHash)));
    QVERIFY(shown(1, Model::PictureColumn, Qt::ToolTipRole).endsWith(QString(64, QLatin1Char('a'))));
    for (const int column : {Model::KeyColumn, Model::PictureColumn})
        QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty());
}

void TestItemModels::answersOfEveryKindAreFiltered_data() {
    using Answer = ui::ExhibitFilter::Answer;
    QTest::addColumn<QString>("answer");
    QTest::addColumn<double>("score");  // the threshold is 2
    QTest::addColumn<Answer>("kind");
    QTest::newRow("signature") << "signature found" << 2.0 << Answer::Present;
    QTest::newRow("fingerprint") << "fingerprint found" << 7.0 << Answer::Present;
    QTest::newRow("second class") << "more like \"drawn\"" << 3.0 << Answer::Present;
    QTest::newRow("no signature") << "not found" << -4.0 << Answer::Absent;
    QTest::newRow("first class") << "more like \"real\"" << 1.0 << Answer::Absent;
    QTest::newRow("neither") << "inconclusive" << 1.5 << Answer::Inconclusive;
    QTest::newRow("not examined") << QString() << 0.0 << Answer::None;
}

void TestItemModels::answersOfEveryKindAreFiltered() {
    using Answer = ui::ExhibitFilter::Answer;
    QFETCH(QString, answer);
    QFETCH(double, score);
    QFETCH(Answer, kind);
    cases::Exhibit e;
    e.id = 1;
    e.presence = answer.toStdString();
    e.score = score;
    e.threshold = 2;
    ui::MediaService media;
    ui::ExhibitModel model(media);
    ui::ExhibitFilter filter(model);
    model.reset({e}, {});
    for (const Answer wanted : {Answer::Present, Answer::Inconclusive, Answer::Absent, Answer::None}) {
        filter.setAnswer(wanted);
        QCOMPARE(filter.rowCount(), wanted == kind ? 1 : 0);
    }
    filter.setAnswer(Answer::Any);
    QCOMPARE(filter.rowCount(), 1);
    const QVariant icon = model.index(0, ui::ExhibitModel::PresenceColumn).data(Qt::DecorationRole);
    QCOMPARE(icon.isNull(), kind == Answer::None);
}

void TestItemModels::errorRowSpeaks() {
    ui::MediaService media;
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
    QVERIFY(!examine::leadingFinding(record.findings));
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
    QCOMPARE(examine::leadingFinding(record.findings)->model, std::string("present"));
    record.findings.push_back(coded);
    QCOMPARE(examine::leadingFinding(record.findings)->model, std::string("coded"));
}

void TestItemModels::manyRowsAreCheap() {
    ui::MediaService media;
    ExamineModel model(media);
    std::vector<std::filesystem::path> files(100'000, "/a/picture.png");
    QElapsedTimer clock;
    clock.start();
    model.append(files);
    for (int row = 0; row < model.rowCount(); ++row) model.setJob(row, static_cast<quint64>(row) + 1);
    std::vector<int> all(files.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    const auto taken = model.takeRows(all);
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
    good->keyFingerprint = "0123456789abcdef";
    good->codeBefore.emplace();
    good->codeBefore->hex = "0c0ffee2";
    good->codeBefore->bits = 32;
    good->codeBefore->checked = true;
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
    QCOMPARE(cell(0, ui::SignModel::NoteColumn), QStringLiteral("carried a signature before, code 0c0ffee2"));
    QCOMPARE(cell(0, ui::SignModel::KeyColumn), QStringLiteral("0123456789abcdef"));
    model.setKeys({{"lab", "0123456789abcdef", false, false, true}});
    QCOMPARE(cell(0, ui::SignModel::KeyColumn), QStringLiteral("lab"));
    QVERIFY(model.index(0, ui::SignModel::KeyColumn)
                .data(Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("0123456789abcdef")));
    QCOMPARE(cell(2, ui::SignModel::KeyColumn), QString());
    QCOMPARE(cell(1, ui::SignModel::VerificationColumn), QStringLiteral("not verified"));
    QCOMPARE(cell(2, ui::SignModel::VerificationColumn), QStringLiteral("error"));
    QCOMPARE(cell(2, ui::SignModel::NoteColumn), QStringLiteral("No space is left."));
    QCOMPARE(cell(2, ui::SignModel::OutputColumn), QString());
    const auto taken = model.takeRows({2, 0});
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

SIGNET_TEST(TestItemModels)
#include "test_item_models.moc"
