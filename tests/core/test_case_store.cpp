#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/cases/batch.h"
#include "core/cases/case_store.h"
#include "core/cases/custody.h"
#include "core/cases/evidence_maps.h"
#include "core/cases/intake.h"
#include "core/cases/match.h"
#include "core/cases/verify.h"
#include "core/examine/record_json.h"
#include "tests/core/frame_builders.h"
#include "tests/core/image_builders.h"
#include "tests/support/postgres_server.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

/// Texts that break careless programs: quotes, control characters, a right-to-left override, and length.
std::string hostileText() {
    return "O'Brien\"; DROP TABLE evidence; -- \\ %s :key1 ?1 $1\t\x01\x1b[31m\n\u202egpj.exe\u202c "
           "<script>\u00e4\u4e2d " +
           std::string(10'000, 'x');
}

Examination examinationOf(const Evidence& evidence, bool done = true) {
    Examination x;
    x.evidence = evidence.id;
    x.method = "signature detection";
    x.methodVersion = "test";
    x.startedUtc = "2026-11-24T00:00:00.000Z";
    x.done = done;
    x.problem = done ? "" : "the file is no image";
    if (done) {
        examine::Finding finding;
        finding.model = "photo-code32";
        finding.scoreLogit = 12.345678901234567;
        finding.threshold = finding.lowerThreshold = 7.1;
        finding.presence = examine::Presence::Present;
        finding.code = examine::CodeReading{"deadbeef", 32, {}, {}, 0.99};
        x.record.findings = {finding};
    }
    return x;
}

}  // namespace

class TestCaseStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_server = test::PostgresServer::start(&m_why); }

    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_location.clear();
    }

    void cleanup() {
        // Not QTemporaryDir's own way: it cannot name files whose names are no UTF-8.
        std::error_code ignored;
        fs::remove_all(m_folder->path().toStdString(), ignored);
    }

    void newCase_data() { backends(); }
    void newCase() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        CaseInfo info = store.info();
        QCOMPARE(info.title, std::string("Test"));
        QCOMPARE(info.examiner, std::string("Ada"));
        QVERIFY(!info.createdUtc.empty());
        info.description = hostileText();
        info.fields = {{"laboratory", hostileText()}};
        store.setInfo(info);
        QCOMPARE(reopen().info().description, hostileText());
        QCOMPARE(reopen().info().fields.at("laboratory").get<std::string>(), hostileText());
        QCOMPARE(codeOf([&] { create(); }), nameOf(ErrorCode::Exists));
        QVERIFY(verify(store, {}, {}).ok());
    }

    void intake_data() { backends(); }
    void intake() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const fs::path file = write("a 'quoted\" \u202ename.JPG", "content");
        const auto before = fs::last_write_time(file);
        const IntakeResult first = takeIn(store, file, {true, "from a drive", "note"}).front();
        QVERIFY(first.added);
        QCOMPARE(first.evidence.sha256, sha256Hex(std::string_view("content")));
        QCOMPARE(first.evidence.md5, std::string("9a0364b9e99bb480dd25e1f0284c8555"));
        QCOMPARE(first.evidence.bytes, std::int64_t{7});
        QCOMPARE(readTextFile(store.fileOf(first.evidence)), std::string("content"));
        QVERIFY(fs::last_write_time(file) == before);

        const IntakeResult again = takeIn(store, file, {}).front();
        QVERIFY(!again.added);
        QCOMPARE(again.evidence.id, first.evidence.id);

        const IntakeResult twin = takeIn(store, write("twin.jpg", "content"), {}).front();
        QVERIFY(twin.added);
        QCOMPARE(twin.evidence.duplicateOf, first.evidence.id);
        QCOMPARE(store.fileOf(twin.evidence), store.fileOf(first.evidence));

        const fs::path elsewhere = write("elsewhere.png", "other");
        const IntakeResult referenced = takeIn(store, elsewhere, {false, {}, {}}).front();
        QCOMPARE(store.fileOf(referenced.evidence), elsewhere);

        const std::string bytes = std::string("not\xff") + "utf8.png";
        const IntakeResult odd = takeIn(store, write(bytes, "odd"), {}).front();
        QCOMPARE(reopen().evidenceOf(odd.evidence.id).originalPath.filename().string(), bytes);

        const std::vector<Evidence> all = reopen().evidence();
        QCOMPARE(all.size(), std::size_t{4});
        QCOMPARE(all[0].originalPath, file);
        QCOMPARE(all[0].receivedBy, std::string("Ada"));
        QCOMPARE(all[0].receivedFrom, std::string("from a drive"));
        QCOMPARE(store.custody(all[0].id).size(), std::size_t{1});
        QCOMPARE(codeOf([&] { takeIn(store, m_folder->path().toStdString() + "/absent", {}); }),
                 nameOf(ErrorCode::NotFound));
        QVERIFY(verify(store, {}, {}).ok());
    }

    /// Pages of one file are exhibits of their own: one path, one copy, told apart and verified.
    void picturesOfOneFile_data() { backends(); }
    void picturesOfOneFile() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const FileBytes pages = tiffPages({plain(8, 8, 1, 2, 3), plain(9, 9, 4, 5, 6), plain(7, 7, 7, 8, 9)});
        const std::string bytes(pages.begin(), pages.end());
        const fs::path file = write("scan \xff.tif", bytes);  // no UTF-8 either
        const std::vector<IntakeResult> first = takeIn(store, file, {});
        QCOMPARE(first.size(), std::size_t{1});
        QCOMPARE(first[0].frames, 3);
        IntakeOptions all;
        all.allFrames = true;
        const std::vector<IntakeResult> results = takeIn(store, file, all);
        QCOMPARE(results.size(), std::size_t{3});
        QVERIFY(!results[0].added && results[1].added && results[2].added);
        QVERIFY(!takeIn(store, file, all)[2].added);
        const std::vector<Evidence> exhibits = reopen().evidence();
        QCOMPARE(exhibits.size(), std::size_t{3});
        for (int i = 0; i < 3; ++i) {
            const Evidence& e = exhibits[static_cast<std::size_t>(i)];
            QCOMPARE(e.frame, i + 1);
            QCOMPARE(e.originalPath, file);
            QCOMPARE(e.copyPath, exhibits[0].copyPath);
            QCOMPARE(e.duplicateOf, RowId{0});
        }
        QCOMPARE(nameOf(exhibits[0]), std::string("scan \xff.tif"));
        QCOMPARE(nameOf(exhibits[2]), std::string("scan \xff.tif (picture 3)"));
        const auto twin = takeIn(store, write("twin.tif", bytes), all);
        QCOMPARE(twin[1].evidence.duplicateOf, exhibits[1].id);
        QVERIFY(verify(store, {}, {}).ok());

        recordNotTaken(store, {}, {});
        const std::int64_t before = store.head().seq;
        recordNotTaken(store, {{"/in/a.pdf", "PDF"}}, {{"/in/b.jpg", "gone"}});
        QCOMPARE(store.head().seq, before + 1);
        const Json details = Json::parse(store.head().details);
        QCOMPARE(details["left_out"][0]["left_out"].get<std::string>(), std::string("PDF"));
        QCOMPARE(details["failed"][0]["path"].get<std::string>(), std::string("/in/b.jpg"));
        QVERIFY(verify(store, {}, {}).ok());
    }

    void work_data() { backends(); }
    void work() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 3);
        CaseStore other = reopen();
        std::optional<Evidence> mine = store.take("host/1/x", 60);
        std::optional<Evidence> theirs = other.take("host/2/x", 60);
        QCOMPARE(mine->id, RowId{1});
        QCOMPARE(theirs->id, RowId{2});
        Examination x = examinationOf(*mine);
        std::vector<Artifact> artifacts{{0, 0, "heatmap", "artifacts/1/a.png", "00"}};
        QVERIFY(store.finish(x, artifacts, "host/1/x"));
        QVERIFY(!store.finish(x = examinationOf(*theirs), {}, "host/1/x"));  // not this worker's
        other.giveBack(2, "host/2/x");
        QCOMPARE(store.take("host/3/x", -1)->id, RowId{2});  // a lease that is over at once
        QCOMPARE(other.take("host/4/x", 60)->id, RowId{2});  // and is taken again
        x = examinationOf(*theirs, false);
        QVERIFY(!store.finish(x, {}, "host/3/x"));  // too late
        QVERIFY(other.finish(x, {}, "host/4/x"));
        QCOMPARE(store.take("host/5/x", 60)->id, RowId{3});
        QVERIFY(!store.take("host/5/x", 60).has_value());
        const CaseStore::Progress progress = store.progress();
        QCOMPARE(progress.done, std::int64_t{1});
        QCOMPARE(progress.failed, std::int64_t{1});
        QCOMPARE(progress.running, std::int64_t{1});

        const Evidence done = reopen().evidenceOf(1);
        QCOMPARE(done.presence, std::string("signature found"));
        QCOMPARE(done.score, 12.345678901234567);
        QCOMPARE(done.code, std::string("deadbeef"));
        QCOMPARE(store.examinations(1).front().asRecorded, examine::toJson(examinationOf(done).record));
        QCOMPARE(store.artifacts(store.examinations(1).front().id).size(), std::size_t{1});
        QCOMPARE(store.examinations(2).front().problem, std::string("the file is no image"));
        store.queue({1, 2});
        QCOMPARE(store.progress().waiting, std::int64_t{2});
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
    }

    void findingsAndTags_data() { backends(); }
    void findingsAndTags() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 2);
        Tag tag{0, "notable '\"", "1"};
        store.saveTag(tag);
        Tag other{0, "second", "2"};
        store.saveTag(other);
        store.setTag(1, tag.id, true);
        store.setTag(1, other.id, true);
        store.setTag(1, other.id, false);
        QCOMPARE(store.evidenceOf(1).tags, std::vector<RowId>{tag.id});
        Finding finding;
        finding.evidence = 2;
        finding.status = FindingStatus::Warning;
        finding.comment = hostileText();
        finding.region = {1, 2, 3, 4};
        finding.params = {{"tiles", true}};
        finding.tags = {tag.id, other.id};
        store.saveFinding(finding);
        finding.tags = {other.id};
        finding.status = FindingStatus::Ok;
        store.saveFinding(finding);
        const std::vector<Finding> found = reopen().findings(2);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].comment, hostileText());
        QVERIFY(found[0].status == FindingStatus::Ok);
        QCOMPARE(found[0].tags, std::vector<RowId>{other.id});
        QCOMPARE(found[0].region, Json({1, 2, 3, 4}));
        store.removeFinding(finding.id);
        QVERIFY(store.findings().empty());
        QCOMPARE(codeOf([&] { store.removeFinding(99); }), nameOf(ErrorCode::NotFound));
        store.setNote(1, hostileText());
        QCOMPARE(store.evidenceOf(1).note, hostileText());
        QCOMPARE(codeOf([&] { store.setNote(1, std::string("nul\0inside", 10)); }),
                 nameOf(ErrorCode::BadOption));
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
    }

    void codes_data() { backends(); }
    void codes() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        RegisteredCode mine{0, "DEADBEEF", 32, "photo-code32", "Ada Ltd", {}, {}};
        store.registerCode(mine);
        RegisteredCode other{0, "0", 32, {}, "Nobody", {}, {}};
        store.registerCode(other);
        RegisteredCode longer{0, "ff", 64, {}, "Longer", {}, {}};
        store.registerCode(longer);
        const std::vector<RegisteredCode> all = reopen().codes();
        QCOMPARE(all.size(), std::size_t{3});
        QCOMPARE(all[0].hex, std::string("deadbeef"));
        const auto match = matchCode({"deadbeee", 32, "photo-code32", 16, {}}, all);
        QCOMPARE(match->holder, std::string("Ada Ltd"));
        QCOMPARE(match->matched, 31);
        QCOMPARE(match->searched, std::int64_t{2});
        // 33 of 2^32 equally likely codes agree in at least 31 bits; 2 codes x 16 geometries
        QVERIFY(qAbs(match->log10P - std::log10(33.0 / 4294967296.0)) < 1e-9);
        QVERIFY(qAbs(match->log10PCorrected - std::log10(32 * 33.0 / 4294967296.0)) < 1e-6);
        QVERIFY(!matchCode({"ff", 16, "photo-code32", 1, {}}, all).has_value());
        QVERIFY(match->rivals.empty());
        // one bit from mine, on the other side of what was read: both agree in 31 bits, none is named
        RegisteredCode twin{0, "deadbeec", 32, {}, "Twin", {}, {}};
        const auto alike = codesLike(twin, all);
        QCOMPARE(alike.size(), std::size_t{1});
        QCOMPARE(alike[0].holder, std::string("Ada Ltd"));
        store.registerCode(twin);
        const auto tie = matchCode({"deadbeee", 32, "photo-code32", 16, {}}, store.codes());
        QCOMPARE(tie->rivals.size(), std::size_t{1});
        QCOMPARE(tie->rivals[0].matched, 31);
        QCOMPARE(toJson(*tie).at("holder").get<std::string>(), std::string());
        const auto exact = matchCode({"deadbeef", 32, "photo-code32", 16, {}}, store.codes());
        QCOMPARE(toJson(*exact).at("holder").get<std::string>(), std::string("Ada Ltd"));
        QCOMPARE(exact->rivals[0].holder, std::string("Twin"));
        QCOMPARE(exact->rivals[0].matched, 30);
        store.changeCode(twin.id, "Twin & Son", "renamed");
        QCOMPARE(store.codes().back().holder, std::string("Twin & Son"));
        QCOMPARE(codeOf([&] { store.changeCode(twin.id, "", ""); }), nameOf(ErrorCode::BadOption));
        store.withdrawCode(twin.id, "issued by mistake");
        store.withdrawCode(mine.id, {});
        QCOMPARE(store.codes().size(), std::size_t{2});
        const auto every = store.codes(true);
        QCOMPARE(every.size(), std::size_t{4});
        QVERIFY(every.back().withdrawn && every.back().notes == "renamed" && !every[1].withdrawn);
        // a withdrawn one is not changed any more, and why it was is in the audit log
        QCOMPARE(codeOf([&] { store.changeCode(twin.id, "Eve", ""); }), nameOf(ErrorCode::NotFound));
        QCOMPARE(codeOf([&] { store.withdrawCode(twin.id, "again"); }), nameOf(ErrorCode::NotFound));
        QStringList actions;
        for (const AuditEntry& entry : store.audit())
            if (entry.subject == "fingerprint:" + std::to_string(twin.id))
                actions << QString::fromStdString(entry.action);
        QCOMPARE(actions, QStringList({"code registered", "code changed", "code withdrawn"}));
        QVERIFY(store.audit()[static_cast<std::size_t>(store.head().seq) - 2].details.find("by mistake") !=
                std::string::npos);
        RegisteredCode bad{0, "123", 8, {}, "X", {}, {}};
        QCOMPARE(codeOf([&] { store.registerCode(bad); }), nameOf(ErrorCode::BadOption));
        QVERIFY(verify(store, {}, {}).ok());
    }

    /// Bits that differ and were read with certainty contradict a match: 0c0ffee1 and 0c0ffee2 differ in the
    /// last two bits.
    void contradictedMatches_data() {
        QTest::addColumn<QString>("read");
        QTest::addColumn<QMap<int, double>>("unsure");
        QTest::addColumn<QStringList>("registered");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("nearest");
        const QMap<int, double> sure, last{{30, 0.6}, {31, 0.55}};
        const QString contradicted = "near, but differs in bits read with certainty";
        QTest::newRow("as registered") << "0c0ffee1" << sure << QStringList{"0c0ffee1"} << "match"
                                       << "0c0ffee1";
        QTest::newRow("two sure bits")
            << "0c0ffee2" << sure << QStringList{"0c0ffee1"} << contradicted << "0c0ffee1";
        QTest::newRow("one sure bit")
            << "0c0ffee0" << sure << QStringList{"0c0ffee1"} << contradicted << "0c0ffee1";
        QTest::newRow("two unsure bits") << "0c0ffee2" << last << QStringList{"0c0ffee1"} << "match"
                                         << "0c0ffee1";
        // agrees in fewer bits, but those that differ were guessed
        QTest::newRow("the likelier code")
            << "0c0ffee2" << last << QStringList{"1c0ffee2", "0c0ffee1"} << "match"
            << "0c0ffee1";
        // agrees in as many bits, but its own differing bit was read surely
        QTest::newRow("a contradicted rival")
            << "0c0ffee2" << QMap<int, double>{{31, 0.55}} << QStringList{"0c0ffee3", "1c0ffee2"} << "match"
            << "0c0ffee3";
        QTest::newRow("two likely codes")
            << "0c0ffee2" << last << QStringList{"0c0ffee3", "0c0ffee0"} << "as near as another holder's"
            << "0c0ffee3";
        QTest::newRow("unrelated") << "0c0ffee2" << sure << QStringList{"f3f00112"} << "no match"
                                   << "f3f00112";
    }
    void contradictedMatches() {
        QFETCH(QString, read);
        using Unsure = QMap<int, double>;
        QFETCH(Unsure, unsure);
        QFETCH(QStringList, registered);
        QFETCH(QString, answer);
        QFETCH(QString, nearest);
        ReadCode code{read.toStdString(), 32, "photo-code32", 1, std::vector<double>(32, 750.0 / 751)};
        for (auto bit = unsure.begin(); bit != unsure.end(); ++bit)
            code.bitConfidence[static_cast<std::size_t>(bit.key())] = bit.value();
        std::vector<RegisteredCode> codes;
        for (const QString& hex : registered)
            codes.push_back({0, hex.toStdString(), 32, {}, "holder of " + hex.toStdString(), {}, {}});
        const auto match = matchCode(code, codes);
        QVERIFY(match && match->weighed);
        QCOMPARE(QString::fromUtf8(toString(match->answer()).data()), answer);
        QCOMPARE(QString::fromStdString(match->hex), nearest);
        const Json json = toJson(*match);
        QCOMPARE(json.at("holder").get<std::string>().empty(), answer != "match");
        QCOMPARE(json.at("contradicted").get<bool>(), answer.startsWith("near") || answer == "no match");
        if (match->matched == 30 && !answer.startsWith("no")) QVERIFY(match->log10PCorrected < -6);
        // a record keeps it, and one of an earlier version is judged by its bit confidences
        Json finding = {{"model", "photo-code32"},
                        {"presence", "signature found"},
                        {"fpr", {{"n", 750}}},
                        {"hypotheses", 1},
                        {"code", {{"hex", code.hex}, {"bits", 32}, {"bit_confidence", code.bitConfidence}}},
                        {"match", json}};
        const auto readBack = [&] {
            const Json whole = {{"findings", Json::array({finding})}};
            return examine::recordFromJson(whole).findings.at(0).match->answer();
        };
        QVERIFY(readBack() == match->answer());
        for (const char* key : {"contradicted", "log10_p_errors", "log10_likelihood", "answer"})
            finding["match"].erase(key);
        for (Json& rival : finding["match"]["also_matching"]) rival.erase("contradicted");
        QVERIFY(readBack() == match->answer());
    }

    /// Whose map an artifact is: as the record lists it; of a record without a list, by the file's name.
    void whoseMap_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("listed");  ///< "file=model"; empty: the record has no list
        QTest::addColumn<QString>("model");
        QTest::newRow("listed") << "x.00.code.png"
                                << "x.00.code.png=presence"
                                << "presence";
        QTest::newRow("not listed") << "x.00.code.png"
                                    << "y.png=presence"
                                    << "";
        QTest::newRow("old") << "x.00.code.png"
                             << ""
                             << "code";
        QTest::newRow("old, the longer name") << "x.00.my.code.png"
                                              << ""
                                              << "my.code";
        QTest::newRow("old, of no model asked") << "x.00.other.png"
                                                << ""
                                                << "";
    }
    void whoseMap() {
        QFETCH(QString, file);
        QFETCH(QString, listed);
        QFETCH(QString, model);
        examine::Record record;
        record.findings.resize(3);
        record.findings[0].model = "code";
        record.findings[1].model = "my.code";
        record.findings[2].model = "presence";
        if (!listed.isEmpty())
            record.maps.emplace().push_back(
                {listed.section('=', 1).toStdString(), listed.section('=', 0, 0).toStdString()});
        const Artifact artifact{0, 0, "heatmap", "artifacts/1-00/" + file.toStdString(), {}};
        for (const examine::Record& r : {record, examine::recordFromJson(examine::toJson(record))})
            QCOMPARE(QString::fromStdString(modelOfMap(artifact, r)), model);
    }

    /// What stands beside an exhibit: the leading finding with its model, how its code compares, conflicts
    /// and warnings.
    void answersBesideExhibits_data() { backends(); }
    void answersBesideExhibits() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 2);
        RegisteredCode registered{0, "0c0ffee1", 32, {}, "Ada Ltd", {}, {}};
        store.registerCode(registered);
        for (const char* read : {"0c0ffee1", "0c0ffee2"}) {
            examine::Record record;
            record.path = "x";
            record.findings.resize(2);
            record.findings[0].model = "coded";
            record.findings[0].scoreLogit = 9;
            record.findings[0].presence = examine::Presence::Present;
            record.findings[0].code = examine::CodeReading{read, 32, std::vector<float>(32, 4),
                                                           std::vector<double>(32, 750.0 / 751), 0.99};
            record.findings[1] = record.findings[0];
            record.findings[1].model = "presence";
            record.findings[1].scoreLogit = 20;
            record.findings[1].code.reset();
            record.conflicts = {{"thumbnail_differs", "The thumbnail shows another picture."}};
            record.warnings = {"the JPEG data ends early"};
            Examination x;
            x.evidence = store.take("w", 60)->id;
            x.done = true;
            x.record = record;
            addMatches(x.record, store.codes());
            QVERIFY(store.finish(x, {}, "w"));
        }
        const std::vector<Evidence> all = reopen().evidence();
        QCOMPARE(all[0].model, std::string("coded"));
        QCOMPARE(all[0].score, 9.0);
        QVERIFY(all[0].match == examine::MatchAnswer::Match);
        QCOMPARE(all[0].holder, std::string("Ada Ltd"));
        QVERIFY(all[1].match == examine::MatchAnswer::Contradicted);
        QCOMPARE(all[1].holder, std::string("Ada Ltd"));
        QCOMPARE(all[1].remarks.size(), std::size_t{2});
        QVERIFY(all[1].remarks[0].starts_with("conflict: The thumbnail"));
        QCOMPARE(all[1].remarks[1], std::string("the JPEG data ends early"));
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
    }

    void enteredCustody_data() { backends(); }
    void enteredCustody() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 2);
        enterCustody(store, {1, 2}, "sealed", "bag 17, seal 0042");
        enterCustody(store, {2}, "handed over", hostileText());
        QCOMPARE(store.custody(1).back().action, std::string("sealed"));
        QCOMPARE(store.custody(1).back().details, std::string("bag 17, seal 0042"));
        QCOMPARE(store.custody(1).back().actor, std::string("Ada"));
        QCOMPARE(store.custody(2).back().details, hostileText());
        const auto entries = store.head().seq;
        for (const char* action : {"", "  ", "examined", "Received", "Verification failed", "two\nlines"})
            QCOMPARE(codeOf([&] { enterCustody(store, {1}, action, {}); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { enterCustody(store, {}, "sealed", {}); }), nameOf(ErrorCode::BadOption));
        // for all or for none
        QCOMPARE(codeOf([&] { enterCustody(store, {1, 99}, "sealed", {}); }), nameOf(ErrorCode::NotFound));
        QCOMPARE(store.head().seq, entries);
        for (const char* action : custodyActions()) QVERIFY(custodyActionProblem(action).empty());
        QVERIFY(verify(store, {}, {}).ok());
    }

    void reports_data() { backends(); }
    void reports() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const std::string head = store.head().hash;
        IssuedReport report;
        report.format = "pdf";
        report.status = "draft";
        store.recordReport(report);
        QCOMPARE(report.version, 1);
        QCOMPARE(report.auditHead, head);
        IssuedReport same;
        same.format = "pdf";
        same.status = "final";
        same.version = 1;
        QCOMPARE(codeOf([&] { store.recordReport(same); }), nameOf(ErrorCode::Exists));
        QVERIFY(verify(store, {.files = false, .expectedHead = head}, {}).ok());
        const Verification wrong = verify(store, {.files = false, .expectedHead = std::string(64, 'a')}, {});
        QCOMPARE(wrong.problems.front().kind, std::string("audit"));
    }

    /// Everything done past the program is found, and what is found first is named first.
    void tampering_data() {
        QTest::addColumn<bool>("server");
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("subject");
        const auto rows = [](const char* name, const char* statement, const char* subject) {
            for (const bool server : {false, true})
                QTest::addRow("%s: %s", server ? "postgresql" : "sqlite", name)
                    << server << statement << subject;
        };
        rows("audit row altered", "UPDATE audit SET actor = 'Eve' WHERE seq = 3", "audit:3");
        rows("audit row deleted", "DELETE FROM audit WHERE seq = 3", "audit:3");
        rows("audit rows swapped",
             "UPDATE audit SET seq = 1000 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE "
             "audit SET seq = 4 "
             "WHERE seq = 1000",
             "audit:3");
        rows("tail truncated", "DELETE FROM audit WHERE seq > 5", "evidence:3");
        rows("exhibit altered", "UPDATE evidence SET received_from = 'elsewhere' WHERE id = 2", "evidence:2");
        rows("hash altered", "UPDATE evidence SET sha256 = md5 WHERE id = 1", "evidence:1");
        rows("custody altered", "UPDATE custody_event SET actor = 'Eve' WHERE id = 1", "custody_event:1");
        rows("custody deleted", "DELETE FROM custody_event WHERE id = 2", "custody_event:2");
        rows("examination altered",
             "UPDATE examination SET record_json = replace(record_json, '12.3', '2.3') WHERE id = 1",
             "examination:1");
        rows("finding added",
             "INSERT INTO finding (evidence_id, examination_id, status, comment, region_json, params_json, "
             "created_utc, "
             "author, removed) VALUES (1, 0, 'ok', 'planted', 'null', '{}', '', 'Eve', 0)",
             "finding:1");
    }
    void tampering() {
        QFETCH(bool, server);
        QFETCH(QString, statement);
        QFETCH(QString, subject);
        if (!open(server)) QSKIP(qPrintable(m_why));
        {
            CaseStore store = reopen();
            add(store, 3);
            const std::optional<Evidence> taken = store.take("host/1/x", 60);
            Examination x = examinationOf(*taken);
            QVERIFY(store.finish(x, {}, "host/1/x"));
            QVERIFY(verify(store, {}, {}).ok());
            // The schema itself refuses it as long as its triggers stand.
            if (!statement.startsWith("INSERT") && !statement.contains("evidence SET"))
                QVERIFY_EXCEPTION_THROWN(execute(statement), std::runtime_error);
        }
        dropTriggers();
        execute(statement);
        CaseStore store = reopen();
        const Verification found = verify(store, {}, {});
        QVERIFY(!found.ok());
        QCOMPARE(QString::fromStdString(found.problems.front().subject), subject);
    }

    void alteredExhibit_data() { backends(); }
    void alteredExhibit() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 2);
        const Evidence second = store.evidenceOf(2);
        const fs::path copy = store.fileOf(second);
        fs::permissions(copy, fs::perms::owner_write, fs::perm_options::add);
        std::ofstream(copy, std::ios::app) << "x";
        const Verification found = verify(store, {}, {});
        QCOMPARE(found.problems.size(), std::size_t{1});
        QCOMPARE(found.problems.front().kind, std::string("evidence"));
        QCOMPARE(found.problems.front().subject, std::string("evidence:2"));
        QVERIFY(!verifyExhibit(store, second).empty());
        QVERIFY(!verifyExhibit(store, second).empty());
        QCOMPARE(store.findings(2).size(), std::size_t{1});  // said once
        QVERIFY(store.findings(2).front().status == FindingStatus::Warning);
        // The same bytes taken in again must not mend the copy in silence.
        QCOMPARE(codeOf([&] { takeIn(store, write("again.jpg", "exhibit 2"), {}); }),
                 nameOf(ErrorCode::HashMismatch));
        // put back: the check and the exhibit say the same, and what was found stays as history
        const std::string altered = readTextFile(copy);
        std::ofstream(copy, std::ios::trunc) << altered.substr(0, altered.size() - 1);
        const Verification mended = verify(store, {}, {});
        QVERIFY(mended.ok());
        QCOMPARE(mended.history.size(), std::size_t{1});
        QCOMPARE(mended.history.front().subject, std::string("evidence:2"));
        QVERIFY(mended.history.front().message.find("was not what was taken in") == 0);
        QVERIFY(mended.history.front().message.find("is now as recorded") != std::string::npos);
        QVERIFY(verifyExhibit(store, second).empty());
        const std::vector<Finding> past = store.findings(2);
        QCOMPARE(past.size(), std::size_t{1});
        QVERIFY(!isOpenMismatch(past.front()));
        QVERIFY(past.front().status == FindingStatus::ToBeChecked);
        QVERIFY(past.front().comment.find("is now as recorded") != std::string::npos);
        QVERIFY(past.front().comment.find("has SHA-256") != std::string::npos);
        QCOMPARE(store.custody(2).back().action, std::string("verified"));
        QVERIFY(verify(store, {}, {}).history.empty());
        fs::remove(copy);
        QVERIFY(verifyExhibit(store, second).find("not there") != std::string::npos);
        QCOMPARE(store.findings(2).size(), std::size_t{2});  // it is open again
        QVERIFY(verifyExhibit(store, store.evidenceOf(1)).empty());
    }

    /// Two connections that write at the same time: the chain has every entry, in one order.
    void writersAtOnce_data() { backends(); }
    void writersAtOnce() {
        if (!open()) QSKIP(qPrintable(m_why));
        const auto writer = [&](int number) {
            CaseStore store = reopen();
            for (int i = 0; i < 25; ++i) store.note("noted", "case", {{"writer", number}, {"i", i}});
        };
        {
            std::vector<std::jthread> threads;
            for (int n = 0; n < 3; ++n) threads.emplace_back(writer, n);
        }
        CaseStore store = reopen();
        QCOMPARE(store.head().seq, std::int64_t{1 + 3 * 25});
        QVERIFY(verify(store, {}, {}).ok());
    }

    void serverAway() {
        if (!open(true)) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 1);
        m_server->stop();
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(1500));
            m_server->startAgain();
        });
        store.note("noted", "case", {{"while", "the server was away"}});
        later.join();
        QVERIFY(verify(store, {}, {}).ok());
        OpenOptions impatient = options();
        impatient.patienceSeconds = 0;
        CaseStore other(m_location, impatient);
        m_server->stop();
        QCOMPARE(codeOf([&] { other.note("noted", "case", {}); }), nameOf(ErrorCode::Environment));
        m_server->startAgain();
    }

    /// Files that are no case are refused by name, and not touched.
    void notACase_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, const QByteArray& bytes) {
            QTest::newRow(name) << bytes << QString::fromStdString(nameOf(ErrorCode::Corrupt));
        };
        row("empty", {});
        row("text",
            "this is no database, but a text of more than a hundred bytes: it says so here, and goes on and "
            "on.");
        row("picture", QByteArray("\x89PNG\r\n\x1a\n", 8) + QByteArray(200, '\0'));
        row("header only", QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\0'));
    }
    void notACase() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, code);
        m_location = write("other.db", bytes.toStdString()).string();
        QCOMPARE(QString::fromStdString(codeOf([&] { reopen(); })), code);
        QCOMPARE(QByteArray::fromStdString(readTextFile(m_location)), bytes);
        m_location = m_folder->filePath("absent.db").toStdString();
        QCOMPARE(codeOf([&] { reopen(); }), nameOf(ErrorCode::NotFound));
        QVERIFY(!fs::exists(m_location));
    }

    /// A damaged case is refused or read as far as it goes; a sound copy of it is never made worse.
    void damagedFile() {
        open(false);
        {
            CaseStore store = reopen();
            std::vector<Evidence> many(400);
            for (std::size_t i = 0; i < many.size(); ++i) {
                many[i].sha256 = sha256Hex(std::to_string(i));
                many[i].originalPath = "exhibit " + std::to_string(i);
            }
            store.addEvidence(many);
        }
        const std::string whole = readTextFile(m_location);
        for (const std::size_t size :
             {whole.size() / 2, whole.size() - 1, std::size_t{5000}, std::size_t{100}}) {
            writeFileAtomically(m_location, std::string_view(whole).substr(0, size), IfExists::Replace);
            const std::string code = codeOf([&] {
                CaseStore store = reopen();
                if (!verify(store, {.files = false, .expectedHead = {}}, {}).ok())
                    throw Error(ErrorCode::Corrupt, "found");
            });
            QVERIFY2(code == nameOf(ErrorCode::Corrupt) || code == nameOf(ErrorCode::NotFound), code.c_str());
        }
        int found = 0;
        for (std::size_t at = 4096 + 50; at < whole.size(); at += whole.size() / 23) {
            std::string flipped = whole;
            for (std::size_t i = at; i < std::min(at + 64, whole.size()); ++i)
                flipped[i] = static_cast<char>(~flipped[i]);
            writeFileAtomically(m_location, flipped, IfExists::Replace);
            const std::string code = codeOf([&] {
                CaseStore store = reopen();
                if (!verify(store, {.files = false, .expectedHead = {}}, {}).ok())
                    throw Error(ErrorCode::Corrupt, "found");
            });
            if (code == nameOf(ErrorCode::Corrupt)) ++found;
        }
        // Unused space within pages holds nothing and may be flipped unseen.
        QVERIFY2(found >= 15, qPrintable(QString::number(found)));
    }

    /// A case of an older program is brought up to date, after a backup.
    void olderSchema_data() { backends(); }
    void olderSchema() {
        QFETCH(bool, server);
        if (server && !m_server) QSKIP(qPrintable(m_why));
        const QString data = qEnvironmentVariable("SIGNET_SOURCE_DIR") + "/tests/data/cases/";
        if (server) {
            m_location = m_server->newDatabase();
            m_server->execute(m_location, readTextFile((data + "schema-1.postgresql.sql").toStdString()));
        } else {
            m_location = m_folder->filePath("old.case").toStdString();
            QVERIFY(QFile::copy(data + "schema-1.case", QString::fromStdString(m_location)));
        }
        OpenOptions reading = options();
        reading.readOnly = true;
        QCOMPARE(codeOf([&] { CaseStore(m_location, reading); }), nameOf(ErrorCode::NoPermission));
        CaseStore store = reopen();
        QVERIFY(!store.readOnly());
        QCOMPARE(store.info().title, std::string("An old case"));
        const std::vector<Evidence> exhibits = store.evidence();
        QCOMPARE(exhibits.size(), std::size_t{2});
        QCOMPARE(exhibits[1].receivedFrom, std::string("a test"));
        QCOMPARE(exhibits[1].tags.size(), std::size_t{1});
        QVERIFY(exhibits[1].state == WorkState::Waiting);
        QCOMPARE(store.head().action, std::string("schema changed"));
        const std::string backup = Json::parse(store.head().details).at("backup").get<std::string>();
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
        QCOMPARE(store.take("host/1/x", 60)->id, RowId{1});
        if (server) {
            QCOMPARE(backup, std::string("backup_1"));
            execute("SELECT 1 / (CASE WHEN COUNT(*) = 7 THEN 1 ELSE 0 END) FROM backup_1.audit");
        } else {
            QCOMPARE(backup, m_location + ".schema-1.backup");
            QVERIFY(fs::exists(backup));
            fs::remove(m_location);
            fs::rename(backup, m_location);
            QCOMPARE(reopen().evidence().size(), std::size_t{2});  // it is the whole old case
        }
    }

    /// What stands beside the exhibits of a case of schema 2 is made anew: the match that was named for 30 of
    /// 32 bits is contradicted by the bit confidences in its record.
    void answersOfAnOlderSchema_data() { backends(); }
    void answersOfAnOlderSchema() {
        QFETCH(bool, server);
        if (server && !m_server) QSKIP(qPrintable(m_why));
        const QString data = qEnvironmentVariable("SIGNET_SOURCE_DIR") + "/tests/data/cases/";
        if (server) {
            m_location = m_server->newDatabase();
            m_server->execute(m_location, readTextFile((data + "schema-2.postgresql.sql").toStdString()));
        } else {
            m_location = m_folder->filePath("old.case").toStdString();
            QVERIFY(QFile::copy(data + "schema-2.case", QString::fromStdString(m_location)));
        }
        CaseStore store = reopen();
        const std::vector<Evidence> all = store.evidence();
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[0].code, std::string("0c0ffee2"));
        QVERIFY(all[0].match == examine::MatchAnswer::Contradicted);
        QCOMPARE(all[0].holder, std::string("Ada Ltd"));
        QCOMPARE(all[0].model, std::string("photo-code32"));
        QVERIFY(all[1].code.empty() && !all[1].match && all[1].holder.empty());
        QCOMPARE(all[1].model, std::string("photo-code32"));
        QCOMPARE(std::lround(all[1].score), -17L);
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
    }

    void newerSchema_data() { backends(); }
    void newerSchema() {
        if (!open()) QSKIP(qPrintable(m_why));
        {
            CaseStore store = reopen();
            add(store, 1);
        }
        execute("INSERT INTO schema_version VALUES (99, '2030')");
        CaseStore store = reopen();
        QVERIFY(store.readOnly());
        QVERIFY2(store.readOnlyReason().find("newer") != std::string::npos, store.readOnlyReason().c_str());
        QCOMPARE(store.evidence().size(), std::size_t{1});
        QCOMPARE(codeOf([&] { store.note("x", "y", {}); }), nameOf(ErrorCode::NoPermission));
    }

    void readOnlyCase() {
        open(false);
        {
            CaseStore store = reopen();
            add(store, 2);
        }
        OpenOptions reading = options();
        reading.readOnly = true;
        const auto names = [&] {
            std::set<std::string> found;
            for (const auto& entry : fs::directory_iterator(m_folder->path().toStdString()))
                found.insert(entry.path());
            return found;
        };
        const std::string bytes = readTextFile(m_location);
        fs::permissions(m_location, fs::perms::owner_read);
        const auto before = names();
        {
            CaseStore store(m_location, reading);
            QVERIFY(store.readOnly());
            QCOMPARE(store.evidence().size(), std::size_t{2});
            QVERIFY(verify(store, {}, {}).ok());
            QCOMPARE(codeOf([&] { store.note("x", "y", {}); }), nameOf(ErrorCode::NoPermission));
        }
        QCOMPARE(readTextFile(m_location), bytes);
        QVERIFY(names() == before);
    }

    void lockedByAnother() {
        open(false);
        CaseStore holder = reopen();
        {
            const auto other = pastTheProgram();
            *other << "BEGIN IMMEDIATE";
            QCOMPARE(codeOf([&] { holder.note("x", "y", {}); }), nameOf(ErrorCode::Environment));
            QCOMPARE(holder.evidence().size(), std::size_t{0});  // reading goes on
            *other << "ROLLBACK";
        }
        holder.note("x", "y", {});
        QVERIFY(verify(holder, {}, {}).ok());
    }

private:
    static void backends() {
        QTest::addColumn<bool>("server");
        QTest::newRow("sqlite") << false;
        QTest::newRow("postgresql") << true;
    }

    OpenOptions options() const {
        OpenOptions options;
        options.actor = "Ada";
        options.folder = m_folder->filePath("files").toStdString();
        return options;
    }

    void create() {
        CaseInfo info;
        info.title = "Test";
        info.examiner = "Ada";
        CaseStore::create(m_location, info, options());
    }

    /// False where the row's backend is not here.
    bool open() {
        QFETCH(bool, server);
        return open(server);
    }
    bool open(bool server) {
        if (server && !m_server) return false;
        m_location = server ? m_server->newDatabase() : m_folder->filePath("case.db").toStdString();
        create();
        return true;
    }

    /// A connection of somebody who does not use the program.
    std::unique_ptr<soci::session> pastTheProgram() const {
        if (m_location.starts_with("postgresql"))
            return std::make_unique<soci::session>(soci::postgresql, m_server->pairs(m_location));
        return std::make_unique<soci::session>(soci::sqlite3, "dbname=" + m_location);
    }

    void execute(const QString& statements) const {
        const auto session = pastTheProgram();
        for (const QString& statement : statements.split(';', Qt::SkipEmptyParts))
            *session << statement.toStdString();
    }

    void dropTriggers() const {
        const bool server = m_location.starts_with("postgresql");
        const auto session = pastTheProgram();
        std::vector<std::string> names(100), tables(100);
        *session
            << (server ? "SELECT DISTINCT CAST(trigger_name AS TEXT), CAST(event_object_table AS TEXT) FROM "
                         "information_schema.triggers"
                       : "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"),
            soci::into(names), soci::into(tables);
        for (std::size_t i = 0; i < names.size(); ++i)
            *session << "DROP TRIGGER " + names[i] + (server ? " ON " + tables[i] : "");
        // Not listed in information_schema: a trigger for TRUNCATE.
        if (server) *session << "DROP TRIGGER IF EXISTS audit_stays ON audit";
        if (server) *session << "ALTER TABLE evidence DISABLE TRIGGER ALL";
    }

    CaseStore reopen() const { return CaseStore(m_location, options()); }

    fs::path write(const std::string& name, const std::string& content) const {
        const fs::path path = fs::path(m_folder->path().toStdString()) / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    void add(CaseStore& store, int count) const {
        for (int i = 1; i <= count; ++i)
            takeIn(store, write("exhibit " + std::to_string(i) + ".jpg", "exhibit " + std::to_string(i)), {});
    }

    std::unique_ptr<test::PostgresServer> m_server;
    QString m_why;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_location;
};

QTEST_GUILESS_MAIN(TestCaseStore)
#include "test_case_store.moc"
