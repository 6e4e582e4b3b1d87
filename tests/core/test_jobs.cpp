#include <atomic>
#include <future>
#include <latch>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/base/in_order.h"
#include "core/jobs/job_queue.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::jobs;

namespace {

constexpr std::array kStates{JobState::Queued,   JobState::Running, JobState::Pausing, JobState::Paused,
                             JobState::Stopping, JobState::Done,    JobState::Failed,  JobState::Cancelled};
constexpr std::array kEvents{JobEvent::Start,   JobEvent::AskPause, JobEvent::Hold,     JobEvent::AskResume,
                             JobEvent::AskStop, JobEvent::Finish,   JobEvent::Withdraw, JobEvent::Fail};

JobState stateOf(const JobQueue& queue, JobId id) {
    for (const auto& info : queue.jobs()) {
        if (info.id == id) return info.state;
    }
    return JobState::Failed;
}

}  // namespace

class TestJobs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// What ended stays ended; every other state can be left, and reaches an end.
    void transitionTable() {
        for (const auto state : kStates) {
            std::set<JobState> reached{state};
            for (std::size_t round = 0; round < kStates.size(); ++round) {
                for (const auto from : std::set<JobState>(reached)) {
                    for (const auto event : kEvents) {
                        if (const auto to = after(from, event)) reached.insert(*to);
                    }
                }
            }
            if (isOver(state)) {
                QCOMPARE(reached.size(), std::size_t(1));
            } else {
                QVERIFY(std::any_of(reached.begin(), reached.end(), isOver));
                // Nothing that runs goes back to the queue.
                QVERIFY(state == JobState::Queued || !reached.contains(JobState::Queued));
            }
        }
        QVERIFY(after(JobState::Pausing, JobEvent::Hold) == JobState::Paused);
        QVERIFY(!after(JobState::Running, JobEvent::Hold));
        QVERIFY(!after(JobState::Done, JobEvent::AskStop));
        QVERIFY(after(JobState::Queued, JobEvent::AskStop) == JobState::Cancelled);
    }

    /// Whoever waits has its turn at the next yield, before the long work goes on.
    void leaseGoesToWhoWaits() {
        DeviceLease lease;
        std::vector<int> order;
        lease.acquire();
        auto other = std::async(std::launch::async, [&] {
            const DeviceLease::Hold hold(lease);
            order.push_back(1);
        });
        QTRY_VERIFY(lease.hasWaiters());
        order.push_back(0);
        lease.yield();
        order.push_back(2);
        lease.release();
        other.get();
        QCOMPARE(order, (std::vector<int>{0, 1, 2}));
    }

    void oneAfterAnother() {
        DeviceLease lease;
        JobQueue queue(lease);
        std::atomic<int> running = 0, most = 0;
        std::vector<JobId> ids;
        for (int i = 0; i < 5; ++i) {
            ids.push_back(queue.enqueue("job", [&](JobContext& context) {
                most = std::max<int>(most, ++running);
                context.report(1, 2, "half");
                --running;
            }));
        }
        for (const JobId id : ids) QTRY_VERIFY(stateOf(queue, id) == JobState::Done);
        QCOMPARE(most.load(), 1);
        QCOMPARE(queue.jobs().front().done, std::uint64_t(1));
        QVERIFY(std::is_sorted(ids.begin(), ids.end()) && std::set(ids.begin(), ids.end()).size() == 5);
    }

    /// A paused job stands still and its device is free; it goes on where it stood.
    void pauseFreesTheDevice() {
        DeviceLease lease;
        JobQueue queue(lease);
        std::atomic<int> steps = 0;
        const JobId id = queue.enqueue("steps", [&](JobContext& context) {
            while (!context.stop().stop_requested()) {
                ++steps;
                context.betweenSteps();
            }
        });
        QTRY_VERIFY(steps > 0);
        queue.pause(id);
        QTRY_VERIFY(stateOf(queue, id) == JobState::Paused);
        const int before = steps;
        {
            const DeviceLease::Hold hold(lease);  // would hang if the paused job kept it
            QCOMPARE(steps.load(), before);
        }
        queue.resume(id);
        QTRY_VERIFY(steps > before);
        queue.stop(id, Ending::KeepCheckpoint);
        QTRY_VERIFY(stateOf(queue, id) == JobState::Done);
    }

    void endings_data() {
        QTest::addColumn<int>("ending");
        QTest::addColumn<bool>("paused");
        QTest::addColumn<int>("state");
        QTest::newRow("finish now") << int(Ending::FinishNow) << false << int(JobState::Done);
        QTest::newRow("keep") << int(Ending::KeepCheckpoint) << false << int(JobState::Done);
        QTest::newRow("discard") << int(Ending::Discard) << false << int(JobState::Cancelled);
        QTest::newRow("discard while paused") << int(Ending::Discard) << true << int(JobState::Cancelled);
    }
    void endings() {
        QFETCH(int, ending);
        QFETCH(bool, paused);
        QFETCH(int, state);
        DeviceLease lease;
        JobQueue queue(lease);
        std::atomic<int> seen = -1;
        const JobId id = queue.enqueue("steps", [&](JobContext& context) {
            while (!context.stop().stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));  // a step; others want the lock
                context.betweenSteps();
            }
            seen = static_cast<int>(context.ending());
        });
        QTRY_VERIFY(stateOf(queue, id) == JobState::Running);
        if (paused) {
            queue.pause(id);
            QTRY_VERIFY(stateOf(queue, id) == JobState::Paused);
        }
        queue.stop(id, static_cast<Ending>(ending));
        QTRY_COMPARE(int(stateOf(queue, id)), state);
        QCOMPARE(seen.load(), ending);
    }

    void failureKeepsItsMessage() {
        DeviceLease lease;
        JobQueue queue(lease);
        const JobId bad = queue.enqueue(
            "bad", [](JobContext&) { throw Error(ErrorCode::Corrupt, "the checkpoint is damaged"); });
        const JobId next = queue.enqueue("next", [](JobContext&) {});
        QTRY_VERIFY(stateOf(queue, next) == JobState::Done);
        QVERIFY(stateOf(queue, bad) == JobState::Failed);
        QCOMPARE(queue.jobs().front().message, std::string("the checkpoint is damaged"));
    }

    void waitingJobsCanBeDropped() {
        DeviceLease lease;
        std::latch go(1);
        JobQueue queue(lease);
        bool ran = false;
        queue.enqueue("first", [&](JobContext&) { go.wait(); });
        const JobId second = queue.enqueue("second", [&](JobContext&) { ran = true; });
        queue.stop(second, Ending::Discard);
        QVERIFY(stateOf(queue, second) == JobState::Cancelled);
        go.count_down();
        const JobId third = queue.enqueue("third", [](JobContext&) {});
        QTRY_VERIFY(stateOf(queue, third) == JobState::Done);
        QVERIFY(!ran);
    }

    /// The destructor ends a running, a paused and a waiting job.
    void shutdown() {
        DeviceLease lease;
        std::atomic<bool> ended = false;
        std::set<JobState> told;
        std::mutex mutex;
        {
            JobQueue queue(lease, [&](const JobInfo& info) {
                const std::lock_guard lock(mutex);
                told.insert(info.state);
            });
            const JobId id = queue.enqueue("endless", [&](JobContext& context) {
                while (!context.stop().stop_requested()) context.betweenSteps();
                ended = true;
            });
            queue.enqueue("waits", [](JobContext&) {});
            QTRY_VERIFY(stateOf(queue, id) == JobState::Running);
            queue.pause(id);
            QTRY_VERIFY(stateOf(queue, id) == JobState::Paused);
        }
        QVERIFY(ended);
        QVERIFY(told.contains(JobState::Cancelled) && told.contains(JobState::Done));
    }

    /// Results come in order whatever is done first, no more calls run at once than were allowed, and all
    /// have ended when it returns or throws.
    void workIsTakenInOrder() {
        std::atomic<int> running = 0, most = 0, begun = 0;
        const auto work = [&](std::size_t i, std::size_t) {
            ++begun;
            const int now = ++running;
            for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(i % 3 == 0 ? 12 : 2));
            --running;
            if (i == 20) throw Error(ErrorCode::Corrupt, "the twenty-first");
            return i;
        };
        const auto onePart = [](std::size_t) { return std::size_t{1}; };
        std::vector<std::size_t> taken;
        inOrder(10, 3, work, onePart, [&](std::size_t i) {
            taken.push_back(i);
            return true;
        });
        QVERIFY((taken == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
        QVERIFY(most > 1 && most <= 3);
        begun = 0;
        inOrder(1000, 2, work, onePart, [](std::size_t i) { return i < 4; });
        QVERIFY(begun >= 5 && begun <= 7);
        QCOMPARE(running.load(), 0);
        taken.clear();
        QVERIFY_EXCEPTION_THROWN(inOrder(1000, 3, work, onePart,
                                         [&](std::size_t i) {
                                             taken.push_back(i);
                                             return true;
                                         }),
                                 Error);
        QCOMPARE(taken.size(), std::size_t(20));
        QCOMPARE(running.load(), 0);
        inOrder(0, 1, work, onePart, [](std::size_t) { return false; });
    }

    /// All parts of an item come before the next item, fewer than three times as many as threads are held,
    /// and what partsOf or take throws comes out.
    void partsAreTakenInOrder() {
        using At = std::pair<std::size_t, std::size_t>;
        std::atomic<int> held = 0, most = 0, running = 0;
        const auto work = [&](std::size_t item, std::size_t part) {
            ++running;
            const int now = ++held;
            for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::sleep_for(std::chrono::milliseconds((item + part) % 4 == 0 ? 6 : 1));
            --running;
            return At{item, part};
        };
        const auto partsOf = [](const At& at) {
            return at.first % 3 == 1 ? std::size_t{20} : std::size_t{1};
        };
        std::vector<At> expected, taken;
        for (std::size_t item = 0; item < 8; ++item)
            for (std::size_t part = 0; part < partsOf({item, 0}); ++part) expected.emplace_back(item, part);
        inOrder(8, 3, work, partsOf, [&](const At& at) {
            --held;
            taken.push_back(at);
            return true;
        });
        QVERIFY(taken == expected);
        QVERIFY(most <= 7);
        const auto countless = [](const At& at) -> std::size_t {
            if (at.first == 2) throw Error(ErrorCode::Corrupt, "nobody knows how many");
            return 5;
        };
        std::size_t count = 0;
        QVERIFY_EXCEPTION_THROWN(inOrder(8, 3, work, countless, [&](const At&) { return ++count < 100; }),
                                 Error);
        QCOMPARE(count, std::size_t(10));
        QCOMPARE(running.load(), 0);
        QVERIFY_EXCEPTION_THROWN(inOrder(8, 3, work, partsOf,
                                         [](const At& at) -> bool {
                                             if (at.second == 3) throw Error(ErrorCode::DiskFull, "full");
                                             return true;
                                         }),
                                 Error);
        QCOMPARE(running.load(), 0);
    }

    /// The parts of one item are worked on side by side: each of the second to fourth waits for the others.
    void partsRunSideBySide() {
        std::atomic<int> met = 0;
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        const auto work = [&](std::size_t, std::size_t part) {
            if (part == 0) return true;
            ++met;
            while (met < 3 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
            return met >= 3;
        };
        bool all = true;
        inOrder(
            1, 3, work, [](bool) { return std::size_t{4}; },
            [&](bool together) {
                all = all && together;
                return true;
            });
        QVERIFY(all);
    }
};

SIGNET_TEST(TestJobs)
#include "test_jobs.moc"
