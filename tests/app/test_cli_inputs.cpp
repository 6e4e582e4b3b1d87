// signet check on inputs as they come: missing, empty, without rights, vanishing, hostile; and Ctrl-C.
#include <signal.h>
#include <sys/resource.h>

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

#include "core/image/encode.h"
#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliInputs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void recordHasWhatTheContractSays();
    void ratesHoldWhereTheyWereMeasured();
    void badInput_data();
    void badInput();
    void withoutRights();
    void fileThatVanishes();
    void interruptedCheckKeepsWhatIsDone();
    void hostileFiles();
};

namespace {

constexpr int kManyFiles = 60;
constexpr double kMemoryLimitMiB = 2048;

bool writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

}  // namespace

void TestCliInputs::initTestCase() {
    if (defaultModels().isEmpty()) QSKIP("no validated model is in models/");
}

void TestCliInputs::recordHasWhatTheContractSays() {
    const Run run = runSignet({"check", "--json", sampleImages().first()});
    QCOMPARE(run.status, 0);
    QVERIFY(run.allJson());
    QCOMPARE(run.records().size(), 1);
    const QJsonObject record = run.records().first();
    for (const char* key : {"path", "sha256", "width", "height", "format", "findings", "conflicts", "decode",
                            "warnings", "seconds"})
        QVERIFY2(record.contains(key), key);
    QVERIFY(!record.contains("error") || record.value("error").isNull());
    QCOMPARE(record.value("width").toInt(), 451);
    QCOMPARE(record.value("height").toInt(), 300);
    QCOMPARE(record.value("findings").toArray().size(), defaultModels().size());
    for (const auto& value : record.value("findings").toArray()) {
        const QJsonObject finding = value.toObject();
        for (const char* key : {"model", "model_sha256", "score_logit", "threshold", "signed", "fpr", "code",
                                "match", "outside_calibration"})
            QVERIFY2(finding.contains(key), key);
        QCOMPARE(finding.contains("score_parts"), !finding.contains("keyed"));  // a p-value has none
        for (const char* key : {"value", "upper95", "n", "measured_on"})
            QVERIFY2(finding.value("fpr").toObject().contains(key), key);
    }
}

/// Beside an image that the rate does not speak of stands why, not "0 of n".
void TestCliInputs::ratesHoldWhereTheyWereMeasured() {
    const QTemporaryDir folder;
    signet::image::Image wide = signet::image::makeImage(1200, 300, 3);
    for (std::size_t i = 0; i < wide.data.size(); ++i)
        wide.data[i] = static_cast<std::uint8_t>((i * i / 7 + 31 * i) % 256);
    const auto encoded = signet::image::encode(
        wide, {.format = signet::image::Format::Jpeg, .quality = 92, .subsample = false});
    const QByteArray jpeg(reinterpret_cast<const char*>(encoded.data()), qsizetype(encoded.size()));
    const QString strip = folder.filePath("strip.jpg"), cut = folder.filePath("cut.jpg");
    QVERIFY(writeFile(strip, jpeg) && writeFile(cut, jpeg.left(jpeg.size() / 10)));
    const Run run = runSignet({"check", "--json", "-m", "photo-presence", strip, cut});
    QVERIFY(run.allJson());
    for (const QString& path : {strip, cut}) {
        const QJsonArray reasons = recordOf(run, path)
                                       .value("findings")
                                       .toArray()
                                       .first()
                                       .toObject()
                                       .value("outside_calibration")
                                       .toArray();
        QStringList all;
        for (const auto& reason : reasons) all << reason.toString();
        QVERIFY2(all.join(u';').contains("times as long as wide"), run.out);
        QCOMPARE(all.join(u';').contains("damaged or ends early"), path == cut);
    }
    const Run table = runSignet({"check", "-m", "photo-presence", cut});
    QVERIFY2(table.out.contains("outside calib.") && table.out.contains("outside the calibration of"),
             table.out);
    QVERIFY2(!table.out.contains("of 665"), table.out);
}

void TestCliInputs::badInput_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("codes");
    const QByteArray png("\x89PNG\r\n\x1a\n", 8);
    QTest::newRow("missing") << "missing.png" << QByteArray() << QStringList{"not_found"};
    QTest::newRow("empty") << "empty.png" << QByteArray("") << QStringList{"unsupported", "corrupt"};
    QTest::newRow("text") << "text.jpg" << QByteArray("not an image\n")
                          << QStringList{"unsupported", "corrupt"};
    QTest::newRow("signature only") << "short.png" << png << QStringList{"unsupported", "corrupt"};
    QTest::newRow("name of odd bytes")
        << QString::fromUtf8("ein \"Bild\"\n\u00e4.png") << png << QStringList{"unsupported", "corrupt"};
}

void TestCliInputs::badInput() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, codes);
    const QTemporaryDir folder;
    const QString path = folder.filePath(name);
    if (name != "missing.png") QVERIFY(writeFile(path, bytes));
    const QString good = sampleImages().first();
    const Run run = runSignet({"check", "--json", path, good});
    QCOMPARE(run.status, 1);
    QVERIFY(run.allJson());
    QCOMPARE(run.records().size(), 2);
    QVERIFY2(codes.contains(errorCode(recordOf(run, path))), run.out);
    QVERIFY(!recordOf(run, path).value("error").toObject().value("message").toString().isEmpty());
    QVERIFY(!recordOf(run, good).value("findings").toArray().isEmpty());
}

void TestCliInputs::withoutRights() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("locked.png");
    const QString inner = folder.filePath("locked");
    QVERIFY(QFile::copy(sampleImages().first(), file));
    QVERIFY(QDir().mkdir(inner));
    QVERIFY(QFile::setPermissions(file, {}));
    QVERIFY(QFile::setPermissions(inner, {}));
    const QString good = sampleImages().first();
    RunOptions options;
    options.inChild = dropRootsFileRights;
    const Run run = runSignet({"check", "--json", file, inner, good}, options);
    QFile::setPermissions(inner, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QCOMPARE(run.status, 1);
    QVERIFY(run.allJson());
    QCOMPARE(errorCode(recordOf(run, file)), QString("no_permission"));
    QVERIFY2(!errorCode(recordOf(run, inner)).isEmpty(), run.out);
    QVERIFY(!recordOf(run, good).value("findings").toArray().isEmpty());
}

void TestCliInputs::fileThatVanishes() {
    const QTemporaryDir folder;
    for (int i = 0; i < kManyFiles; ++i)
        QVERIFY(QFile::copy(sampleImages().first(),
                            folder.filePath(QString("%1.png").arg(i, 3, 10, QChar('0')))));
    const QString last = folder.filePath("zz.png");
    QVERIFY(QFile::copy(sampleImages().first(), last));
    RunOptions options;
    options.onFirstOutput = [&](QProcess&) { QFile::remove(last); };
    const Run run = runSignet({"check", "--json", folder.path()}, options);
    QCOMPARE(run.status, 1);
    QCOMPARE(run.records().size(), kManyFiles + 1);
    QCOMPARE(errorCode(recordOf(run, last)), QString("not_found"));
}

void TestCliInputs::interruptedCheckKeepsWhatIsDone() {
    QStringList arguments{"check", "--json"};
    for (int i = 0; i < 20 * kManyFiles; ++i) arguments.append(sampleImages().first());
    RunOptions options;
    options.onFirstOutput = [](QProcess& process) {
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    };
    const Run run = runSignet(arguments, options);
    QCOMPARE(run.status, 130);
    QVERIFY(run.allJson());
    QVERIFY(!run.records().isEmpty());
    QVERIFY(run.records().size() < qsizetype{20} * kManyFiles);
    for (const QJsonObject& record : run.records()) QVERIFY2(errorCode(record).isEmpty(), run.out);
}

void TestCliInputs::hostileFiles() {
    const QString folder = sharedData() + "/hostile";
    if (sharedData().isEmpty() || !QDir(folder).exists()) QSKIP("../shared/data/hostile is not here");
    const QMap<QString, QByteArray> before = hashesUnder(folder);
    QStringList arguments{"check", "--json"};
    arguments += before.keys();
    RunOptions options;
    options.timeoutMs = 1'500'000;
    const Run run = runSignet(arguments, options);
    QVERIFY2(run.status == 1, "status " + QByteArray::number(run.status) + "\n" + run.err.right(2000));
    QVERIFY(run.allJson());
    const QList<QJsonObject> records = run.records();
    QCOMPARE(records.size(), before.size());
    int examined = 0;
    for (const QJsonObject& record : records) {
        const QByteArray path = record.value("path").toString().toUtf8();
        if (errorCode(record).isEmpty()) {
            ++examined;
            QVERIFY2(!record.value("findings").toArray().isEmpty(), path);
        } else {
            QVERIFY2(errorCode(record) != "internal", path);
        }
    }
    QVERIFY2(examined > 0, "not one hostile file could be examined");
    QCOMPARE(hashesUnder(folder), before);
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const double peakMiB = static_cast<double>(usage.ru_maxrss) / 1024;
    QVERIFY2(peakMiB < kMemoryLimitMiB, QByteArray::number(peakMiB));
    qInfo("%d of %lld examined, the others refused; peak memory of a run %.0f MiB", examined,
          static_cast<long long>(records.size()), peakMiB);
}

SIGNET_TEST(TestCliInputs)
#include "test_cli_inputs.moc"
