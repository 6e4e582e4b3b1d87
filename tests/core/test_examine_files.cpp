// Many files examined side by side: shares of the threads, order, frames one by one, stop, errors.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/examine/examine_files.h"
#include "tests/support/test_program.h"

using namespace signet;

namespace {

/// The record of an examination without networks, of a file of as many frames as its name says: "a/40.gif".
examine::Record framedRecord(const std::filesystem::path& path, int frame) {
    examine::Record record;
    record.path = path;
    record.decode.frame = frame;
    record.decode.frames = std::stoi(path.stem().string());
    return record;
}

/// "a/40.gif 3"
std::string framedName(const examine::Record& record) {
    return record.path.string() + " " + std::to_string(record.decode.frame);
}

/// Whether it comes true soon enough.
template <typename Condition>
bool comesTrueSoon(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

/// seen becomes value where that is more.
void keepMost(std::atomic<int>& seen, int value) {
    for (int before = seen.load(); before < value && !seen.compare_exchange_weak(before, value);) {
    }
}

}  // namespace

class TestExamineFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void threadsAreShared() {
        for (std::size_t files = 1; files <= 6; ++files) {
            for (int threads = 1; threads <= 70; ++threads) {
                const examine::ThreadShares shares = examine::shareThreads(files, threads);
                QVERIFY(shares.files >= 1 && shares.files <= threads);
                QVERIFY(static_cast<std::size_t>(shares.files) <= std::min<std::size_t>(files, 4));
                const int all = shares.files * shares.threads;
                QVERIFY2(all >= threads && all <= threads + 3, qPrintable(QString::number(threads)));
            }
        }
        const auto are = [](std::size_t files, int threads, int atOnce, int each) {
            const examine::ThreadShares shares = examine::shareThreads(files, threads);
            return shares.files == atOnce && shares.threads == each;
        };
        QVERIFY(are(12, 2, 2, 1) && are(12, 4, 4, 1) && are(12, 6, 3, 2) && are(12, 8, 4, 2));
        QVERIFY(are(12, 5, 3, 2) && are(12, 7, 4, 2) && are(1, 6, 1, 6) && are(2, 6, 2, 3));
    }

    void recordsComeInOrder_data() {
        QTest::addColumn<bool>("allFrames");
        QTest::addColumn<int>("atOnce");
        for (const bool allFrames : {false, true})
            for (const int atOnce : {1, 3})
                QTest::addRow("%s, %d at once", allFrames ? "all frames" : "one frame", atOnce)
                    << allFrames << atOnce;
    }
    void recordsComeInOrder() {
        QFETCH(bool, allFrames);
        QFETCH(int, atOnce);
        examine::FilesToExamine what;
        what.files = {"a/3.gif", "b/1.gif", "c/25.gif", "d/2.gif", "e/1.gif", "f/9.gif"};
        what.allFrames = allFrames;
        what.options.frame = allFrames ? 1 : 2;
        std::vector<std::string> expected;
        for (const std::filesystem::path& file : what.files) {
            const int last = allFrames ? framedRecord(file, 1).decode.frames : 2;
            for (int frame = what.options.frame; frame <= last; ++frame)
                expected.push_back(framedName(framedRecord(file, frame)));
        }
        std::atomic<int> running = 0, most = 0, begun = 0;
        const auto work = [&](const std::filesystem::path& path, const examine::CheckOptions& options,
                              const WorkContext&) {
            keepMost(most, ++running);
            if (++begun == 1 && atOnce > 1) comesTrueSoon([&] { return begun > 1; });
            std::this_thread::sleep_for(std::chrono::milliseconds(options.frame % 3 == 1 ? 8 : 1));
            --running;
            return framedRecord(path, options.frame);
        };
        std::vector<std::string> taken, names;
        std::vector<std::uint64_t> done;
        bool here = true;  // take and progress, on the calling thread
        const auto caller = std::this_thread::get_id();
        const WorkContext context{{}, [&](std::uint64_t over, std::uint64_t total, const std::string& name) {
                                      here = here && std::this_thread::get_id() == caller && total == 6;
                                      done.push_back(over);
                                      names.push_back(name);
                                  }};
        examine::examineFiles(what, atOnce, work, context, [&](const examine::Record& record) {
            here = here && std::this_thread::get_id() == caller;
            taken.push_back(framedName(record));
        });
        QCOMPARE(taken, expected);
        QVERIFY(here);
        QVERIFY((done == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5}));
        QCOMPARE(names.at(2), std::string("25.gif"));
        QVERIFY2(most <= atOnce && (atOnce == 1 || most > 1), qPrintable(QString::number(most.load())));
    }

    /// A record goes out while later frames of its file are still examined, and few are held.
    void framesAreStreamed() {
        examine::FilesToExamine what;
        what.files = {"a/60.gif", "b/1.gif", "c/50.gif", "d/1.gif"};
        what.allFrames = true;
        constexpr int kAtOnce = 2;
        std::atomic<int> taken = 0, held = 0, mostHeld = 0;
        std::atomic<bool> late = false, ahead = false;
        const auto work = [&](const std::filesystem::path& path, const examine::CheckOptions& options,
                              const WorkContext&) {
            keepMost(mostHeld, ++held);
            const bool isFirst = path == "a/60.gif";
            if (!isFirst && options.frame > 1 && taken < 61) ahead = true;
            if (isFirst && options.frame > 4 && !late &&
                !comesTrueSoon([&] { return taken >= options.frame - 4; }))
                late = true;
            return framedRecord(path, options.frame);
        };
        examine::examineFiles(what, kAtOnce, work, {}, [&](const examine::Record&) {
            --held;
            ++taken;
        });
        QVERIFY2(!late, "no record went out while its file was examined");
        QVERIFY2(!ahead, "further frames of a file that was not next");
        QCOMPARE(taken.load(), 112);
        QVERIFY2(mostHeld < 3 * kAtOnce, qPrintable(QString::number(mostHeld.load())));
    }

    void stopEnds() {
        examine::FilesToExamine what;
        what.files.assign(100, "3.gif");
        what.allFrames = true;
        std::stop_source stop;
        std::atomic<int> begun = 0;
        const auto work = [&](const std::filesystem::path& path, const examine::CheckOptions& options,
                              const WorkContext&) {
            ++begun;
            return framedRecord(path, options.frame);
        };
        int taken = 0;
        examine::examineFiles(what, 3, work, {stop.get_token(), nullptr}, [&](const examine::Record&) {
            if (++taken == 5) stop.request_stop();
        });
        QCOMPARE(taken, 5);
        QVERIFY2(begun >= 5 && begun <= 5 + 2 * 3 - 1, qPrintable(QString::number(begun.load())));
    }

    /// What a stop broke off is no failure; any other failure is a record among the others.
    void failures_data() {
        QTest::addColumn<bool>("stopped");
        QTest::addColumn<int>("records");
        QTest::newRow("failed") << false << 4;
        QTest::newRow("broken off") << true << 2;
    }
    void failures() {
        QFETCH(bool, stopped);
        QFETCH(int, records);
        examine::FilesToExamine what;
        what.files = {"a/1.gif", "b/1.gif", "c/1.gif", "d/1.gif"};
        std::stop_source stop;
        const auto work = [&](const std::filesystem::path& path, const examine::CheckOptions& options,
                              const WorkContext& inner) {
            examine::Record record = framedRecord(path, options.frame);
            if (path != "c/1.gif") return record;
            if (stopped) stop.request_stop();
            if (inner.stop.stop_requested() == stopped)
                record.error = examine::Record::Failure{"cancelled", "broken off"};
            return record;
        };
        std::vector<examine::Record> taken;
        examine::examineFiles(what, 1, work, {stop.get_token(), nullptr},
                              [&](const examine::Record& record) { taken.push_back(record); });
        QCOMPARE(static_cast<int>(taken.size()), records);
        for (const examine::Record& record : taken)
            QCOMPARE(record.error.has_value(), record.path == "c/1.gif");
    }

    /// What is thrown by either side comes when it is next, and nothing runs any more then.
    void problemsAreThrown() {
        examine::FilesToExamine what;
        what.files.assign(40, "2.gif");
        what.files.at(3) = "bad/2.gif";
        what.allFrames = true;
        std::atomic<int> running = 0;
        const auto work = [&](const std::filesystem::path& path, const examine::CheckOptions& options,
                              const WorkContext&) {
            ++running;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            --running;
            if (path == "bad/2.gif" && options.frame == 2) throw Error(ErrorCode::NotFound, "no such model");
            return framedRecord(path, options.frame);
        };
        int taken = 0;
        QVERIFY_EXCEPTION_THROWN(
            examine::examineFiles(what, 3, work, {}, [&](const examine::Record&) { ++taken; }), Error);
        QCOMPARE(taken, 7);
        QCOMPARE(running.load(), 0);
        taken = 0;
        QVERIFY_EXCEPTION_THROWN(examine::examineFiles(what, 3, work, {},
                                                       [&](const examine::Record&) {
                                                           if (++taken == 2)
                                                               throw Error(ErrorCode::DiskFull,
                                                                           "no space left");
                                                       }),
                                 Error);
        QCOMPARE(taken, 2);
        QCOMPARE(running.load(), 0);
    }

    /// With the shipped model two side by side on a thread each score as one alone on one thread.
    void sameAsOneByOne() {
        const std::filesystem::path samples = dataFolder() / "resources/samples";
        examine::FilesToExamine what;
        for (const char* name : {"astronaut-signed.jpg", "camera.png", "coffee-signed.jpg", "none.png"})
            what.files.push_back(samples / name);
        what.options.models = {"photo-keyed32"};
        examine::FilesExaminer together({.device = "cpu", .threads = 2, .workspace = {}}, what.files.size());
        QCOMPARE(together.atOnce(), 2);
        std::vector<examine::Record> records;
        together.check(what, {}, [&](const examine::Record& record) { records.push_back(record); });
        QCOMPARE(records.size(), what.files.size());
        examine::Examiner examiner({.device = "cpu", .threads = 1, .workspace = {}});
        for (std::size_t i = 0; i < records.size(); ++i) {
            const examine::Record alone = examiner.check(what.files[i], what.options);
            QVERIFY(records[i].path == what.files[i]);
            QCOMPARE(records[i].sha256, alone.sha256);
            QCOMPARE(records[i].error.has_value(), i == 3);
            QCOMPARE(records[i].findings.size(), alone.findings.size());
            if (i < 3) QCOMPARE(records[i].findings.at(0).scoreLogit, alone.findings.at(0).scoreLogit);
        }
    }
};

SIGNET_TEST(TestExamineFiles)
#include "test_examine_files.moc"
