#include <QtTest>
#include <fstream>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/cases/intake.h"
#include "core/cases/verify.h"
#include "tests/core/case_store_fixture.h"
#include "tests/core/image_builders.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::tests;
namespace fs = std::filesystem;

/// What was changed past the program, or damaged, is found.
class TestCaseIntegrity : public CaseStoreTest {
    Q_OBJECT

public:
    using CaseStoreTest::CaseStoreTest;

private Q_SLOTS:
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
            const std::optional<Exhibit> taken = store.work().claim("host/1/x", 60);
            Examination x = examinationOf(*taken);
            QVERIFY(store.work().finish(x, {}, "host/1/x"));
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
        const Exhibit second = store.exhibits().byId(2);
        const fs::path copy = store.exhibits().fileOf(second);
        fs::permissions(copy, fs::perms::owner_write, fs::perm_options::add);
        std::ofstream(copy, std::ios::app) << "x";
        const Verification found = verify(store, {}, {});
        QCOMPARE(found.problems.size(), std::size_t{1});
        QCOMPARE(found.problems.front().kind, std::string("evidence"));
        QCOMPARE(found.problems.front().subject, std::string("evidence:2"));
        QVERIFY(!verifyExhibit(store, second).empty());
        QVERIFY(!verifyExhibit(store, second).empty());
        QCOMPARE(store.findings().of(2).size(), std::size_t{1});  // said once
        QVERIFY(store.findings().of(2).front().status == FindingStatus::Warning);
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
        const std::vector<Finding> past = store.findings().of(2);
        QCOMPARE(past.size(), std::size_t{1});
        QVERIFY(!isOpenMismatch(past.front()));
        QVERIFY(past.front().status == FindingStatus::ToBeChecked);
        QVERIFY(past.front().comment.find("is now as recorded") != std::string::npos);
        QVERIFY(past.front().comment.find("has SHA-256") != std::string::npos);
        QCOMPARE(store.custody().of(2).back().action, std::string("verified"));
        QVERIFY(verify(store, {}, {}).history.empty());
        fs::remove(copy);
        QVERIFY(verifyExhibit(store, second).find("not there") != std::string::npos);
        QCOMPARE(store.findings().of(2).size(), std::size_t{2});  // it is open again
        QVERIFY(verifyExhibit(store, store.exhibits().byId(1)).empty());
    }

    /// A damaged case is refused or read as far as it goes; a sound copy of it is never made worse.
    void damagedFile() {
        open(false);
        {
            CaseStore store = reopen();
            std::vector<Exhibit> many(400);
            for (std::size_t i = 0; i < many.size(); ++i) {
                many[i].sha256 = sha256Hex(std::to_string(i));
                many[i].originalPath = "exhibit " + std::to_string(i);
            }
            store.exhibits().add(many);
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
};

std::unique_ptr<QObject> signet::tests::integrityTests(const Backends& backends) {
    return std::make_unique<TestCaseIntegrity>(backends);
}

#include "test_case_integrity.moc"
