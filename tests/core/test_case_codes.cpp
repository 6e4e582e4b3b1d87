#include <QtTest>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/cases/batch.h"
#include "core/cases/code_picture.h"
#include "core/cases/evidence_maps.h"
#include "core/cases/match.h"
#include "core/cases/verify.h"
#include "core/examine/record_json.h"
#include "tests/core/case_store_fixture.h"
#include "tests/core/framed_pictures.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::tests;
namespace fs = std::filesystem;

/// Registered codes, and what decoded ones are to them.
class TestCaseCodes : public CaseStoreTest {
    Q_OBJECT

public:
    using CaseStoreTest::CaseStoreTest;

private Q_SLOTS:
    void codes_data() { backends(); }
    void codes() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        RegisteredCode mine{0, "DEADBEEF", 32, "photo-code32", "Ada Ltd", {}, {}};
        store.codes().add(mine);
        RegisteredCode other{0, "0", 32, {}, "Nobody", {}, {}};
        store.codes().add(other);
        RegisteredCode longer{0, "ff", 64, {}, "Longer", {}, {}};
        store.codes().add(longer);
        const std::vector<RegisteredCode> all = reopen().codes().valid();
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
        store.codes().add(twin);
        const auto tie = matchCode({"deadbeee", 32, "photo-code32", 16, {}}, store.codes().valid());
        QCOMPARE(tie->rivals.size(), std::size_t{1});
        QCOMPARE(tie->rivals[0].matched, 31);
        QCOMPARE(toJson(*tie).at("holder").get<std::string>(), std::string());
        const auto exact = matchCode({"deadbeef", 32, "photo-code32", 16, {}}, store.codes().valid());
        QCOMPARE(toJson(*exact).at("holder").get<std::string>(), std::string("Ada Ltd"));
        QCOMPARE(exact->rivals[0].holder, std::string("Twin"));
        QCOMPARE(exact->rivals[0].matched, 30);
        store.codes().change(twin.id, "Twin & Son", "renamed");
        QCOMPARE(store.codes().valid().back().holder, std::string("Twin & Son"));
        QCOMPARE(codeOf([&] { store.codes().change(twin.id, "", ""); }), nameOf(ErrorCode::BadOption));
        store.codes().withdraw(twin.id, "issued by mistake");
        store.codes().withdraw(mine.id, {});
        QCOMPARE(store.codes().valid().size(), std::size_t{2});
        const auto every = store.codes().all();
        QCOMPARE(every.size(), std::size_t{4});
        QVERIFY(every.back().withdrawn && every.back().notes == "renamed" && !every[1].withdrawn);
        // a withdrawn one is not changed any more, and why it was is in the audit log
        QCOMPARE(codeOf([&] { store.codes().change(twin.id, "Eve", ""); }), nameOf(ErrorCode::NotFound));
        QCOMPARE(codeOf([&] { store.codes().withdraw(twin.id, "again"); }), nameOf(ErrorCode::NotFound));
        QStringList actions;
        for (const AuditEntry& entry : store.audit().entries())
            if (entry.subject == "registered_code:" + std::to_string(twin.id))
                actions << QString::fromStdString(entry.action);
        QCOMPARE(actions, QStringList({"code registered", "code changed", "code withdrawn"}));
        QVERIFY(store.audit().entries()[static_cast<std::size_t>(store.audit().head().seq) - 2].details.find(
                    "by mistake") != std::string::npos);
        RegisteredCode bad{0, "123", 8, {}, "X", {}, {}};
        QCOMPARE(codeOf([&] { store.codes().add(bad); }), nameOf(ErrorCode::BadOption));
        QVERIFY(verify(store, {}, {}).ok());
    }

    /// A code with the picture it was registered for: found on another one, it is known for a copy.
    void pictures_data() { backends(); }
    void pictures() {
        if (!open()) QSKIP(qPrintable(m_why));
        const image::Image picture = scene(384, 256, 1), other = scene(300, 240, 2);
        const FileBytes bytes = encoded(picture, image::Format::Png);
        const fs::path file = write("signed.png", std::string(bytes.begin(), bytes.end()));
        const std::string key = "a7a91f8d7c659aa2";
        CaseStore store = reopen();
        RegisteredCode with{0, "0c0ffee1", 32, {}, "Ada Ltd", {}, {}};
        with.keyFingerprint = key;
        setPicture(with, file);
        QCOMPARE(with.pictureSha256, sha256Hex(bytes));
        store.codes().add(with);
        RegisteredCode without{0, "0c0ffee2", 32, {}, "Ada Ltd", {}, {}};
        store.codes().add(without);
        const auto answer = [&](const std::string& code, const std::string& readKey,
                                const image::Image& found) {
            const signature::ChipSize size = signature::frameOf(found.width, found.height);
            const signature::SeenSigns seen = signature::seenSigns({found, size.columns, size.rows});
            return std::string(
                toString(comparePictures({readKey, code, seen}, reopen().codes().valid()).answer));
        };
        QCOMPARE(answer("0c0ffee1", key, picture), std::string("same_picture"));
        QCOMPARE(answer("0c0ffee1", key, other), std::string("other_picture"));
        QCOMPARE(answer("0c0ffee1", "0123456789abcdef", other), std::string("not_registered"));
        QCOMPARE(answer("0c0ffee2", key, picture), std::string("cannot_be_said"));
        QCOMPARE(answer("0c0ffee3", key, picture), std::string("not_registered"));
        QVERIFY(store.audit().entries()[static_cast<std::size_t>(store.audit().head().seq) - 2].details.find(
                    with.pictureSha256) != std::string::npos);
        QVERIFY(verify(store, {}, {}).ok());
        with.keyFingerprint = "Ada's key";
        QCOMPARE(codeOf([&] { store.codes().add(with); }), nameOf(ErrorCode::BadOption));
        QVERIFY(
            test::errorOf([&] { setPicture(with, write("text.png", "no picture")); }).contains("text.png"));
        // Whatever somebody writes into the database, the codes can be read.
        execute("UPDATE registered_code SET picture_hash = '?' WHERE id = 1");
        QCOMPARE(answer("0c0ffee1", key, picture), std::string("cannot_be_said"));
        QVERIFY(!verify(store, {}, {}).ok());
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

    /// A code that passed a check of its own is a registered one or it is not, however near.
    void checkedCodes_data() {
        QTest::addColumn<QStringList>("registered");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<int>("matched");
        QTest::addColumn<int>("rivals");
        QTest::newRow("as registered") << QStringList{"0c0ffee1"} << "match" << 32 << 0;
        QTest::newRow("a neighbour") << QStringList{"0c0ffee0"} << "no match" << 31 << 0;
        QTest::newRow("beside a neighbour") << QStringList{"0c0ffee0", "0c0ffee1"} << "match" << 32 << 0;
        QTest::newRow("of two holders")
            << QStringList{"0c0ffee1", "0c0ffee1"} << "as near as another holder's" << 32 << 1;
    }
    void checkedCodes() {
        QFETCH(QStringList, registered);
        QFETCH(QString, answer);
        QFETCH(int, matched);
        QFETCH(int, rivals);
        std::vector<RegisteredCode> codes;
        for (const QString& hex : registered)
            codes.push_back({0, hex.toStdString(), 32, {}, "holder " + std::to_string(codes.size()), {}, {}});
        examine::Record record;
        examine::Finding& finding = record.findings.emplace_back();
        finding.keyed.emplace();
        finding.code = examine::CodeReading{
            .hex = "0c0ffee1", .bits = 32, .checked = true, .bitLogits = {}, .bitConfidence = {}};
        addMatches(record, codes);
        for (const examine::Record& r : {record, examine::recordFromJson(examine::toJson(record))}) {
            const auto& match = r.findings.at(0).match;
            QVERIFY(match && !match->weighed && !match->contradicted);
            QCOMPARE(QString::fromUtf8(toString(match->answer()).data()), answer);
            QCOMPARE(match->matched, matched);
            QCOMPARE(static_cast<int>(match->rivals.size()), rivals);
        }
        // codes that were registered for another key are none of it
        auto strange = codes;
        for (RegisteredCode& code : strange) code.keyFingerprint = "fedcba9876543210";
        finding.keyed->keyFingerprint = "0123456789abcdef";
        finding.match.reset();
        addMatches(record, strange);
        QVERIFY(!finding.match);
        // of a keyed signature without a readable code nothing is compared
        record.findings[0].code.reset();
        record.findings[0].match.reset();
        addMatches(record, codes);
        QVERIFY(!record.findings[0].match);
    }

    /// The table of exhibits shows which codes passed a check, also when the case is opened again.
    void checkedCodesInTables_data() { backends(); }
    void checkedCodesInTables() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 3);
        for (const auto& [read, checked] : {std::pair("0c0ffee1", true), {"0c0ffee1", false}, {"", false}}) {
            Examination x;
            x.exhibit = store.work().claim("w", 60)->id;
            x.done = true;
            x.record.path = "x";
            examine::Finding& finding = x.record.findings.emplace_back();
            finding.scoreLogit = 9;
            finding.threshold = 6;
            finding.presence = examine::Presence::Present;
            finding.keyed.emplace().keyFingerprint = "0123456789abcdef";
            if (*read != 0)
                finding.code = examine::CodeReading{
                    .hex = read, .bits = 32, .checked = checked, .bitLogits = {}, .bitConfidence = {}};
            QVERIFY(store.work().finish(x, {}, "w"));
        }
        CaseStore again = reopen();
        const std::vector<Exhibit> all = again.exhibits().all();
        QCOMPARE(codeText(all[0]), std::string("0c0ffee1"));
        QCOMPARE(codeText(all[1]), std::string("0c0ffee1 (unverified)"));
        QCOMPARE(codeText(all[2]), std::string());
        QCOMPARE(all[0].presence, std::string("present"));
        QCOMPARE(all[2].presence, std::string("present, code not readable"));
        for (const Exhibit& e : all) QVERIFY(presenceOf(e) == examine::Presence::Present);
        const examine::Finding kept = again.results().examinations(1).at(0).record.findings.at(0);
        QVERIFY(kept.presence == examine::Presence::Present && kept.code->checked);
        QCOMPARE(kept.keyed->keyFingerprint, std::string("0123456789abcdef"));
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
        store.codes().add(registered);
        for (const char* read : {"0c0ffee1", "0c0ffee2"}) {
            examine::Record record;
            record.path = "x";
            record.findings.resize(2);
            record.findings[0].model = "coded";
            record.findings[0].scoreLogit = 9;
            record.findings[0].presence = examine::Presence::Present;
            record.findings[0].code =
                examine::CodeReading{.hex = read,
                                     .bits = 32,
                                     .bitLogits = std::vector<float>(32, 4),
                                     .bitConfidence = std::vector<double>(32, 750.0 / 751),
                                     .confidence = 0.99};
            record.findings[1] = record.findings[0];
            record.findings[1].model = "presence";
            record.findings[1].scoreLogit = 20;
            record.findings[1].code.reset();
            record.conflicts = {{"thumbnail_differs", "The thumbnail shows another picture."}};
            record.warnings = {"the JPEG data ends early"};
            Examination x;
            x.exhibit = store.work().claim("w", 60)->id;
            x.done = true;
            x.record = record;
            addMatches(x.record, store.codes().valid());
            QVERIFY(store.work().finish(x, {}, "w"));
        }
        const std::vector<Exhibit> all = reopen().exhibits().all();
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
};

std::unique_ptr<QObject> signet::tests::codeTests(const Backends& backends) {
    return std::make_unique<TestCaseCodes>(backends);
}

#include "test_case_codes.moc"
