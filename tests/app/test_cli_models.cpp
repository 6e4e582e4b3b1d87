// signet model, and what becomes of weights that are not what the manifest says.
#include <QCryptographicHash>
#include <QDir>
#include <QTemporaryDir>

#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void listShowVerify();
    void cardIsWritten();
    void damagedWeights_data();
    void damagedWeights();
    void optionsOfAnotherKindAreRefused_data();
    void optionsOfAnotherKindAreRefused();

private:
    QString m_model;
};

namespace {

enum class Damage { OneBit, Truncated, Missing, HeaderLongerThanFile };

bool writeAll(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray sha256(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

}  // namespace

Q_DECLARE_METATYPE(Damage)

void TestCliModels::initTestCase() {
    const QStringList models = defaultModels();
    if (models.isEmpty()) QSKIP("no validated model is in models/");
    m_model = models.first();
}

void TestCliModels::listShowVerify() {
    const Run list = runSignet({"model", "list", "--json"});
    QCOMPARE(list.status, 0);
    QVERIFY(list.allJson());
    for (const QJsonObject& record : list.records())
        for (const char* key :
             {"name", "kind", "arch", "sha256", "parameters", "validated", "bits", "resolution"})
            QVERIFY2(record.contains(key), key);

    const Run show = runSignet({"model", "show", m_model, "--json"});
    QCOMPARE(show.status, 0);
    const QJsonObject record = show.records().value(0);
    QVERIFY(!record.value("card").toString().isEmpty());
    QVERIFY(record.value("calibration").toObject().value("photographs").toInt() > 0);
    const QByteArray weights = contents(sourceFolder() + "/models/" + m_model + "/weights.safetensors");
    QCOMPARE(record.value("sha256").toString().toUtf8(), sha256(weights));

    const Run verify = runSignet({"model", "verify", "--json"});
    QCOMPARE(verify.status, 0);
    QCOMPARE(verify.records().size(), list.records().size());
}

/// The card that ships is the one the command writes.
void TestCliModels::cardIsWritten() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("card.md");
    const Run run = runSignet({"model", "card", m_model, "-o", path, "--json"});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.records().value(0).value("output").toString(), path);
    const QByteArray shipped = contents(sourceFolder() + "/models/" + m_model + "/card.md");
    QCOMPARE(contents(path), shipped);
    QCOMPARE(runSignet({"model", "card", m_model, "-o", path}).status, 3);  // it is there already
    QCOMPARE(runSignet({"model", "card", m_model, "-o", path, "--force"}).status, 0);
    QCOMPARE(runSignet({"model", "card", m_model}).out, shipped);
}

void TestCliModels::damagedWeights_data() {
    QTest::addColumn<Damage>("damage");
    QTest::newRow("one bit altered") << Damage::OneBit;
    QTest::newRow("truncated") << Damage::Truncated;
    QTest::newRow("missing") << Damage::Missing;
    QTest::newRow("header longer than the file, hash adjusted") << Damage::HeaderLongerThanFile;
}

void TestCliModels::damagedWeights() {
    QFETCH(Damage, damage);
    const QTemporaryDir data;
    const QString folder = data.filePath("models/" + m_model);
    QVERIFY(copyFolder(sourceFolder() + "/models/" + m_model, folder));
    QVERIFY(QDir().mkpath(data.filePath("resources")));
    const QString path = folder + "/weights.safetensors";
    QByteArray weights = contents(path);
    const QByteArray recorded = sha256(weights);
    switch (damage) {
        case Damage::OneBit:
            weights[weights.size() - 3] = static_cast<char>(weights[weights.size() - 3] ^ 4);
            break;
        case Damage::Truncated:
            weights.chop(weights.size() / 2);
            break;
        case Damage::Missing:
            QVERIFY(QFile::remove(path));
            break;
        case Damage::HeaderLongerThanFile:
            weights[5] = 1;
            break;  // little-endian u64: 2^40 more bytes
    }
    if (damage != Damage::Missing) QVERIFY(writeAll(path, weights));
    if (damage == Damage::HeaderLongerThanFile) {
        const QString manifest = folder + "/manifest.json";
        QByteArray text = contents(manifest);
        QVERIFY(text.contains(recorded));
        QVERIFY(writeAll(manifest, text.replace(recorded, sha256(weights))));
    }
    RunOptions options;
    options.environment = {{"SIGNET_DATA_DIR", data.path()}, {"XDG_DATA_HOME", data.filePath("empty")}};
    const Run check = runSignet({"check", "--json", "-m", m_model, sampleImages().first()}, options);
    QVERIFY2(check.status == 3, QByteArray::number(check.status) + check.err);
    QVERIFY(check.out.isEmpty());
    QVERIFY2(check.err.contains("weight"), check.err);
    if (damage == Damage::HeaderLongerThanFile) return;  // its hash is right: verify has nothing to say

    const Run verify = runSignet({"model", "verify", "--json"}, options);
    QCOMPARE(verify.status, 1);
    const QJsonObject record = verify.records().value(0);
    QCOMPARE(record.value("name").toString(), m_model);
    QVERIFY(!record.value("verified").toBool(true));
    QCOMPARE(record.value("error").toObject().value("code").toString(),
             QString(damage == Damage::Missing ? "not_found" : "hash_mismatch"));
}

void TestCliModels::optionsOfAnotherKindAreRefused_data() {
    QTest::addColumn<bool>("draws");
    QTest::addColumn<QStringList>("options");
    for (const QStringList& options :
         {QStringList{"--grid", "1"}, QStringList{"--plain"}, QStringList{"--calibrate"},
          QStringList{"--made", "2"}, QStringList{"--white-box"}, QStringList{"--eps", "4"}})
        QTest::addRow("%s of a generator", qPrintable(options.first())) << true << options;
    for (const QStringList& options : {QStringList{"--signature", "any"}, QStringList{"--code", "ff"}})
        QTest::addRow("%s of a signature", qPrintable(options.first())) << false << options;
}

/// Of signet evaluate, whose models are of two sorts: before any weights are read.
void TestCliModels::optionsOfAnotherKindAreRefused() {
    QFETCH(bool, draws);
    QFETCH(QStringList, options);
    const QByteArray generator =
        R"({"name":"made","kind":"generator","arch":"stylegan2","weights_sha256":"00","latent":8,
            "parameters":1,"resolution":16,"validated":false,"options":{}})";
    const QTemporaryDir folder;
    QVERIFY(writeAll(folder.filePath("manifest.json"), generator));
    const Run run = runSignet(QStringList{"evaluate", draws ? folder.path() : m_model} + options);
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains((options.first() + " is not for a model of kind").toUtf8()), run.err);
}

SIGNET_TEST(TestCliModels)
#include "test_cli_models.moc"
