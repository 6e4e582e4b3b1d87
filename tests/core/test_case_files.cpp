// Files in a case's folder that the case does not know, and those that are not recorded yet.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>

#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/cases/batch.h"
#include "core/cases/case_files.h"
#include "core/cases/intake.h"
#include "core/cases/worker_name.h"
#include "core/report/archive.h"
#include "core/report/portable_export.h"
#include "core/report/report_content.h"
#include "support/case_folder.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

QString textOf(const Verification& found) {
    QString text;
    for (const Problem& p : found.problems)
        text += QString::fromStdString(p.kind + " " + p.subject + ": " + p.message + "\n");
    return text;
}

std::set<std::string> namesIn(const fs::path& archive) {
    const std::vector<std::string> names = report::ArchiveReader::open(archive)->names();
    return {names.begin(), names.end()};
}

/// The name of a worker whose process is over.
std::string deadWorker(const std::string& suffix = {}) {
    int ends[2];
    if (::pipe(ends) != 0) return {};
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string name = workerName(suffix);
        (void)!::write(ends[1], name.data(), name.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    char name[512] = "";
    (void)!::read(ends[0], name, sizeof name - 1);
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return name;
}

}  // namespace

class TestCaseFiles : public QObject, protected CaseFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
        m_case->addPicture("front.jpg", 1);
        m_case->addPicture("back.png", 2);
        for (int i = 0; i < 2; ++i) m_case->examine({CaseBuilder::finding("photo-presence", 10 - 12 * i)});
    }

    void strangers_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("link");
        QTest::newRow("picture in evidence") << "evidence/laid in.jpg" << false;
        QTest::newRow("named like a copy") << "evidence/ab/" + QString(64, 'a') + ".jpg" << false;
        QTest::newRow("hidden") << "evidence/.hidden.jpg" << false;
        QTest::newRow("its own folder") << "evidence/more/deeper/x.png" << false;
        QTest::newRow("beside the maps") << "artifacts/1-0123456789ab/map.png" << false;
        QTest::newRow("like a half-made copy, elsewhere") << "artifacts/incoming host 1 x" << false;
        QTest::newRow("top of the folder") << "notes.txt" << false;
        QTest::newRow("like the database") << "case.signet-wal" << false;
        QTest::newRow("link") << "evidence/link.jpg" << true;
    }
    void strangers() {
        QFETCH(QString, name);
        QFETCH(bool, link);
        CaseStore& store = m_case->store();
        const Verification before = verify(store, {}, {});
        QVERIFY2(before.ok(), qPrintable(textOf(before)));
        QVERIFY(before.underWay.empty());
        report::exportCase(store, at("before"), {}, {}, {});
        const fs::path file = store.folder() / name.toStdString();
        fs::create_directories(file.parent_path());
        if (link)
            fs::create_symlink(store.exhibits().fileOf(store.exhibits().byId(1)), file);
        else
            fs::copy_file(store.exhibits().fileOf(store.exhibits().byId(1)), file);
        const Verification found = verify(store, {}, {});
        QCOMPARE(found.problems.size(), std::size_t{1});
        QCOMPARE(found.problems.front().kind, std::string("file"));
        QCOMPARE(found.problems.front().subject, name.toStdString());
        // a report states it, an export of the case does not hand it on
        const report::ReportContent content = report::collectReport(store, {}, {}, {});
        QCOMPARE(content.verification.problems.size(), std::size_t{1});
        const report::ExportResult made = report::exportCase(store, at("out"), {}, {}, {});
        QCOMPARE(made.exhibits, 2);
        QVERIFY(report::verifyExport(at("out"), made.manifestSha256, {}).ok());
        QVERIFY(namesIn(at("out")) == namesIn(at("before")));
        fs::remove(file);
        QVERIFY(verify(store, {}, {}).ok());
    }

    /// The database may lie in the folder of its files.
    void databaseInTheFolder() {
        OpenOptions options;
        options.actor = "Ada";
        options.folder = at("all");
        fs::create_directories(options.folder);
        CaseStore::create(at("all/one.case"), completeInfo(), options);
        CaseStore store(at("all/one.case"), options);
        takeIn(store, at("case/in/front.jpg"), {});
        const Verification found = verify(store, {}, {});
        QVERIFY2(found.ok(), qPrintable(textOf(found)));
    }

    /// An exhibit may be left where it is, in the case's folder, too.
    void referencedInTheFolder() {
        CaseStore& store = m_case->store();
        const fs::path file = store.folder() / "left here.png";
        fs::copy_file(at("case/in/back.png"), file);
        QVERIFY(!verify(store, {}, {}).ok());
        takeIn(store, file, {.copy = false, .receivedFrom = {}, .note = {}});
        QVERIFY(verify(store, {}, {}).ok());
    }

    /// A folder that cannot be read may hold anything.
    void unreadableFolder() {
        if (::geteuid() == 0) QSKIP("root reads every folder");
        CaseStore& store = m_case->store();
        fs::create_directories(store.folder() / "evidence/closed");
        fs::permissions(store.folder() / "evidence/closed", fs::perms::none);
        const Verification found = verify(store, {}, {});
        fs::permissions(store.folder() / "evidence/closed", fs::perms::owner_all);
        QCOMPARE(found.problems.size(), std::size_t{1});
        QCOMPARE(found.problems.front().kind, std::string("file"));
    }

    /// What an intake or an examination is making is no stranger, and gone once its process is dead.
    void underWay_data() {
        QTest::addColumn<bool>("dead");
        QTest::newRow("goes on") << false;
        QTest::newRow("cut off") << true;
    }
    void underWay() {
        QFETCH(bool, dead);
        CaseStore& store = m_case->store();
        const auto worker = [&](const char* suffix) {
            return dead ? deadWorker(suffix) : workerName(suffix);
        };
        std::string incoming = "evidence/incoming " + worker("1");
        std::replace(incoming.begin() + 9, incoming.end(), '/', ' ');
        const std::string copy = "evidence/ab/ab0.jpg";  // made, but not recorded
        const std::string half = "evidence/.incoming x 1 y.part";
        writeFileAtomically(store.folder() / incoming, std::string("copy"), IfExists::Refuse);
        fs::create_directories(store.folder() / "evidence/ab");
        fs::create_hard_link(store.folder() / incoming, store.folder() / copy);
        writeFileAtomically(store.folder() / half, std::string("co"), IfExists::Refuse);
        m_case->addPicture("third.png", 3);
        const std::string holder = worker("");
        QVERIFY(store.work().claim(holder, 3600));
        const std::string map = mapFolder(3, holder, "2026-11-28T00:00:00.000Z") + "/map.png";
        fs::create_directories((store.folder() / map).parent_path());
        writeFileAtomically(store.folder() / map, std::string("map"), IfExists::Refuse);
        const Verification found = verify(store, {}, {});
        QVERIFY2(found.ok(), qPrintable(textOf(found)));
        QCOMPARE(std::set<std::string>(found.underWay.begin(), found.underWay.end()),
                 (std::set<std::string>{incoming, copy, half, map}));
        removeLeftovers(store);
        QCOMPARE(fs::exists(store.folder() / map), !dead);
        QVERIFY(fs::exists(store.folder() / copy));  // another process may be about to record it
        QVERIFY(verify(store, {}, {}).ok());
        // the same bytes taken in again: now it is recorded, and its first name goes
        fs::remove(store.folder() / half);
        Exhibit taken;
        taken.sha256 = sha256Hex(std::string_view("copy"));
        taken.originalPath = "/in/again.jpg";
        taken.copyPath = copy;
        store.exhibits().add(std::span(&taken, 1));
        removeLeftovers(store);
        QCOMPARE(fs::exists(store.folder() / incoming), !dead);
        QVERIFY(verify(store, {}, {}).ok());
    }

    /// Nothing stays of an examination that is stopped or fails half-way.
    void nothingStays_data() {
        QTest::addColumn<QString>("how");
        for (const char* how : {"stopped", "throws", "error"}) QTest::newRow(how) << how;
    }
    void nothingStays() {
        QFETCH(QString, how);
        CaseStore& store = m_case->store();
        m_case->addPicture("third.png", 3);
        std::stop_source stop;
        BatchExaminer examiner;
        examiner.models = {"one", "two"};
        examiner.check = [&](const fs::path& path, const examine::CheckOptions& options, const WorkContext&) {
            fs::create_directories(options.mapsFolder);
            writeFileAtomically(options.mapsFolder / "one.png", std::string("map"), IfExists::Refuse);
            Verification found = verify(store, {}, {});
            if (!found.ok() || found.underWay.size() != 1) throw std::logic_error("not under way");
            if (how == "stopped") stop.request_stop();
            if (how == "throws") throw Error(ErrorCode::DiskFull, "the disk is full");
            examine::Record record;
            record.path = path;
            record.error = examine::Record::Failure{"decode", "the second model could not read it"};
            return record;
        };
        try {
            examineCase(store, examiner, {}, {stop.get_token(), {}}, {});
        } catch (const Error&) {
            QCOMPARE(how, QString("throws"));
        }
        const Verification found = verify(store, {}, {});
        QVERIFY2(found.ok(), qPrintable(textOf(found)));
        QVERIFY(found.underWay.empty());
    }
};

SIGNET_TEST(TestCaseFiles)
#include "test_case_files.moc"
