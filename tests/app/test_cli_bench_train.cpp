#include <QTemporaryDir>
#include <algorithm>
#include <cmath>

#include "tests/support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliBenchTrain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutPyTorch() {
        const QTemporaryDir empty;
        RunOptions options;
        options.environment = {{"XDG_CACHE_HOME", empty.path()}};
        const Run run = runSignet({"bench", "train", "--only", "compact", "-n", "1", "--json"}, options);
        QCOMPARE(run.status, 3);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains("installer/setup_python"), run.err);
    }

    void againstPyTorch_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("side");
        QTest::addColumn<QStringList>("losses");
        QTest::addColumn<double>("apart");
        QTest::newRow("compact") << 12 << 128 << QStringList{"presence"} << 0.02;  // another JPEG codec
        QTest::newRow("diffusion") << 32 << 32 << QStringList{"noise", "bound"} << 0.01;  // other dropout
        QTest::newRow("stylegan2") << 16 << 64 << QStringList{"adversarial", "critic"} << 0.001;
        QTest::newRow("autoencoder") << 8 << 64 << QStringList{"error", "latent", "adversarial", "critic"}
                                     << 0.001;
        QTest::newRow("fingerprint") << 16 << 64
                                     << QStringList{"bits", "adversarial", "latent", "consistency", "critic"}
                                     << 0.001;
    }

    /// Both sides have the same networks and take the same step: their losses agree to what is said above,
    /// and to what bf16 changes where the processor has it.
    void againstPyTorch() {
        QFETCH(int, batch);
        QFETCH(int, side);
        QFETCH(QStringList, losses);
        QFETCH(double, apart);
        const QString name = QTest::currentDataTag();
        const Run run = runSignet({"bench", "train", "--only", name, "-n", "1", "--threads", "1", "--json"});
        if (run.status == 3 && run.err.contains("installer/setup_python"))
            QSKIP("no Python with PyTorch here");
        QVERIFY2(run.status == 0, run.err);
        QVERIFY(run.allJson());
        QCOMPARE(run.records().size(), 1);
        const QJsonObject record = run.records().first();
        QCOMPARE(record["name"].toString(), name);
        QCOMPARE(record["batch"].toInt(), batch);
        QCOMPARE(record["side"].toInt(), side);
        QCOMPARE(record["threads"].toInt(), 1);
        QVERIFY(record["reference"].toString().startsWith("PyTorch 2.11.0"));
        for (const char* key : {"seconds", "reference_seconds", "cpu_seconds", "reference_cpu_seconds",
                                "peak_rss_mib", "reference_peak_rss_mib"})
            QVERIFY2(record[key].toDouble() > 0, key);
        QCOMPARE(record["ratio_to_pytorch"].toDouble(),
                 record["seconds"].toDouble() / record["reference_seconds"].toDouble());
        const QByteArray processor = contents("/proc/cpuinfo");
        if (processor.contains("avx512_bf16") || processor.contains("amx_bf16"))
            apart = std::max(apart, 0.05);
        const QJsonObject own = record["first_losses"].toObject();
        const QJsonObject other = record["reference_first_losses"].toObject();
        QCOMPARE(own.size(), losses.size());
        QCOMPARE(other.size(), losses.size());
        for (const QString& loss : losses) {
            const double expected = other[loss].toDouble();
            QVERIFY2(expected != 0, qPrintable(loss));
            QVERIFY2(std::abs(own[loss].toDouble() / expected - 1) < apart, run.out);
        }
    }
};

SIGNET_TEST(TestCliBenchTrain)
#include "test_cli_bench_train.moc"
