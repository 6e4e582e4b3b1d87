#include <QtTest>

#include "core/base/error.h"
#include "core/cases/verify.h"
#include "tests/core/case_store_fixture.h"
#include "tests/core/image_builders.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::tests;
namespace fs = std::filesystem;

/// Cases of older and newer programs.
class TestCaseSchemas : public CaseStoreTest {
    Q_OBJECT

public:
    using CaseStoreTest::CaseStoreTest;

private Q_SLOTS:
    /// A case of an older program is brought up to date, after a backup.
    void olderSchema_data() { backends(); }
    void olderSchema() {
        QFETCH(bool, server);
        if (!openOld(1)) QSKIP(qPrintable(m_why));
        OpenOptions reading = options();
        reading.readOnly = true;
        QCOMPARE(codeOf([&] { CaseStore(m_location, reading); }), nameOf(ErrorCode::NoPermission));
        CaseStore store = reopen();
        QVERIFY(!store.readOnly());
        QCOMPARE(store.info().title, std::string("An old case"));
        const std::vector<Exhibit> exhibits = store.exhibits().all();
        QCOMPARE(exhibits.size(), std::size_t{2});
        QCOMPARE(exhibits[1].receivedFrom, std::string("a test"));
        QCOMPARE(exhibits[1].tags.size(), std::size_t{1});
        QVERIFY(exhibits[1].state == WorkState::Waiting);
        QCOMPARE(store.audit().head().action, std::string("schema changed"));
        const std::string backup = Json::parse(store.audit().head().details).at("backup").get<std::string>();
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
        QCOMPARE(store.work().claim("host/1/x", 60)->id, RowId{1});
        if (server) {
            QCOMPARE(backup, std::string("backup_1"));
            execute("SELECT 1 / (CASE WHEN COUNT(*) = 7 THEN 1 ELSE 0 END) FROM backup_1.audit");
        } else {
            QCOMPARE(backup, m_location + ".schema-1.backup");
            QVERIFY(fs::exists(backup));
            fs::remove(m_location);
            fs::rename(backup, m_location);
            QCOMPARE(reopen().exhibits().all().size(), std::size_t{2});  // it is the whole old case
        }
    }

    /// What stands beside the exhibits of a case of schema 2 is made anew: the match that was named for 30 of
    /// 32 bits is contradicted by the bit confidences in its record.
    void answersOfAnOlderSchema_data() { backends(); }
    void answersOfAnOlderSchema() {
        if (!openOld(2)) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const std::vector<Exhibit> all = store.exhibits().all();
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

    /// Registered codes were called fingerprints up to schema 3: the entries of that time hold for them
    /// still.
    void codesOfAnOlderSchema_data() { backends(); }
    void codesOfAnOlderSchema() {
        if (!openOld(3)) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const std::vector<RegisteredCode> old = store.codes().all();
        QCOMPARE(old.size(), std::size_t{3});
        QCOMPARE(old[0].hex, std::string("0c0ffee1"));
        QVERIFY(old[1].withdrawn);
        QCOMPARE(old[2].holder, std::string("Grace & Son"));
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
        store.codes().change(1, "Ada & Co", "");
        RegisteredCode added{0, "ff", 32, {}, "Later", {}, {}};
        store.codes().add(added);
        QCOMPARE(added.id, RowId{4});
        QCOMPARE(store.audit().head().subject, std::string("registered_code:4"));
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
        execute(
            "UPDATE registered_code SET holder = 'Eve' WHERE id = 3; DELETE FROM registered_code WHERE id = "
            "2");
        const Verification found = verify(store, {.files = false, .expectedHead = {}}, {});
        QCOMPARE(found.problems.size(), std::size_t{2});
        QCOMPARE(found.problems[0].subject, std::string("registered_code:3"));
        QCOMPARE(found.problems[1].subject, std::string("registered_code:2"));
    }

    /// What is known of the pictures of registered codes since schema 5 is part of the audit log, whose
    /// earlier entries hold still.
    void picturesOfAnOlderSchema_data() { backends(); }
    void picturesOfAnOlderSchema() {
        if (!openOld(4)) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const std::vector<RegisteredCode> old = store.codes().all();
        QCOMPARE(old.size(), std::size_t{3});
        QCOMPARE(old[2].holder, std::string("Grace & Son"));
        for (const RegisteredCode& code : old)
            QVERIFY(code.keyFingerprint.empty() && code.pictureHash.empty() && code.pictureSha256.empty());
        const auto problems = [&] {
            return verify(store, {.files = false, .expectedHead = {}}, {}).problems;
        };
        QVERIFY(problems().empty());
        store.codes().change(1, "Ada & Co", "");
        RegisteredCode added{0, "ff", 32, {}, "Later", {}, {}};
        added.keyFingerprint = "a7a91f8d7c659aa2";
        added.pictureHash = "1:1x1:5";
        added.pictureSha256 = std::string(64, 'a');
        store.codes().add(added);
        const RegisteredCode kept = store.codes().all().back();
        QCOMPARE(kept.id, RowId{4});
        QCOMPARE(kept.keyFingerprint, added.keyFingerprint);
        QCOMPARE(kept.pictureHash, added.pictureHash);
        QCOMPARE(kept.pictureSha256, added.pictureSha256);
        QVERIFY(problems().empty());
        execute(
            "UPDATE registered_code SET key_fingerprint = 'a7a91f8d7c659aa2' WHERE id = 3; UPDATE "
            "registered_code SET picture_hash = '' WHERE id = 4");
        QCOMPARE(problems().size(), std::size_t{2});
        QCOMPARE(problems()[0].subject, std::string("registered_code:3"));
        QCOMPARE(problems()[1].subject, std::string("registered_code:4"));
    }

    /// Whether an answer is by a p-value stands beside the exhibits since schema 7, from the records.
    void keyedAnswersOfAnOlderSchema_data() { backends(); }
    void keyedAnswersOfAnOlderSchema() {
        if (!open()) QSKIP(qPrintable(m_why));
        const auto isFilledIn = [](const std::vector<Exhibit>& all) {
            return all.size() == 3 && log10POf(all[0]) == std::optional(-12.345678901234567) &&
                   !log10POf(all[1]) && !log10POf(all[2]);
        };
        {
            CaseStore store = reopen();
            add(store, 3);
            for (const bool isKeyed : {true, false}) {
                Examination x = examinationOf(*store.work().claim("host/1/x", 60));
                if (isKeyed) x.record.findings[0].keyed.emplace().log10P = -12.345678901234567;
                QVERIFY(store.work().finish(x, {}, "host/1/x"));
            }
            QVERIFY(isFilledIn(store.exhibits().all()));
        }
        execute("ALTER TABLE work DROP COLUMN keyed; DELETE FROM schema_version WHERE version = 7");
        CaseStore store = reopen();
        QCOMPARE(store.audit().head().action, std::string("schema changed"));
        QVERIFY(isFilledIn(store.exhibits().all()));
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
        QCOMPARE(store.exhibits().all().size(), std::size_t{1});
        QCOMPARE(codeOf([&] { store.audit().note("x", "y", {}); }), nameOf(ErrorCode::NoPermission));
    }
};

std::unique_ptr<QObject> signet::tests::schemaTests(const Backends& backends) {
    return std::make_unique<TestCaseSchemas>(backends);
}

#include "test_case_schemas.moc"
