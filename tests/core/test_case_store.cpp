#include <QtTest>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/cases/verify.h"
#include "tests/core/case_store_fixture.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::tests;
namespace fs = std::filesystem;

/// Making and opening cases, alone and beside others.
class TestCaseStore : public CaseStoreTest {
    Q_OBJECT

public:
    using CaseStoreTest::CaseStoreTest;

private Q_SLOTS:
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

    void reports_data() { backends(); }
    void reports() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const std::string head = store.audit().head().hash;
        IssuedReport report;
        report.format = "pdf";
        report.status = "draft";
        store.reports().add(report);
        QCOMPARE(report.version, 1);
        QCOMPARE(report.auditHead, head);
        IssuedReport same;
        same.format = "pdf";
        same.status = "final";
        same.version = 1;
        QCOMPARE(codeOf([&] { store.reports().add(same); }), nameOf(ErrorCode::Exists));
        QVERIFY(verify(store, {.files = false, .expectedHead = head}, {}).ok());
        const Verification wrong = verify(store, {.files = false, .expectedHead = std::string(64, 'a')}, {});
        QCOMPARE(wrong.problems.front().kind, std::string("audit"));
    }

    /// Two connections that write at the same time: the chain has every entry, in one order.
    void writersAtOnce_data() { backends(); }
    void writersAtOnce() {
        if (!open()) QSKIP(qPrintable(m_why));
        const auto writer = [&](int number) {
            CaseStore store = reopen();
            for (int i = 0; i < 25; ++i) store.audit().note("noted", "case", {{"writer", number}, {"i", i}});
        };
        {
            std::vector<std::jthread> threads;
            for (int n = 0; n < 3; ++n) threads.emplace_back(writer, n);
        }
        CaseStore store = reopen();
        QCOMPARE(store.audit().head().seq, std::int64_t{1 + 3 * 25});
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
        store.audit().note("noted", "case", {{"while", "the server was away"}});
        later.join();
        QVERIFY(verify(store, {}, {}).ok());
        OpenOptions impatient = options();
        impatient.patienceSeconds = 0;
        CaseStore other(m_location, impatient);
        m_server->stop();
        QCOMPARE(codeOf([&] { other.audit().note("noted", "case", {}); }), nameOf(ErrorCode::Environment));
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
            QCOMPARE(store.exhibits().all().size(), std::size_t{2});
            QVERIFY(verify(store, {}, {}).ok());
            QCOMPARE(codeOf([&] { store.audit().note("x", "y", {}); }), nameOf(ErrorCode::NoPermission));
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
            QCOMPARE(codeOf([&] { holder.audit().note("x", "y", {}); }), nameOf(ErrorCode::Environment));
            QCOMPARE(holder.exhibits().all().size(), std::size_t{0});  // reading goes on
            *other << "ROLLBACK";
        }
        holder.audit().note("x", "y", {});
        QVERIFY(verify(holder, {}, {}).ok());
    }
};

/// Runs all tests of cases, or with "test_case_store CLASS [FUNCTION...]" those of one subject.
static int runSubjects(int, char**) {
    Backends backends;
    backends.server = test::PostgresServer::start(&backends.whyNoServer);
    QStringList arguments = QCoreApplication::arguments();
    QString only;
    if (arguments.size() > 1 && arguments[1].startsWith("TestCase")) only = arguments.takeAt(1);
    int failed = 0;
    std::unique_ptr<QObject> subjects[] = {std::make_unique<TestCaseStore>(backends), exhibitTests(backends),
                                           codeTests(backends), integrityTests(backends),
                                           schemaTests(backends)};
    for (const auto& tests : subjects)
        if (only.isEmpty() || only == tests->metaObject()->className())
            failed += QTest::qExec(tests.get(), arguments);
    return failed;
}

SIGNET_TESTS(runSubjects)
#include "test_case_store.moc"
