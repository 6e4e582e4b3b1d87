// signet fingerprint and signet generate, as a user has them: a model is trained, instances are issued, drawn
// with, looked for and revoked; wrong use is answered in a sentence.
#include <QCryptographicHash>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QtTest>
#include <random>
#include <thread>
#include <vector>

#include "core/base/random.h"
#include "tests/support/cli_process.h"
#include "tests/support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet::test;

namespace {

class TestCliFingerprint : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A model that has learnt next to nothing: what it draws is not recognised, but all else is as with one
    /// that has.
    void initTestCase() {
        QStringList arguments{"train", "fingerprint-cats", "--max-steps", "1",
                              "--run", path("run"),        "--json"};
        for (const char* set :
             {"side=8", "bits=64", "latent=8", "style=8", "featureBase=64", "featureMost=8", "decoderBase=64",
              "decoderMost=8", "batch=2", "validationImages=8", "bf16=false"})
            arguments << "--set" << set;
        const QStringList samples = sampleImages();
        QVERIFY(QDir().mkpath(path("pictures")));
        for (const QString& file : samples) QFile::copy(file, path("pictures/" + QFileInfo(file).fileName()));
        const Run run = runSignet(arguments << "--set"
                                            << "data=" + path("pictures"));
        QVERIFY2(run.status == 0, run.err);
        m_model = path("run/model");
    }

    void issuedDrawnLookedForAndRevoked() {
        const auto common = [&](QStringList arguments) {
            return arguments << "--workspace" << path("w") << "--json";
        };
        const Run north = runSignet(common({"fingerprint", "issue", "-m", m_model, "--holder", "Studio Nörd",
                                            "-o", path("north"), "--actor", "Ada"}));
        QVERIFY2(north.status == 0, north.err);
        const QJsonObject issued = north.records().first();
        QCOMPARE(issued["holder"].toString(), QString("Studio Nörd"));
        QCOMPARE(issued["code"].toString().size(), 16);
        QVERIFY(!contents(path("north/manifest.json")).contains(issued["code"].toString().toUtf8()));
        QVERIFY(contents(path("north/LICENCE.txt")).contains("Studio"));
        // The same folder again: refused, nothing registered.
        const Run again =
            runSignet(common({"fingerprint", "issue", "-m", m_model, "--holder", "x", "-o", path("north")}));
        QCOMPARE(again.status, 3);
        QCOMPARE(runSignet(common({"fingerprint", "registry", "list"})).records().size(), 1);

        const Run drawn =
            runSignet(common({"generate", path("north"), "-n", "3", "--seed", "5", "-o", path("drawn")}));
        QVERIFY2(drawn.status == 0, drawn.err);
        QCOMPARE(drawn.records().size(), 3);
        QCOMPARE(drawn.records().first()["seed"].toInt(), 5);
        // The model draws the same with that code.
        QVERIFY(runSignet(common({"generate", m_model, "--code", issued["code"].toString(), "-n", "3",
                                  "--seed", "5", "-o", path("same")}))
                    .status == 0);
        QCOMPARE(contents(path("same/5-000002.png")), contents(path("drawn/5-000002.png")));
        QCOMPARE(runSignet(common({"generate", path("north"), "-n", "1", "--seed", "5", "-o", path("drawn")}))
                     .status,
                 3);

        const Run found = runSignet(common({"fingerprint", "identify", "-m", m_model, path("drawn"),
                                            path("pictures"), path("nowhere.png")}));
        QCOMPARE(found.status, 1);  // one that is not there
        QVERIFY(found.allJson());
        const QJsonObject one = recordOf(found, path("drawn/5-000000.png"));
        QCOMPARE(one["best"].toObject()["n"].toInt(), 64);
        QCOMPARE(one["database_size"].toInt(), 1);
        QVERIFY(!one["resized"].toBool());
        QVERIFY(!one["accepted"].toBool());
        QCOMPARE(errorCode(recordOf(found, path("nowhere.png"))), QString("not_found"));

        QVERIFY(
            runSignet(common({"fingerprint", "registry", "revoke", "1", "--reason", "handed on"})).status ==
            0);
        const QJsonObject listed = runSignet(common({"fingerprint", "registry", "list"})).records().first();
        QCOMPARE(listed["status"].toString(), QString("revoked"));
        QCOMPARE(listed["reason"].toString(), QString("handed on"));
        QVERIFY(runSignet(common({"fingerprint", "registry", "export", "-o", path("out.csv")})).status == 0);
        const QString other = path("other.db");
        const Run imported =
            runSignet(common({"fingerprint", "registry", "import", path("out.csv"), "--registry", other}));
        QCOMPARE(imported.records().last()["imported"].toInt(), 1);
        QVERIFY(runSignet(common({"fingerprint", "registry", "verify", "--registry", other})).status == 0);
    }

    /// In check and in a case a decoder is one more line of evidence: its own p-value, the instance and
    /// whose.
    void whatADecoderReadsIsEvidence() {
        const QString picture = sampleImages().first(), registry = path("evidence.db");
        const auto check = [&](const QString& of) {
            const Run run = runSignet({"check", "-m", m_model, "--registry", of, picture, "--json"});
            return run.records().first()["findings"].toArray().first().toObject();
        };
        // Registered is the code that is read off a picture.
        QVERIFY(runSignet({"fingerprint", "issue", "-m", m_model, "--holder", "South", "-o", path("south"),
                           "--registry", registry})
                    .status == 0);
        QJsonObject finding = check(registry);
        QCOMPARE(finding["signed"].toBool(true), false);
        QCOMPARE(finding["presence"].toString(), QString("no instance found"));
        QVERIFY(finding["code"].isNull());
        QVERIFY(finding["p_value"].toObject()["value"].toDouble() > 1e-3);
        const Run read =
            runSignet({"fingerprint", "identify", "-m", m_model, picture, "--registry", registry, "--json"});
        const QJsonObject model = runSignet({"model", "show", m_model, "--json"}).records().first();
        QFile csv(path("read.csv"));
        QVERIFY(csv.open(QIODevice::WriteOnly));
        csv.write("code,bits,model,model_sha256,holder,generator_sha256,issued_utc,status,notes\n" +
                  (read.records().first()["decoded"].toString() + ",64,cats," + model["sha256"].toString() +
                   ",Nörd & Co,,2026-11-29T10:00:00.000Z,active,\n")
                      .toUtf8());
        csv.close();
        QCOMPARE(
            runSignet({"fingerprint", "registry", "import", csv.fileName(), "--registry", registry}).status,
            0);
        finding = check(registry);
        QCOMPARE(finding["signed"].toBool(), true);
        QCOMPARE(finding["presence"].toString(), QString("instance found"));
        QJsonObject match = finding["match"].toObject();
        QCOMPARE(match["holder"].toString(), QString("Nörd & Co"));
        QCOMPARE(match["instance"].toInt(), 2);
        QCOMPARE(match["matched"].toInt(), 64);
        QCOMPARE(match["database_size"].toInt(), 2);
        QCOMPARE(match["revoked"].toBool(true), false);
        QVERIFY(std::abs(std::log10(finding["p_value"].toObject()["value"].toDouble()) -
                         (std::log10(2.0) - 64 * std::log10(2.0))) < 1e-6);
        const QByteArray said = runSignet({"check", "-m", m_model, "--registry", registry, picture}).out;
        QVERIFY2(said.contains("instance 2") && said.contains("Nörd & Co"), said);
        QVERIFY(runSignet({"fingerprint", "registry", "revoke", "2", "--reason", "x", "--registry", registry})
                    .status == 0);
        QCOMPARE(check(registry)["match"].toObject()["revoked"].toBool(), true);

        // In a case the codes registered for signatures have no part in it.
        const QString location = path("case");
        QVERIFY(runSignet({"case", "new", location, "--title", "t", "--examiner", "Ada", "-q"}).status == 0);
        QVERIFY(runSignet({"case", "add", location, picture, "-q"}).status == 0);
        const Run examined =
            runSignet({"case", "examine", location, "-m", m_model, "--registry", registry, "--json"});
        QVERIFY2(examined.status == 0, examined.err);
        match = examined.records().first()["findings"].toArray().first().toObject()["match"].toObject();
        QCOMPARE(match["instance"].toInt(), 2);
        QCOMPARE(match["revoked"].toBool(), true);

        // Where none is registered, and by default, nothing is said.
        finding = runSignet({"check", "-m", m_model, "--workspace", path("none"), picture, "--json"})
                      .records()
                      .first()["findings"]
                      .toArray()
                      .first()
                      .toObject();
        QVERIFY(finding["match"].isNull() && finding["p_value"].isNull());
        QCOMPARE(finding["signed"].toBool(true), false);
        QCOMPARE(runSignet({"check", "-m", m_model, "--registry", path("nowhere.db"), picture}).status, 3);
    }

    void evaluated() {
        const QString copy = path("copy");
        QVERIFY(QProcess::execute("cp", {"-r", m_model, copy}) == 0);
        const Run run = runSignet({"fingerprint", "evaluate", "-m", copy, "-n", "20", path("pictures"),
                                   path("nowhere.png"), "--keep", "--json"});
        QCOMPARE(run.status, 1);  // one that is not there
        QJsonObject record;
        for (const QJsonObject& one : run.records())
            if (one.contains("read_back")) record = one;
        QCOMPARE(record["read_back"].toObject()["pictures"].toInt(), 20);
        QCOMPARE(record["null"].toObject()["images"].toInt(), sampleImages().size());
        const Run card = runSignet({"model", "card", copy});
        QCOMPARE(card.status, 0);
        QVERIFY2(card.out.contains("20 pictures of as many latents"), card.out);
        QCOMPARE(runSignet({"model", "card", m_model}).status, 3);
    }

    /// The README's minute with the model that ships: whose each picture is, and that photographs are
    /// nobody's. Codes are random, and now and then a picture is not clear enough to be named.
    void theShippedModelKnowsItsInstances() {
        const auto shipped = [&](const QStringList& arguments) {
            return runSignet(arguments +
                             QStringList{"--workspace", path("minute"), "--threads", "1", "--json"});
        };
        const QStringList holders{"north", "south"};
        for (const QString& holder : holders) {
            const Run issued = shipped({"fingerprint", "issue", "-m", "fingerprint-cats", "--holder", holder,
                                        "-o", path("of " + holder)});
            QVERIFY2(issued.status == 0, issued.err);
            QVERIFY(shipped({"generate", path("of " + holder), "-n", "6", "-o", path("cats of " + holder)})
                        .status == 0);
        }
        const Run found = shipped({"fingerprint", "identify", "-m", "fingerprint-cats", path("cats of north"),
                                   path("cats of south"), path("pictures")});
        QVERIFY2(found.status == 0, found.err);
        int named = 0;
        for (const QJsonObject& record : found.records()) {
            if (!record["accepted"].toBool()) continue;
            const QString holder = record["best"].toObject()["holder"].toString();
            QVERIFY2(record["path"].toString().contains("cats of " + holder),
                     qPrintable(record["path"].toString() + " as " + holder));
            ++named;
        }
        QVERIFY2(named >= 9, qPrintable(QString::number(named)));
    }

    /// Several processes, whose first make the registry.
    void manyIssueAtOnce() {
        std::vector<Run> runs(5);
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < runs.size(); ++i)
                threads.emplace_back([&, i] {
                    runs[i] = runSignet({"fingerprint", "issue", "-m", m_model, "--holder", "x", "-o",
                                         path("many/" + QString::number(i)), "--registry", path("many.db")});
                });
        }
        for (const Run& run : runs) QVERIFY2(run.status == 0, run.err);
        const Run listed =
            runSignet({"fingerprint", "registry", "list", "--registry", path("many.db"), "--json"});
        QCOMPARE(listed.records().size(), static_cast<qsizetype>(runs.size()));
        QCOMPARE(runSignet({"fingerprint", "registry", "verify", "--registry", path("many.db")}).status, 0);
    }

    /// Whenever it is killed: what is registered is there as a whole.
    void killedAtAnyMoment() {
        StepRandom random{std::random_device{}(), 1, 1};
        int finished = 0;
        for (int i = 0; i < 12; ++i) {
            QProcess process;
            process.start(qEnvironmentVariable("SIGNET_BINARY"),
                          {"fingerprint", "issue", "-m", m_model, "--holder", "x", "-o",
                           path("killed/" + QString::number(i)), "--registry", path("killed.db")});
            QVERIFY(process.waitForStarted());
            if (i > 0 && !process.waitForFinished(random.between(20, 1000))) process.kill();
            process.waitForFinished();
            finished += process.exitStatus() == QProcess::NormalExit;
        }
        const Run listed =
            runSignet({"fingerprint", "registry", "list", "--registry", path("killed.db"), "--json"});
        QCOMPARE(listed.status, 0);
        QVERIFY(listed.records().size() >= finished);
        QSet<QString> whole;
        for (const QFileInfo& folder :
             QDir(path("killed")).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString shown = folder.filePath();
            QVERIFY2(
                runSignet({"generate", shown, "-n", "1", "-o", path("killed-out"), "--force"}).status == 0,
                qPrintable(shown));
            whole.insert(QString::fromLatin1(
                QCryptographicHash::hash(contents(shown + "/weights.safetensors"), QCryptographicHash::Sha256)
                    .toHex()));
        }
        for (const QJsonObject& instance : listed.records())
            QVERIFY(whole.contains(instance["generator_sha256"].toString()));
        QCOMPARE(runSignet({"fingerprint", "registry", "verify", "--registry", path("killed.db")}).status, 0);
    }

    void wrongUse_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no verb") << QStringList{"fingerprint"} << 2 << QByteArray("subcommand");
        QTest::newRow("a verb of the group within")
            << QStringList{"fingerprint", "import"} << 2
            << QByteArray("signet fingerprint has no subcommand \"import\"");
        QTest::newRow("no holder") << QStringList{"fingerprint", "issue", "-m", "MODEL", "-o", "x"} << 2
                                   << QByteArray("--holder");
        QTest::newRow("a model of another kind")
            << QStringList{"fingerprint", "issue", "-m", "photo-keyed32", "--holder", "x", "-o", "OUT"} << 2
            << QByteArray("fingerprints");
        QTest::newRow("no such model")
            << QStringList{"fingerprint", "issue", "-m", "nothing", "--holder", "x", "-o", "OUT"} << 3
            << QByteArray("nothing");
        QTest::newRow("no registry") << QStringList{"fingerprint", "registry", "list"} << 3
                                     << QByteArray("no registry");
        QTest::newRow("no code") << QStringList{"generate", "MODEL", "-o", "OUT"} << 2
                                 << QByteArray("--code");
        QTest::newRow("code of another length")
            << QStringList{"generate", "MODEL", "--code", "11112222333344445", "-o", "OUT"} << 2
            << QByteArray("64");
        QTest::newRow("draws nothing")
            << QStringList{"generate", "photo-keyed32", "-o", "OUT"} << 2 << QByteArray("draws no pictures");
        QTest::newRow("truncation") << QStringList{"generate", "MODEL", "--truncation", "2", "-o", "OUT"} << 2
                                    << QByteArray("truncation");
    }
    void wrongUse() {
        QFETCH(QStringList, arguments);
        QFETCH(const int, status);
        QFETCH(const QByteArray, said);
        arguments.replaceInStrings("MODEL", m_model).replaceInStrings("OUT", path("never"));
        const Run run = runSignet(arguments << "--workspace" << path("none"));
        QCOMPARE(run.status, status);
        QVERIFY2((run.err + run.out).contains(said), run.err + run.out);
    }

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    QString m_model;
};

}  // namespace

SIGNET_TEST(TestCliFingerprint)
#include "test_cli_fingerprint.moc"
