#include <QJsonArray>
#include <QJsonObject>

#include "core/base/file_io.h"
#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

/// roc as scripts see it, beyond score and label files of one number a line (test_cli_measure): score files
/// with labels, several detectors, and folders.
class TestCliRoc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void scoreFileWithLabels() {
        write("s.csv", "score,label\n.1,0\n.4,0\n.35,1\n.8,1\n");
        const Run run = runSignet({"roc", "--scores", at("s.csv"), "--threshold", "0.5", "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.records().size(), 1);
        const QJsonObject record = run.records()[0];
        QCOMPARE(record["auc"].toDouble(), 0.75);
        QCOMPARE(record["tp"].toInt(), 1);
        QVERIFY(!record.contains("detector"));
    }

    void severalDetectors() {
        write("s.csv", "1,1,a\n0,0,a\n1,0,b\n0,1,b\n");
        const Run run =
            runSignet({"roc", "--scores", at("s.csv"), "--json", "--plot", at("r.png"), "--log-fpr"});
        QCOMPARE(run.status, 0);
        QCOMPARE(run.records().size(), 2);
        QCOMPARE(run.records()[0]["detector"].toString(), QString("a"));
        QCOMPARE(run.records()[0]["auc"].toDouble(), 1.0);
        QCOMPARE(run.records()[1]["auc"].toDouble(), 0.0);
        QVERIFY(QFileInfo(at("r.png")).size() > 1000);
        QVERIFY(runSignet({"roc", "--scores", at("s.csv")}).out.startsWith("a\npositives"));
    }

    void oneDetectorFailsTheOtherIsReported() {
        write("s.csv", "1,1,a\n0,0,a\n1,1,b\n");
        const Run run = runSignet({"roc", "--scores", at("s.csv"), "--json"});
        QCOMPARE(run.status, 1);
        QCOMPARE(run.records().size(), 2);
        const bool firstFailed = run.records()[0].contains("error");
        const QJsonObject failed = run.records()[firstFailed ? 0 : 1]["error"].toObject();
        QVERIFY(failed["message"].toString().startsWith("b: a ROC curve needs both classes"));
    }

    void failures_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        QTest::newRow("no label") << QStringList{"--scores", "numbers"} << 1 << "line 1 has no label";
        QTest::newRow("no file") << QStringList{"--scores", "none"} << 1 << "none";
        QTest::newRow("nothing") << QStringList{} << 2 << "";
        QTest::newRow("half of the folders") << QStringList{"--signed", "."} << 2 << "";
        QTest::newRow("labels alone") << QStringList{"--labels", "numbers"} << 2 << "";
        QTest::newRow("files and folders")
            << QStringList{"--scores", "numbers", "--signed", ".", "--unsigned", "."} << 2 << "";
        QTest::newRow("model without folders")
            << QStringList{"--scores", "numbers", "--model", "x"} << 2 << "";
        QTest::newRow("same folder") << QStringList{"--signed", ".", "--unsigned", "."} << 3 << "";
    }
    void failures() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, message);
        write("numbers", "1\n2\n");
        RunOptions options;
        options.workingFolder = m_folder->path();
        const Run run = runSignet(QStringList{"roc", "--json"} + arguments, options);
        QCOMPARE(run.status, status);
        if (message.isEmpty()) return;
        QVERIFY2(run.records().value(0)["error"].toObject()["message"].toString().contains(message),
                 run.out.constData());
    }

    void folders() {
        QDir(m_folder->path()).mkpath("signed");
        QDir(m_folder->path()).mkpath("unsigned/deep");
        const QString samples = sourceFolder() + "/resources/samples/";
        for (const char* name : {"astronaut-signed.jpg", "coffee-signed.jpg"})
            QVERIFY(QFile::copy(samples + name, at(QString("signed/") + name)));
        QVERIFY(QFile::copy(samples + "camera.png", at("unsigned/deep/camera.png")));
        QVERIFY(QFile::copy(samples + "chelsea.png", at("unsigned/chelsea.png")));
        QVERIFY(QFile::copy(samples + "chelsea.png", at("unsigned/again.png")));
        write("unsigned/broken.png", "no picture");
        const QStringList arguments{"roc",           "--signed",     at("signed"),
                                    "--unsigned",    at("unsigned"), "--model",
                                    "photo-keyed32", "--scores-out", at("scores.csv")};
        const Run run = runSignet(arguments + QStringList{"--json", "--plot", at("r.pdf")});
        QCOMPARE(run.status, 1);  // one file is broken
        QVERIFY(run.allJson());
        QCOMPARE(run.records().size(), 2);
        QVERIFY(run.records()[0]["path"].toString().endsWith("broken.png"));
        const QJsonObject record = run.records()[1];
        QCOMPARE(record["model"].toString(), QString("photo-keyed32"));
        QCOMPARE(record["auc"].toDouble(), 1.0);
        QCOMPARE(record["accuracy"].toDouble(), 1.0);  // at the calibrated threshold
        QCOMPARE(record["n_pos"].toInt(), 2);
        QCOMPARE(record["n_neg"].toInt(), 2);
        QCOMPARE(record["duplicates"].toInt(), 1);
        QCOMPARE(record["left_out"].toInt(), 1);
        QVERIFY(record["threshold_from_calibration"].toBool());
        QCOMPARE(record["set_sha256"].toString().size(), 64);
        const Run again = runSignet({"roc", "--scores", at("scores.csv"), "--json"});
        QCOMPARE(again.status, 0);
        QCOMPARE(again.records().size(), 1);
        QCOMPARE(again.records()[0]["detector"].toString(), QString("photo-keyed32"));
        QCOMPARE(again.records()[0]["auc"].toDouble(), 1.0);
        QCOMPARE(runSignet(arguments).status, 1);  // scores.csv exists
    }

private:
    QString at(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& name, const QByteArray& text) {
        QFile file(at(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

SIGNET_TEST(TestCliRoc)
#include "test_cli_roc.moc"
