#include <QTemporaryDir>

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

    /// Both sides have the same networks and take the same step: their losses agree to what bf16 and another
    /// JPEG codec change.
    void againstPyTorch() {
        const Run run =
            runSignet({"bench", "train", "--only", "compact", "-n", "1", "--threads", "1", "--json"});
        if (run.status == 3 && run.err.contains("installer/setup_python"))
            QSKIP("no Python with PyTorch here");
        QVERIFY2(run.status == 0, run.err);
        QVERIFY(run.allJson());
        QCOMPARE(run.records().size(), 1);
        const QJsonObject record = run.records().first();
        QCOMPARE(record["name"].toString(), QString("compact"));
        QCOMPARE(record["side"].toInt(), 128);
        QCOMPARE(record["threads"].toInt(), 1);
        QVERIFY(record["reference"].toString().startsWith("PyTorch 2.11.0"));
        for (const char* key : {"seconds", "reference_seconds", "cpu_seconds", "reference_cpu_seconds",
                                "peak_rss_mib", "reference_peak_rss_mib"})
            QVERIFY2(record[key].toDouble() > 0, key);
        QCOMPARE(record["ratio_to_pytorch"].toDouble(),
                 record["seconds"].toDouble() / record["reference_seconds"].toDouble());
        const double loss = record["first_losses"]["presence"].toDouble();
        const double expected = record["reference_first_losses"]["presence"].toDouble();
        QVERIFY(expected > 0.1);
        QVERIFY2(std::abs(loss / expected - 1) < 0.02, run.out);
    }
};

SIGNET_TEST(TestCliBenchTrain)
#include "test_cli_bench_train.moc"
