// A GPU's load through NVML, on a library that stands in for it.

#include "core/nn/gpu_monitor.h"
#include "tests/support/test_program.h"

using signet::nn::GpuMonitor;

class TestGpuMonitor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void nothingToRead_data();
    void nothingToRead();
};

void TestGpuMonitor::reads() {
    const GpuMonitor monitor("0000:3B:00.0", FAKE_NVML);
    for (int i = 0; i < 2; ++i) {
        const auto reading = monitor.read();
        QVERIFY(reading.has_value());
        QCOMPARE(reading->loadPercent, 87.0);
        QCOMPARE(reading->temperatureCelsius.value_or(0), 64.0);
    }
}

void TestGpuMonitor::nothingToRead_data() {
    QTest::addColumn<QByteArray>("busId");
    QTest::addColumn<QByteArray>("library");
    QTest::newRow("the processor") << QByteArray() << QByteArray(FAKE_NVML);
    QTest::newRow("another GPU") << QByteArray("0000:AF:00.0") << QByteArray(FAKE_NVML);
    QTest::newRow("no driver") << QByteArray("0000:3B:00.0") << QByteArray("libno-such-nvml.so.1");
    QTest::newRow("another library") << QByteArray("0000:3B:00.0") << QByteArray("libm.so.6");
}

void TestGpuMonitor::nothingToRead() {
    QFETCH(QByteArray, busId);
    QFETCH(QByteArray, library);
    const GpuMonitor monitor(busId.toStdString(), library.constData());
    QVERIFY(!monitor.read().has_value());
}

SIGNET_TEST(TestGpuMonitor)
#include "test_gpu_monitor.moc"
