// The threads behind the desktop: workers, the engine's life, folders, names of outputs.
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <atomic>
#include <fstream>
#include <thread>
#include <unordered_set>

#include "core/base/error.h"
#include "fake_engine.h"
#include "tests/support/test_program.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/services.h"
#include "ui/bridge/text.h"
#include "ui/bridge/worker_thread.h"

namespace fs = std::filesystem;
using namespace signet;

class TestUiBridge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workerRunsInOrder();
    void workerDropsWaitingTasks();
    void workerLatestWins();
    void workerStopsOnDestruction();
    void frontRequestsAreCapped();
    void messagesArriveInOrderUntilIdle();
    void newestProgressCounts();
    void staleMessagesAreDropped();
    void messagesFromManyThreads();
    void engineLoadsOnceAndRetries();
    void outputNames();
    void numbersAsText_data();
    void numbersAsText();
    void droppedNamesKeepTheirBytes();
};

void TestUiBridge::workerRunsInOrder() {
    std::vector<int> seen;
    std::atomic<bool> done{false};
    ui::WorkerThread worker("test");
    for (int i = 0; i < 5; ++i) worker.post(i, [&seen, i](const std::stop_token&) { seen.push_back(i); });
    worker.post(9, [&done](const std::stop_token&) { done = true; });
    QTRY_VERIFY(done);
    QCOMPARE(seen, (std::vector<int>{0, 1, 2, 3, 4}));
}

void TestUiBridge::workerDropsWaitingTasks() {
    std::atomic<bool> go{false};
    std::atomic<bool> firstStopped{false};
    std::atomic<int> ran{0};
    std::atomic<bool> started{false};
    ui::WorkerThread worker("test");
    worker.post(1, [&](const std::stop_token& stop) {
        started = true;
        while (!go) std::this_thread::yield();
        firstStopped = stop.stop_requested();
    });
    for (std::uint64_t id = 2; id < 6; ++id) worker.post(id, [&ran](const std::stop_token&) { ++ran; });
    QTRY_VERIFY(started);
    worker.cancel({1, 3});
    const auto dropped = worker.cancelAll();
    QCOMPARE(dropped, (std::vector<std::uint64_t>{2, 4, 5}));
    go = true;
    std::atomic<bool> last{false};
    worker.post(7, [&last](const std::stop_token& stop) { last = !stop.stop_requested(); });
    QTRY_VERIFY(last);
    QVERIFY(firstStopped);
    QCOMPARE(ran.load(), 0);
}

void TestUiBridge::workerLatestWins() {
    std::atomic<bool> started{false};
    std::atomic<int> result{0};
    ui::WorkerThread worker("test");
    worker.post(1, [&](const std::stop_token& stop) {
        started = true;
        while (!stop.stop_requested()) std::this_thread::yield();
    });
    QTRY_VERIFY(started);
    worker.postLatest(2, [&](const std::stop_token&) { result = 2; });
    worker.postLatest(3, [&](const std::stop_token&) { result = 3; });
    QTRY_COMPARE(result.load(), 3);
}

void TestUiBridge::workerStopsOnDestruction() {
    std::atomic<bool> stopped{false};
    std::atomic<bool> started{false};
    {
        ui::WorkerThread worker("test");
        worker.post(1, [&](const std::stop_token& stop) {
            started = true;
            while (!stop.stop_requested()) std::this_thread::yield();
            stopped = true;
        });
        QTRY_VERIFY(started);
    }
    QVERIFY(stopped);
}

void TestUiBridge::frontRequestsAreCapped() {
    std::atomic<bool> go{false};
    std::atomic<bool> started{false};
    ui::WorkerThread worker("test");
    worker.post(1, [&](const std::stop_token&) {
        started = true;
        while (!go) std::this_thread::yield();
    });
    QTRY_VERIFY(started);
    std::vector<std::uint64_t> order;
    const auto task = [&order](std::uint64_t id) {
        return [&order, id](const std::stop_token&) { order.push_back(id); };
    };
    QVERIFY(worker.postFront(2, task(2), 2).empty());
    QVERIFY(worker.postFront(3, task(3), 2).empty());
    QCOMPARE(worker.postFront(4, task(4), 2), (std::vector<std::uint64_t>{2}));
    std::atomic<bool> last{false};
    worker.post(5, [&last](const std::stop_token&) { last = true; });
    go = true;
    QTRY_VERIFY(last);
    QCOMPARE(order, (std::vector<std::uint64_t>{4, 3}));
}

namespace {

/// An outbox that notes what it hands over, as "request:message", and "idle".
struct NotedOutbox {
    QStringList seen;
    ui::Outbox<int> outbox{
        [this](quint64 request, int message) { seen << QStringLiteral("%1:%2").arg(request).arg(message); },
        {},
        [this] { seen << QStringLiteral("idle"); }};

    bool becomesIdle() {
        return QTest::qWaitFor([this] { return seen.contains(QStringLiteral("idle")); });
    }
};

}  // namespace

void TestUiBridge::messagesArriveInOrderUntilIdle() {
    NotedOutbox noted;
    const auto first = noted.outbox.begin(), second = noted.outbox.begin();
    first.send(1);
    noted.outbox.withoutRequest().send(2);
    second.finish(3);
    first.finish(4);
    QVERIFY(noted.seen.isEmpty());  // nothing is handed over within the sender's call
    QVERIFY(!noted.outbox.isIdle());
    QVERIFY(noted.becomesIdle());
    QCOMPARE(noted.seen, (QStringList{"1:1", "0:2", "2:3", "1:4", "idle"}));
    QVERIFY(noted.outbox.isIdle());
    noted.seen.clear();
    noted.outbox.begin().finish(5);  // and again
    QVERIFY(noted.becomesIdle());
    QCOMPARE(noted.seen, (QStringList{"3:5", "idle"}));
}

void TestUiBridge::newestProgressCounts() {
    NotedOutbox noted;
    const auto first = noted.outbox.begin(), second = noted.outbox.begin();
    first.sendLatest(1);
    second.sendLatest(2);
    first.sendLatest(3, 7);  // a slot of its own
    first.send(4);
    first.sendLatest(5);
    second.sendLatest(6);
    first.finish(7);
    second.finish(8);
    QVERIFY(noted.becomesIdle());
    QCOMPARE(noted.seen, (QStringList{"1:3", "1:4", "1:5", "2:6", "1:7", "2:8", "idle"}));
}

void TestUiBridge::staleMessagesAreDropped() {
    NotedOutbox noted;
    const auto ended = noted.outbox.begin(), finished = noted.outbox.begin(), open = noted.outbox.begin();
    ended.send(1);
    finished.finish(2);
    finished.send(3);  // after its last
    open.send(4);
    QVERIFY(noted.outbox.end(ended.request()));
    QVERIFY(!noted.outbox.end(ended.request()));
    QTRY_COMPARE(noted.seen, (QStringList{"2:2", "3:4"}));
    QCOMPARE(noted.outbox.openCount(), 1);
    open.send(5);
    QCOMPARE(noted.outbox.endAll(), (std::unordered_set<quint64>{open.request()}));
    QVERIFY(noted.becomesIdle());
    QCOMPARE(noted.seen, (QStringList{"2:2", "3:4", "idle"}));
}

void TestUiBridge::messagesFromManyThreads() {
    constexpr int kThreads = 4, kMessages = 2000;
    NotedOutbox noted;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([out = noted.outbox.begin()] {
                for (int message = 1; message < kMessages; ++message) out.send(message);
                out.finish(kMessages);
            });
        }
    }
    QVERIFY(noted.becomesIdle());
    QCOMPARE(noted.seen.size(), kThreads * kMessages + 1);
    for (int i = 1; i <= kThreads; ++i) {  // each in its order
        const QStringList of = noted.seen.filter(QRegularExpression(QStringLiteral("^%1:").arg(i)));
        QCOMPARE(of.size(), kMessages);
        QCOMPARE(of.front(), QStringLiteral("%1:1").arg(i));
        QCOMPARE(of.back(), QStringLiteral("%1:%2").arg(i).arg(kMessages));
    }
}

void TestUiBridge::engineLoadsOnceAndRetries() {
    auto control = std::make_shared<test::EngineControl>();
    control->failLoading = true;
    ui::EngineHost host(test::fakeBackend(control).createEngine);
    QCOMPARE(host.status().state, ui::EngineState::NotLoaded);
    QVERIFY_EXCEPTION_THROWN(host.acquire(), Error);
    QCOMPARE(host.status().state, ui::EngineState::Failed);
    QVERIFY(host.status().message.find("altered") != std::string::npos);
    control->failLoading = false;
    const auto first = host.acquire();
    QCOMPARE(host.status().state, ui::EngineState::Ready);
    QCOMPARE(host.acquire(), first);
}

void TestUiBridge::outputNames() {
    QTemporaryDir folder;
    const fs::path root = ui::toPath(folder.path());
    QCOMPARE(ui::freeOutputName("/x/photo.jpg", root, {}), root / "photo-signed.jpg");
    QCOMPARE(ui::freeOutputName("/x/photo.jpg", root, image::Format::Png), root / "photo-signed.png");
    std::ofstream(root / "photo-signed.jpg") << "x";
    QCOMPARE(ui::freeOutputName("/x/photo.jpg", root, {}), root / "photo-signed-2.jpg");
    fs::create_symlink("/nowhere", root / "photo-signed-2.jpg");  // a dangling link is taken, too
    QCOMPARE(ui::freeOutputName("/x/photo.jpg", root, {}), root / "photo-signed-3.jpg");
}

void TestUiBridge::numbersAsText_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("positive logit") << ui::logitText(7.3125) << QStringLiteral("+7.31");
    QTest::newRow("negative logit") << ui::logitText(-0.5) << QStringLiteral("\u22120.50");
    QTest::newRow("tiny negative is zero") << ui::logitText(-0.001) << QStringLiteral("0.00");
    QTest::newRow("percent, two digits") << ui::percentText(0.004893) << QStringLiteral("0.49 %");
    QTest::newRow("percent over ten") << ui::percentText(0.1234) << QStringLiteral("12 %");
    QTest::newRow("zero percent") << ui::percentText(0) << QStringLiteral("0 %");
    QTest::newRow("bytes") << ui::bytesText(980) << QStringLiteral("980 B");
    QTest::newRow("mebibytes") << ui::bytesText(12 * 1048576 + 314573) << QStringLiteral("12.3 MiB");
    QTest::newRow("one") << ui::countText(1, "image") << QStringLiteral("1 image");
    QTest::newRow("many") << ui::countText(1234, "image") << QStringLiteral("1,234 images");
    QTest::newRow("not UTF-8") << ui::toText(std::string("a\xff")) << QStringLiteral("a\uFFFD");
}

void TestUiBridge::numbersAsText() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(text, expected);
}

void TestUiBridge::droppedNamesKeepTheirBytes() {
    const QUrl url = QUrl::fromEncoded("file:///tmp/caf%C3%A9%20%FF.png");
    QCOMPARE(ui::toPath(url), fs::path("/tmp/caf\xC3\xA9 \xFF.png"));
    QVERIFY(ui::toPath(QUrl(QStringLiteral("https://example.org/a.png"))).empty());
}

SIGNET_TEST(TestUiBridge)
#include "test_ui_bridge.moc"
