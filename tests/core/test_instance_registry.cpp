// The registry of issued instances in both kinds of database: what is registered stays, changes are chained,
// files go in and out, and a decoded code finds the instance it is of and no other.
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <QTemporaryDir>
#include <cmath>
#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/cases/case_store.h"
#include "core/cases/database_url.h"
#include "core/metrics/binomial.h"
#include "core/registry/identification.h"
#include "core/registry/instance_registry.h"
#include "core/registry/issue.h"
#include "tests/support/error_of.h"
#include "tests/support/postgres_server.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::registry;
using test::errorOf;

namespace {

constexpr int kRegistryBits = 128;
const std::string kModelSha(64, 'a');

std::vector<std::uint8_t> registryCode(std::uint64_t number) {
    StepRandom random(11, 1, number);
    std::vector<std::uint8_t> code(kRegistryBits);
    for (auto& bit : code) bit = random.chance(0.5);
    return code;
}

Instance instanceNumbered(std::uint64_t number, const std::string& holder = "Holder") {
    Instance instance;
    instance.bits = kRegistryBits;
    instance.codeHex = hexFromBits(registryCode(number));
    instance.model = "small";
    instance.modelSha256 = kModelSha;
    instance.holder = holder;
    instance.generatorSha256 = std::string(64, 'b');
    return instance;
}

/// Logits that read a code with so many bits wrong, the last ones.
std::vector<float> readWith(const std::vector<std::uint8_t>& code, int wrong) {
    std::vector<float> logits(code.size());
    for (std::size_t i = 0; i < code.size(); ++i) {
        const bool right = i + static_cast<std::size_t>(wrong) < code.size();
        logits[i] = ((code[i] != 0) == right ? 1.0F : -1.0F) * (right ? 4.0F : 0.5F);
    }
    return logits;
}

class TestInstanceRegistry : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_server = test::PostgresServer::start(&m_why); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_location.clear();
    }

    void whatIsRegisteredStays_data() { backends(); }
    void whatIsRegisteredStays() {
        if (!choose()) QSKIP(qPrintable(m_why));
        {
            InstanceRegistry registry = open();
            QCOMPARE(registry.count(), std::int64_t{0});
            auto first = instanceNumbered(1, "Müller & Söhne; \"Nord\"");
            auto second = instanceNumbered(2, "100 % Cats_");
            QVERIFY(registry.add(first));
            QVERIFY(registry.add(second));
            QCOMPARE(second.id, first.id + 1);
            QVERIFY(!second.issuedUtc.empty());
            QVERIFY(errorOf([&] {
                        auto again = instanceNumbered(1, "somebody else");
                        registry.add(again);
                    }).startsWith("exists"));
        }
        InstanceRegistry registry = open();
        QCOMPARE(registry.count(), std::int64_t{2});
        const Instance found = registry.find(1);
        QCOMPARE(found.holder, std::string("Müller & Söhne; \"Nord\""));
        QCOMPARE(found.codeHex, instanceNumbered(1).codeHex);
        QVERIFY(!found.revoked);
        const auto named = [&](const char* part) {
            std::vector<RowId> ids;
            registry.each(part, [&](const Instance& i) { ids.push_back(i.id); });
            return ids;
        };
        QCOMPARE(named(""), (std::vector<RowId>{1, 2}));
        QCOMPARE(named("cats_"), (std::vector<RowId>{2}));
        QCOMPARE(named("100 %"), (std::vector<RowId>{2}));
        QCOMPARE(named("1%s"), (std::vector<RowId>{}));
        QVERIFY(registry.verify().problems.empty());
    }

    void unsoundOnesAreRefused() {
        choose(false);
        InstanceRegistry registry = open();
        const auto refused = [&](const std::function<void(Instance&)>& change) {
            auto instance = instanceNumbered(1);
            change(instance);
            return errorOf([&] { registry.add(instance); }).startsWith("bad_option");
        };
        QVERIFY(refused([](Instance& i) { i.holder.clear(); }));
        QVERIFY(refused([](Instance& i) { i.holder = "two\nlines"; }));
        QVERIFY(refused([](Instance& i) { i.notes = "a\tb"; }));
        QVERIFY(refused([](Instance& i) { i.codeHex += "0"; }));
        QVERIFY(refused([](Instance& i) { i.codeHex = "xyz"; }));
        QVERIFY(refused([](Instance& i) { i.modelSha256 = "abc"; }));
        QVERIFY(refused([](Instance& i) { i.generatorSha256 = std::string(64, 'G'); }));
        QCOMPARE(registry.count(), std::int64_t{0});
        QVERIFY(errorOf([&] { registry.find(1); }).startsWith("not_found"));
    }

    void revoked_data() { backends(); }
    void revoked() {
        if (!choose()) QSKIP(qPrintable(m_why));
        InstanceRegistry registry = open();
        auto instance = instanceNumbered(1);
        registry.add(instance);
        QVERIFY(errorOf([&] { registry.revoke(1, ""); }).startsWith("bad_option"));
        QVERIFY(errorOf([&] { registry.revoke(2, "why"); }).startsWith("not_found"));
        registry.revoke(1, "handed on");
        QVERIFY(errorOf([&] { registry.revoke(1, "again"); }).startsWith("bad_option"));
        QVERIFY(registry.find(1).revoked);
        QCOMPARE(registry.find(1).reason, std::string("handed on"));
        // A match with it is a match, and says that it is revoked.
        Identifier identifier(registry, kModelSha, kRegistryBits, {});
        const auto found = identifier.identify(readWith(registryCode(1), 2));
        QVERIFY(found.accepted);
        QVERIFY(found.nearest->instance.revoked);
        QVERIFY(registry.verify().problems.empty());
    }

    void whatWasChangedPastTheProgramIsFound_data() {
        QTest::addColumn<bool>("server");
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("subject");
        const auto rows = [](const char* name, const char* statement, const char* subject) {
            for (const bool server : {false, true})
                QTest::addRow("%s: %s", server ? "postgresql" : "sqlite", name)
                    << server << statement << subject;
        };
        rows("holder", "UPDATE instance SET holder = 'Eve' WHERE id = 1", "instance:1");
        rows("of an import", "UPDATE instance SET holder = 'Eve' WHERE id = 3", "batch:1");
        rows("taken from an import", "DELETE FROM instance WHERE id = 4", "batch:1");
        rows("revocation undone", "DELETE FROM instance_status WHERE id = 1", "instance_status:1");
        rows("audit", "UPDATE audit SET actor = 'Eve' WHERE seq = 2", "audit:2");
        rows("slipped in", "UPDATE instance SET batch_id = 9 WHERE id = 1", "instance:1");
    }
    void whatWasChangedPastTheProgramIsFound() {
        QFETCH(const bool, server);
        QFETCH(const QString, statement);
        QFETCH(const QString, subject);
        if (!choose(server)) QSKIP(qPrintable(m_why));
        {
            InstanceRegistry registry = open();
            for (const int number : {1, 2}) {
                auto instance = instanceNumbered(static_cast<std::uint64_t>(number));
                registry.add(instance);
            }
            registry.revoke(2, "handed on");
            QCOMPARE(registry.importCsv(csvOf({3, 4, 5}), {}).imported, std::int64_t{3});
            QVERIFY(registry.verify().problems.empty());
            QVERIFY_EXCEPTION_THROWN(execute(statement), std::runtime_error);  // triggers refuse it
        }
        dropTriggers();
        execute(statement);
        InstanceRegistry registry = open();
        const auto check = registry.verify();
        QVERIFY(!check.problems.empty());
        QCOMPARE(QString::fromStdString(check.problems.front().subject), subject);
    }

    void goesOutAndInAgain_data() { backends(); }
    void goesOutAndInAgain() {
        if (!choose()) QSKIP(qPrintable(m_why));
        InstanceRegistry registry = open();
        for (std::uint64_t number = 1; number <= 5; ++number) {
            auto instance = instanceNumbered(number, "A, \"B\"; C");
            registry.add(instance);
        }
        registry.revoke(3, "handed on");
        const std::filesystem::path file = m_folder->filePath("out.csv").toStdString();
        QCOMPARE(registry.exportCsv(file, false, {}), std::int64_t{5});
        QVERIFY(errorOf([&] { registry.exportCsv(file, false, {}); }).startsWith("exists"));
        InstanceRegistry other(m_folder->filePath("other.db").toStdString(), RegistryOptions{.actor = "Ada"});
        const auto result = other.importCsv(file, {});
        QCOMPARE(result.imported, std::int64_t{5});
        QVERIFY(result.bad.empty());
        QVERIFY(other.find(3).revoked);
        QCOMPARE(other.find(5).holder, std::string("A, \"B\"; C"));
        QVERIFY(other.verify().problems.empty());
        // Once more: each is there already.
        QCOMPARE(other.importCsv(file, {}).bad.size(), std::size_t{5});
        QCOMPARE(other.count(), std::int64_t{5});
        QVERIFY(registry.verify().problems.empty());
    }

    void badRowsAreNamedAndTheOthersTaken() {
        choose(false);
        InstanceRegistry registry = open();
        const auto good = [](std::uint64_t number) { return lineOf(number); };
        std::string text = header() + good(1) + "\n" + "short,line\n" + "zz,128,m," + kModelSha +
                           ",h,,,active,\n" +                             // line 5: no code
                           "ab,many,m," + kModelSha + ",h,,,active,\n" +  // no number of bits
                           "ab,12,m,short,h,,,active,\n" +                // no hash
                           "ab,12,m," + kModelSha + ",,,,active,\n" +     // no holder
                           "ab,12,m," + kModelSha + ",h,,,lost,\n" + good(1) + good(2);
        const auto result = registry.importCsv(write("bad.csv", text), {});
        QCOMPARE(result.imported, std::int64_t{2});
        std::vector<std::int64_t> lines;
        for (const BadRow& row : result.bad) lines.push_back(row.line);
        QCOMPARE(lines, (std::vector<std::int64_t>{4, 5, 6, 7, 8, 9, 10}));
        QVERIFY(registry.verify().problems.empty());
        QVERIFY(
            errorOf([&] { registry.importCsv(write("none.csv", "code,bits\n"), {}); }).startsWith("corrupt"));
        QVERIFY(errorOf([&] { registry.importCsv(write("empty.csv", ""), {}); }).startsWith("corrupt"));
        QVERIFY(errorOf([&] { registry.importCsv("/nowhere.csv", {}); }).startsWith("not_found"));
        // Stopped: nothing of it.
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(errorOf([&] {
                    registry.importCsv(csvOf({7, 8}), {stop.get_token(), {}});
                }).startsWith("cancelled"));
        QCOMPARE(registry.count(), std::int64_t{2});
    }

    /// What a database cannot hold, in the first row too, is one row's matter.
    void rowsThatCannotBeRecordedAreNamed_data() { backends(); }
    void rowsThatCannotBeRecordedAreNamed() {
        if (!choose()) QSKIP(qPrintable(m_why));
        std::string unsound = lineOf(1);
        unsound.replace(unsound.find("small"), 5, std::string("a\0b", 3));
        InstanceRegistry registry = open();
        const auto result =
            registry.importCsv(write("nul.csv", header() + unsound + lineOf(2) + unsound + lineOf(3)), {});
        QCOMPARE(result.imported, std::int64_t{2});
        QCOMPARE(result.bad.size(), std::size_t{2});
        QCOMPARE(result.bad.front().line, std::int64_t{2});
        QVERIFY(registry.verify().problems.empty());
    }

    /// A file of several parts, with either kind of line ends and none after the last line.
    void longFilesAreTakenLineByLine_data() { backends(); }
    void longFilesAreTakenLineByLine() {
        if (!choose()) QSKIP(qPrintable(m_why));
        constexpr std::uint64_t kRows = 6000;  // 1.5 MiB; a part has one
        std::string text = header();
        for (std::uint64_t number = 1; number <= kRows; ++number) {
            text += lineOf(number);
            if (number % 2 == 0) text.insert(text.size() - 1, "\r");
        }
        text.pop_back();
        InstanceRegistry registry = open();
        std::uint64_t last = 0;
        const auto onProgress = [&](std::uint64_t done, std::uint64_t total, const std::string&) {
            QVERIFY(done >= last && done <= total);
            last = done;
        };
        const auto result = registry.importCsv(write("long.csv", text), {{}, onProgress});
        QVERIFY(result.bad.empty());
        QCOMPARE(result.imported, std::int64_t{kRows});
        QCOMPARE(registry.find(kRows).codeHex, instanceNumbered(kRows).codeHex);
        QVERIFY(registry.verify().problems.empty());
        const std::string endless = header() + std::string(2 << 20, 'a');
        QVERIFY(
            errorOf([&] { registry.importCsv(write("endless.csv", endless), {}); }).startsWith("too_large"));
    }

    void otherDatabasesAreRefused() {
        const std::string text = write("text.db", "this is no database, whatever its name says").string();
        QVERIFY(errorOf([&] { InstanceRegistry(text, {}); }).startsWith("corrupt"));
        RegistryOptions readOnly;
        readOnly.readOnly = true;
        const std::string nowhere = m_folder->filePath("nowhere.db").toStdString();
        QVERIFY(errorOf([&] { InstanceRegistry(nowhere, readOnly); }).startsWith("not_found"));
        QVERIFY(!std::filesystem::exists(nowhere));
        // A case is no registry, a registry no case.
        const std::string caseFile = m_folder->filePath("case.db").toStdString();
        cases::CaseInfo info;
        info.title = info.examiner = "x";
        cases::OpenOptions asX;
        asX.actor = "x";
        cases::CaseStore::create(caseFile, info, asX);
        QVERIFY(errorOf([&] { InstanceRegistry(caseFile, {}); }).startsWith("corrupt"));
        choose(false);
        open();
        QVERIFY(errorOf([&] { cases::CaseStore(m_location, asX); }).startsWith("corrupt"));
    }

    /// Several at the same moment, the first of whom make the registry.
    void manyRegisterAtOnce_data() { backends(); }
    void manyRegisterAtOnce() {
        if (!choose()) QSKIP(qPrintable(m_why));
        constexpr int kWorkers = 4, kEach = 10;
        std::vector<std::string> problems(kWorkers);
        {
            std::vector<std::jthread> workers;
            for (int w = 0; w < kWorkers; ++w)
                workers.emplace_back([&, w] {
                    try {
                        InstanceRegistry registry = open();
                        for (int i = 0; i < kEach; ++i) {
                            auto instance = instanceNumbered(static_cast<std::uint64_t>(100 * w + i));
                            registry.add(instance);
                        }
                    } catch (const std::exception& error) {
                        problems[static_cast<std::size_t>(w)] = error.what();
                    }
                });
        }
        for (const std::string& problem : problems) QCOMPARE(problem, std::string());
        InstanceRegistry registry = open();
        QCOMPARE(registry.count(), std::int64_t{kWorkers * kEach});
        QVERIFY(registry.verify().problems.empty());
    }

    void aCodeFindsItsInstance() {
        choose(false);
        InstanceRegistry registry = open();
        {
            Identifier empty(registry, kModelSha, kRegistryBits, {});
            const auto found = empty.identify(readWith(registryCode(1), 0));
            QVERIFY(!found.nearest);
            QVERIFY(!found.accepted);
        }
        for (std::uint64_t number = 1; number <= 50; ++number) {
            auto instance = instanceNumbered(number, "Holder " + std::to_string(number));
            registry.add(instance);
        }
        auto other = instanceNumbered(99, "another model's");
        other.modelSha256 = std::string(64, 'c');
        registry.add(other);
        Identifier identifier(registry, kModelSha, kRegistryBits, {.threads = 2});
        QCOMPARE(identifier.databaseSize(), std::int64_t{50});
        const auto needed = metrics::matchThreshold(128, 1e-6, 50);
        for (const int wrong : {0, 7, 128 - static_cast<int>(*needed)}) {
            const auto found = identifier.identify(readWith(registryCode(17), wrong));
            QVERIFY(found.accepted);
            QCOMPARE(found.nearest->instance.holder, std::string("Holder 17"));
            QCOMPARE(found.nearest->matched, 128 - wrong);
            QVERIFY(found.nearest->log10PCorrected > found.nearest->log10P);
            QCOMPARE(found.decodedHex.size(), std::size_t{32});
        }
        const auto short1 = identifier.identify(readWith(registryCode(17), 129 - static_cast<int>(*needed)));
        QVERIFY(!short1.accepted);
        QCOMPARE(short1.nearest->instance.holder, std::string("Holder 17"));
        QVERIFY(!identifier.identify(readWith(registryCode(1000), 0)).accepted);
        QVERIFY(!identifier.identify(readWith(registryCode(99), 0)).accepted);
        QVERIFY_EXCEPTION_THROWN(identifier.identify(std::vector<float>(64)), Error);
        // The support falls with the wrong bits, less for those that were read unsurely.
        const auto support = [&](int wrong) {
            return identifier.identify(readWith(registryCode(17), wrong)).nearest->log10Support;
        };
        QVERIFY(support(0) > support(5));
        QVERIFY(std::abs(support(0) - 128 * std::log10(2 / (1 + std::exp(-4.0)))) < 1e-6);
    }

    void thePapersRuleAsksForMore() {
        IdentifyOptions paper{.rule = AcceptanceRule::PaperOverlap};
        QCOMPARE(neededBits(128, 1, paper), 121);
        QCOMPARE(neededBits(128, 1'000'000, paper), 121);
        QCOMPARE(neededBits(128, 1'000'000, {}), 103);  // papers.md 2.7
        QCOMPARE(neededBits(16, 1, {}), 17);            // no code of 16 bits can be so sure
    }

    /// Codes that are too near are told apart by nobody: the picture is neither's.
    void twoHoldersAsNearAreNamed() {
        choose(false);
        InstanceRegistry registry = open();
        auto first = instanceNumbered(1, "North"), second = first;
        auto near = registryCode(1);
        near[0] ^= 1;
        second.codeHex = hexFromBits(near);
        second.holder = "South";
        registry.add(first);
        registry.add(second);
        Identifier identifier(registry, kModelSha, kRegistryBits, {});
        const auto found = identifier.identify(readWith(registryCode(1), 0));
        QVERIFY(!found.accepted);
        QCOMPARE(found.rivals.size(), std::size_t{1});
        QCOMPARE(found.rivals.front().instance.holder, std::string("South"));
        // And such a code is not issued.
        const auto registered = registry.codesOf(kModelSha, kRegistryBits);
        QVERIFY(!isAtSafeDistance(near, registered));
        QVERIFY(isAtSafeDistance(registryCode(3), registered));
    }

private:
    static void backends() {
        QTest::addColumn<bool>("server");
        QTest::newRow("sqlite") << false;
        QTest::newRow("postgresql") << true;
    }
    bool choose() {
        QFETCH(const bool, server);
        return choose(server);
    }
    bool choose(bool server) {
        if (server && !m_server) return false;
        m_location = server ? m_server->newDatabase() : m_folder->filePath("r/registry.db").toStdString();
        return true;
    }
    InstanceRegistry open() const { return {m_location, RegistryOptions{.actor = "Ada"}}; }

    std::filesystem::path write(const char* name, const std::string& text) const {
        const std::filesystem::path path = m_folder->filePath(name).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    static std::string header() {
        return "code,bits,model,model_sha256,holder,generator_sha256,issued_utc,status,notes\n";
    }
    static std::string lineOf(std::uint64_t number) {
        return instanceNumbered(number).codeHex + ",128,small," + kModelSha +
               ",Imported,,2026-01-01T00:00:00.000Z,active,\n";
    }
    std::filesystem::path csvOf(const std::vector<std::uint64_t>& numbers) const {
        std::string text = header();
        for (const auto number : numbers) text += lineOf(number);
        return write("in.csv", text);
    }

    std::unique_ptr<soci::session> pastTheProgram() const {
        if (cases::dialectOf(m_location) == cases::Dialect::Sqlite)
            return std::make_unique<soci::session>(soci::sqlite3, "dbname=" + m_location);
        return std::make_unique<soci::session>(soci::postgresql, m_server->pairs(m_location));
    }
    void execute(const QString& statement) const { *pastTheProgram() << statement.toStdString(); }
    void dropTriggers() const {
        const bool server = cases::dialectOf(m_location) == cases::Dialect::Postgres;
        for (const char* name :
             {"audit_keeps audit", "instance_keeps instance", "instance_stays instance",
              "status_keeps instance_status", "status_stays instance_status", "audit_grows audit",
              "instance_grows instance", "status_grows instance_status"}) {
            const QStringList words = QString(name).split(' ');
            execute("DROP TRIGGER IF EXISTS " + words[0] + (server ? " ON " + words[1] : QString()));
        }
    }

    std::unique_ptr<test::PostgresServer> m_server;
    QString m_why;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_location;
};

}  // namespace

SIGNET_TEST(TestInstanceRegistry)
#include "test_instance_registry.moc"
