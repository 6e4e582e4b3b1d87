#include <QElapsedTimer>

#include "tests/support/test_program.h"
#include "ui/bench/heartbeat.h"

using namespace signet;

class TestHeartbeat : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void heartbeatSeesABlock();
};

void TestHeartbeat::heartbeatSeesABlock() {
    ui::Heartbeat heartbeat;
    heartbeat.start();
    QTRY_VERIFY(heartbeat.beats() > 3);
    QElapsedTimer busy;
    busy.start();
    while (busy.nsecsElapsed() < 300'000'000) continue;
    QTRY_VERIFY(heartbeat.longestBlock() >= 0.3);
    QVERIFY(heartbeat.longestBusy() > 0);
    QVERIFY(heartbeat.longestBusy() <= heartbeat.longestBlock() + 0.01);
    heartbeat.start();
    QCOMPARE(heartbeat.longestBlock(), 0.0);
}

SIGNET_TEST(TestHeartbeat)
#include "test_heartbeat.moc"
