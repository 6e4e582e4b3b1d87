#include <QtTest>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/cases/intake.h"
#include "core/cases/verify.h"
#include "core/examine/record_json.h"
#include "tests/core/case_store_fixture.h"
#include "tests/core/frame_builders.h"
#include "tests/core/image_builders.h"

using namespace signet;
using namespace signet::cases;
using namespace signet::tests;
namespace fs = std::filesystem;

/// Exhibits from intake to their examination, with custody, tags and findings.
class TestCaseExhibits : public CaseStoreTest {
    Q_OBJECT

public:
    using CaseStoreTest::CaseStoreTest;

private Q_SLOTS:
    void intake_data() { backends(); }
    void intake() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        const fs::path file = write("a 'quoted\" \u202ename.JPG", "content");
        const auto before = fs::last_write_time(file);
        const IntakeResult first = takeIn(store, file, {true, "from a drive", "note"}).front();
        QVERIFY(first.added);
        QCOMPARE(first.exhibit.sha256, sha256Hex(std::string_view("content")));
        QCOMPARE(first.exhibit.md5, std::string("9a0364b9e99bb480dd25e1f0284c8555"));
        QCOMPARE(first.exhibit.bytes, std::int64_t{7});
        QCOMPARE(readTextFile(store.exhibits().fileOf(first.exhibit)), std::string("content"));
        QVERIFY(fs::last_write_time(file) == before);

        const IntakeResult again = takeIn(store, file, {}).front();
        QVERIFY(!again.added);
        QCOMPARE(again.exhibit.id, first.exhibit.id);

        const IntakeResult twin = takeIn(store, write("twin.jpg", "content"), {}).front();
        QVERIFY(twin.added);
        QCOMPARE(twin.exhibit.duplicateOf, first.exhibit.id);
        QCOMPARE(store.exhibits().fileOf(twin.exhibit), store.exhibits().fileOf(first.exhibit));

        const fs::path elsewhere = write("elsewhere.png", "other");
        const IntakeResult referenced = takeIn(store, elsewhere, {false, {}, {}}).front();
        QCOMPARE(store.exhibits().fileOf(referenced.exhibit), elsewhere);

        const std::string bytes = std::string("not\xff") + "utf8.png";
        const IntakeResult odd = takeIn(store, write(bytes, "odd"), {}).front();
        QCOMPARE(reopen().exhibits().byId(odd.exhibit.id).originalPath.filename().string(), bytes);

        const std::vector<Exhibit> all = reopen().exhibits().all();
        QCOMPARE(all.size(), std::size_t{4});
        QCOMPARE(all[0].originalPath, file);
        QCOMPARE(all[0].receivedBy, std::string("Ada"));
        QCOMPARE(all[0].receivedFrom, std::string("from a drive"));
        QCOMPARE(store.custody().of(all[0].id).size(), std::size_t{1});
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
        const std::vector<Exhibit> exhibits = reopen().exhibits().all();
        QCOMPARE(exhibits.size(), std::size_t{3});
        for (int i = 0; i < 3; ++i) {
            const Exhibit& e = exhibits[static_cast<std::size_t>(i)];
            QCOMPARE(e.frame, i + 1);
            QCOMPARE(e.originalPath, file);
            QCOMPARE(e.copyPath, exhibits[0].copyPath);
            QCOMPARE(e.duplicateOf, RowId{0});
        }
        QCOMPARE(nameOf(exhibits[0]), std::string("scan \xff.tif"));
        QCOMPARE(nameOf(exhibits[2]), std::string("scan \xff.tif (picture 3)"));
        const auto twin = takeIn(store, write("twin.tif", bytes), all);
        QCOMPARE(twin[1].exhibit.duplicateOf, exhibits[1].id);
        QVERIFY(verify(store, {}, {}).ok());

        recordNotTaken(store, {}, {});
        const std::int64_t before = store.audit().head().seq;
        recordNotTaken(store, {{"/in/a.pdf", "PDF"}}, {{"/in/b.jpg", "gone"}});
        QCOMPARE(store.audit().head().seq, before + 1);
        const Json details = Json::parse(store.audit().head().details);
        QCOMPARE(details["left_out"][0]["left_out"].get<std::string>(), std::string("PDF"));
        QCOMPARE(details["failed"][0]["path"].get<std::string>(), std::string("/in/b.jpg"));
        QVERIFY(verify(store, {}, {}).ok());
    }

    void enteredCustody_data() { backends(); }
    void enteredCustody() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 2);
        store.custody().enter({1, 2}, "sealed", "bag 17, seal 0042");
        store.custody().enter({2}, "handed over", hostileText());
        QCOMPARE(store.custody().of(1).back().action, std::string("sealed"));
        QCOMPARE(store.custody().of(1).back().details, std::string("bag 17, seal 0042"));
        QCOMPARE(store.custody().of(1).back().actor, std::string("Ada"));
        QCOMPARE(store.custody().of(2).back().details, hostileText());
        const auto entries = store.audit().head().seq;
        for (const char* action : {"", "  ", "examined", "Received", "Verification failed", "two\nlines"})
            QCOMPARE(codeOf([&] { store.custody().enter({1}, action, {}); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { store.custody().enter({}, "sealed", {}); }), nameOf(ErrorCode::BadOption));
        // for all or for none
        QCOMPARE(codeOf([&] { store.custody().enter({1, 99}, "sealed", {}); }), nameOf(ErrorCode::NotFound));
        QCOMPARE(store.audit().head().seq, entries);
        for (const char* action : custodyActions()) QVERIFY(custodyActionProblem(action).empty());
        QVERIFY(verify(store, {}, {}).ok());
    }

    void work_data() { backends(); }
    void work() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 3);
        CaseStore other = reopen();
        std::optional<Exhibit> mine = store.work().claim("host/1/x", 60);
        std::optional<Exhibit> theirs = other.work().claim("host/2/x", 60);
        QCOMPARE(mine->id, RowId{1});
        QCOMPARE(theirs->id, RowId{2});
        Examination x = examinationOf(*mine);
        std::vector<Artifact> artifacts{{0, 0, "heatmap", "artifacts/1/a.png", "00"}};
        QVERIFY(store.work().finish(x, artifacts, "host/1/x"));
        QVERIFY(!store.work().finish(x = examinationOf(*theirs), {}, "host/1/x"));  // not this worker's
        other.work().release(2, "host/2/x");
        QCOMPARE(store.work().claim("host/3/x", -1)->id, RowId{2});  // a lease that is over at once
        QCOMPARE(other.work().claim("host/4/x", 60)->id, RowId{2});  // and is taken again
        x = examinationOf(*theirs, false);
        QVERIFY(!store.work().finish(x, {}, "host/3/x"));  // too late
        QVERIFY(other.work().finish(x, {}, "host/4/x"));
        QCOMPARE(store.work().claim("host/5/x", 60)->id, RowId{3});
        QVERIFY(!store.work().claim("host/5/x", 60).has_value());
        const WorkQueue::Progress progress = store.work().progress();
        QCOMPARE(progress.done, std::int64_t{1});
        QCOMPARE(progress.failed, std::int64_t{1});
        QCOMPARE(progress.running, std::int64_t{1});

        const Exhibit done = reopen().exhibits().byId(1);
        QCOMPARE(done.presence, std::string("signature found"));
        QCOMPARE(done.score, 12.345678901234567);
        QCOMPARE(done.code, std::string("deadbeef"));
        QCOMPARE(store.results().examinations(1).front().asRecorded,
                 examine::toJson(examinationOf(done).record));
        QCOMPARE(store.results().artifacts(store.results().examinations(1).front().id).size(),
                 std::size_t{1});
        QCOMPARE(store.results().examinations(2).front().problem, std::string("the file is no image"));
        store.work().enqueue({1, 2});
        QCOMPARE(store.work().progress().waiting, std::int64_t{2});
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
    }

    void findingsAndTags_data() { backends(); }
    void findingsAndTags() {
        if (!open()) QSKIP(qPrintable(m_why));
        CaseStore store = reopen();
        add(store, 2);
        Tag tag{0, "notable '\"", "1"};
        store.tags().save(tag);
        Tag other{0, "second", "2"};
        store.tags().save(other);
        store.tags().set(1, tag.id, true);
        store.tags().set(1, other.id, true);
        store.tags().set(1, other.id, false);
        QCOMPARE(store.exhibits().byId(1).tags, std::vector<RowId>{tag.id});
        Finding finding;
        finding.exhibit = 2;
        finding.status = FindingStatus::Warning;
        finding.comment = hostileText();
        finding.region = {1, 2, 3, 4};
        finding.params = {{"tiles", true}};
        finding.tags = {tag.id, other.id};
        store.findings().save(finding);
        finding.tags = {other.id};
        finding.status = FindingStatus::Ok;
        store.findings().save(finding);
        const std::vector<Finding> found = reopen().findings().of(2);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].comment, hostileText());
        QVERIFY(found[0].status == FindingStatus::Ok);
        QCOMPARE(found[0].tags, std::vector<RowId>{other.id});
        QCOMPARE(found[0].region, Json({1, 2, 3, 4}));
        store.findings().remove(finding.id);
        QVERIFY(store.findings().all().empty());
        QCOMPARE(codeOf([&] { store.findings().remove(99); }), nameOf(ErrorCode::NotFound));
        store.exhibits().setNote(1, hostileText());
        QCOMPARE(store.exhibits().byId(1).note, hostileText());
        QCOMPARE(codeOf([&] { store.exhibits().setNote(1, std::string("nul\0inside", 10)); }),
                 nameOf(ErrorCode::BadOption));
        QVERIFY(verify(store, {.files = false, .expectedHead = {}}, {}).ok());
    }
};

std::unique_ptr<QObject> signet::tests::exhibitTests(const Backends& backends) {
    return std::make_unique<TestCaseExhibits>(backends);
}

#include "test_case_exhibits.moc"
