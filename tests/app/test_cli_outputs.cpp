// What signet sign and check --heatmap write, and what they leave alone: existing files, inputs, full disks.
#include <signal.h>

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliOutputs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void signedFileReadsBack_data();
    void signedFileReadsBack();
    void existingOutputIsRefused();
    void inputIsNeverTheOutput();
    void equalNamesAreRefused();
    void reservedAndOversizedCodes_data();
    void reservedAndOversizedCodes();
    void folderWithoutRights();
    void fullDisk();
    void interruptedSignLeavesWholeFiles();
    void mapIsWritten();

private:
    QString m_model;  ///< one that signs
};

namespace {

constexpr const char* kCodeModel = "photo-code32";

}  // namespace

void TestCliOutputs::initTestCase() {
    const QStringList models = defaultModels();
    if (models.isEmpty()) QSKIP("no validated model is in models/");
    m_model = models.contains(kCodeModel) ? kCodeModel : models.first();
}

void TestCliOutputs::signedFileReadsBack_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("png") << "out.png";
    QTest::newRow("jpeg") << "out.jpg";
    QTest::newRow("webp") << "out.webp";
    QTest::newRow("tiff") << "out.tiff";
}

void TestCliOutputs::signedFileReadsBack() {
    QFETCH(QString, name);
    const QTemporaryDir folder;
    const QString output = folder.filePath(name);
    const QString input = sampleImages().first();
    const QByteArray before = contents(input);
    const Run run = runSignet({"sign", "--json", "-m", m_model, "--code", "1", "-o", output, input});
    QVERIFY2(run.status == 0, run.out + run.err);
    const QJsonObject record = run.records().value(0);
    for (const char* key : {"path", "output", "sha256_in", "sha256_out", "model", "code", "psnr_db", "ssim",
                            "visible", "verified", "already_signed"})
        QVERIFY2(record.contains(key), key);
    QVERIFY(record.value("verified").toBool());
    QVERIFY(!record.value("already_signed").toBool());
    QCOMPARE(contents(input), before);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{name});

    const Run check = runSignet({"check", "--json", "-m", m_model, output});
    QCOMPARE(check.status, 0);
    const QJsonObject finding = check.records().value(0).value("findings").toArray().at(0).toObject();
    QVERIFY(finding.value("signed").toBool());
    QCOMPARE(check.records().value(0).value("sha256"), record.value("sha256_out"));
}

void TestCliOutputs::existingOutputIsRefused() {
    const QTemporaryDir folder;
    const QString output = folder.filePath("out.png");
    QFile file(output);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
    file.close();
    const QStringList arguments{"sign", "--json", "-m", m_model, "-o", output, sampleImages().first()};
    const Run refused = runSignet(arguments);
    QCOMPARE(refused.status, 1);
    QCOMPARE(errorCode(refused.records().value(0)), QString("exists"));
    QCOMPARE(contents(output), QByteArray("mine"));
    const Run forced = runSignet(arguments + QStringList{"--force"});
    QVERIFY2(forced.status == 0, forced.out + forced.err);
    QVERIFY(contents(output).startsWith("\x89PNG"));
}

void TestCliOutputs::inputIsNeverTheOutput() {
    const QTemporaryDir folder;
    const QString input = folder.filePath("a.png");
    QVERIFY(QFile::copy(sampleImages().first(), input));
    const QByteArray before = contents(input);
    for (const QString& out : {input, folder.path()}) {
        const Run run = runSignet({"sign", "--json", "-m", m_model, "--force", "-o", out, input});
        QCOMPARE(run.status, 1);
        QCOMPARE(errorCode(run.records().value(0)), QString("exists"));
        QCOMPARE(contents(input), before);
    }
}

void TestCliOutputs::equalNamesAreRefused() {
    const QTemporaryDir folder;
    QStringList inputs;
    for (const char* sub : {"a", "b"}) {
        QVERIFY(QDir(folder.path()).mkdir(sub));
        inputs.append(folder.filePath(QString(sub) + "/same.png"));
        QVERIFY(QFile::copy(sampleImages().first(), inputs.last()));
    }
    const Run run = runSignet(
        QStringList{"sign", "--json", "-m", m_model, "--force", "-o", folder.filePath("out")} + inputs);
    QCOMPARE(run.status, 1);
    QCOMPARE(run.records().size(), 2);
    QVERIFY(errorCode(run.records().at(0)).isEmpty());
    QCOMPARE(errorCode(run.records().at(1)), QString("exists"));
}

void TestCliOutputs::reservedAndOversizedCodes_data() {
    QTest::addColumn<QString>("code");
    QTest::newRow("zero is for images without a signature") << "0";
    QTest::newRow("more bits than the model has") << "1ffffffff";
    QTest::newRow("not hexadecimal") << "xyz";
}

void TestCliOutputs::reservedAndOversizedCodes() {
    QFETCH(QString, code);
    const QTemporaryDir folder;
    const Run run = runSignet({"sign", "--json", "-m", m_model, "--code", code, "-o",
                               folder.filePath("out.png"), sampleImages().first()});
    QCOMPARE(run.status, 2);
    QVERIFY(run.out.isEmpty());
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestCliOutputs::folderWithoutRights() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("readonly");
    QVERIFY(QDir().mkdir(out));
    QVERIFY(QFile::setPermissions(out, QFile::ReadOwner | QFile::ExeOwner));
    RunOptions options;
    options.inChild = dropRootsFileRights;
    const Run run = runSignet({"sign", "--json", "-m", m_model, "-o", out, sampleImages().first()}, options);
    QFile::setPermissions(out, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QCOMPARE(run.status, 1);
    QCOMPARE(errorCode(run.records().value(0)), QString("no_permission"));
    QVERIFY(QDir(out).isEmpty());
}

void TestCliOutputs::fullDisk() {
    const QTemporaryDir folder;
    RunOptions options;
    options.inChild = mountSmallDisk(folder.path(), 64 * 1024);
    const Run run = runSignet(
        {"sign", "--json", "-m", m_model, "--format", "png", "-o", folder.path(), sampleImages().first()},
        options);
    if (run.status == kNoMount) QSKIP("no small disk can be mounted here");
    QCOMPARE(run.status, 1);
    QCOMPARE(errorCode(run.records().value(0)), QString("disk_full"));
}

void TestCliOutputs::interruptedSignLeavesWholeFiles() {
    const QTemporaryDir folder;
    const QString in = folder.filePath("in");
    const QString out = folder.filePath("out");
    QVERIFY(QDir().mkdir(in));
    constexpr int kFiles = 200;
    for (int i = 0; i < kFiles; ++i)
        QVERIFY(QFile::copy(sampleImages().first(), QString("%1/%2.png").arg(in).arg(i)));
    RunOptions options;
    options.onFirstOutput = [](QProcess& process) {
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    };
    const Run run = runSignet({"sign", "--json", "-m", m_model, "-o", out, in}, options);
    QCOMPARE(run.status, 130);
    QVERIFY(run.allJson());
    QVERIFY(run.records().size() < kFiles);
    QStringList recorded;
    for (const QJsonObject& record : run.records())
        recorded.append(QFileInfo(record.value("output").toString()).fileName());
    recorded.sort();
    const QStringList written =
        QDir(out).entryList(QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    QCOMPARE(written, recorded);
}

void TestCliOutputs::mapIsWritten() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("deep/maps");
    const Run run = runSignet({"check", "--json", "-m", m_model, "--heatmap", out, sampleImages().first()});
    QCOMPARE(run.status, 0);
    const QStringList maps = QDir(out).entryList(QDir::Files);
    QCOMPARE(maps.size(), 1);
    QVERIFY(contents(QDir(out).filePath(maps.first())).startsWith("\x89PNG"));
}

SIGNET_TEST(TestCliOutputs)
#include "test_cli_outputs.moc"
