// The threads behind the desktop: workers, the engine's life, folders, names of outputs.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>

#include "core/base/error.h"
#include "fake_engine.h"
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

QTEST_GUILESS_MAIN(TestUiBridge)
#include "test_ui_bridge.moc"
