// signet train as scripts use it: records, bad options, Ctrl-C, kill -9 at any moment, a full disk,
// TensorBoard.
#include <signal.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <algorithm>

#include "core/base/file_io.h"
#include "core/image/encode.h"
#include "support/cli_process.h"
#include "tests/core/image_builders.h"
#include "tests/support/soak.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliTrain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void recordsAndResume();
    void badOptions_data();
    void badOptions();
    void presetsNeedAFolder_data();
    void presetsNeedAFolder();
    void interruptKeepsACheckpoint();
    void killedAtAnyMoment();
    void diskFullAtACheckpoint();
    void tensorBoardReadsIt();
    void classifierOfTwoFolders();
    void removerIsEvaluated();
    void modelsOfTheWorkspaceAreFound();
    void attackersAreRefused_data();
    void attackersAreRefused();

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    /// signet train with the smallest network there may be.
    QStringList train(const QString& run, const QStringList& more = {}) const;

    QTemporaryDir m_folder;
};

namespace {

constexpr int kKilledTrainings = 200;  ///< of a soak
constexpr int kLongestLifeMs = 1200;

QJsonObject runRecord(const QString& run) {
    return QJsonDocument::fromJson(contents(run + "/run.json")).object();
}

}  // namespace

QStringList TestCliTrain::train(const QString& run, const QStringList& more) const {
    return QStringList{"train", path("smallest.json"), "--run", path(run)} + more;
}

void TestCliTrain::initTestCase() {
    QVERIFY(QDir().mkpath(path("photos")));
    for (unsigned i = 0; i < 24; ++i)
        signet::writeFileAtomically(
            path(QStringLiteral("photos/%1.png").arg(i)).toStdString(),
            signet::image::encode(signet::tests::makePicture(60, 50, 3, 8, i + 1), {}),
            signet::IfExists::Refuse);
    QFile file(path("smallest.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QStringLiteral(R"({"name":"smallest","data":"%1","steps":100000,"batch":2,"bf16":false,
        "network":{"bits":1,"workSide":32,"injectorWidths":[8,8,8],"detectorWidths":[8,8,8]},
        "logEvery":1,"checkpointEvery":1,"validateEvery":7,"validationImages":1,"sampleEvery":11})")
                   .arg(path("photos"))
                   .toUtf8());
}

void TestCliTrain::recordsAndResume() {
    const Run first =
        runSignet(train("records", {"--max-steps", "3", "--json", "--name", "Alpha", "--note", "the first"}));
    QCOMPARE(first.status, 0);
    QVERIFY(first.allJson());
    int steps = 0;
    for (const QJsonObject& record : first.records()) {
        if (!record.contains("lr")) continue;
        QCOMPARE(record["step"].toInt(), ++steps);
        for (const char* key : {"images", "process_s", "loss_presence", "images_per_s", "eta_s", "eta_low_s",
                                "eta_high_s", "data_wait_share", "memory_mib"})
            QVERIFY2(record[QLatin1String(key)].isDouble(), key);
    }
    QCOMPARE(steps, 3);
    QCOMPARE(runRecord(path("records"))["state"].toString(), QStringLiteral("stopped"));
    QVERIFY(QFile::exists(path("records/model/weights.safetensors")));
    QCOMPARE(runSignet(train("records")).status, 3);  // there is a run already
    const Run again = runSignet(
        {"train", "--run", path("records"), "--resume", "--max-steps", "2", "--json", "--note", "two more"});
    QCOMPARE(again.status, 0);
    QCOMPARE(runRecord(path("records"))["step"].toInt(), 5);
    QFile notes(path("records/notes.json"));
    QVERIFY(notes.open(QIODevice::ReadOnly));
    const QJsonObject said = QJsonDocument::fromJson(notes.readAll()).object();
    QCOMPARE(said["name"].toString(), QStringLiteral("Alpha"));
    QCOMPARE(said["note"].toString(), QStringLiteral("two more"));
    const Run probe = runSignet(train("nothing", {"--probe", "--json"}));
    QCOMPARE(probe.status, 0);
    QVERIFY(probe.records().at(0)["seconds_per_step"].toDouble() > 0);
    QVERIFY(!QFile::exists(path("nothing")));
}

void TestCliTrain::badOptions_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("said");
    QTest::newRow("unknown key") << QStringList{"--set", "bacth=4"} << "did you mean \"batch\"";
    QTest::newRow("out of range") << QStringList{"--set", "batch=1"} << "2..4096 images";
    QTest::newRow("network") << QStringList{"--set", "network.bits=0"}
                             << "network.bits is 0; it lies in 1..256 bits";
    QTest::newRow("no number") << QStringList{"--set", "steps=many"} << "steps";
}
void TestCliTrain::badOptions() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, said);
    const Run run = runSignet(train("bad", arguments));
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains(said.toUtf8()), run.err);
    QVERIFY(!QFile::exists(path("bad")));
    QCOMPARE(runSignet({"train", "--run", path("bad")}).status, 2);
}

void TestCliTrain::presetsNeedAFolder_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("said");
    QTest::newRow("signature") << QStringList{"presence"} << "--set data=FOLDER";
    QTest::newRow("classifier") << QStringList{"classifier"} << "--set class0=FOLDER";
    QTest::newRow("remover") << QStringList{"remover"} << "--set data=FOLDER";
    QTest::newRow("one of two") << QStringList{"classifier", path("photos")} << "--set class1=FOLDER";
    QTest::newRow("only tried") << QStringList{"presence", "--probe"} << "--set data=FOLDER";
}
void TestCliTrain::presetsNeedAFolder() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, said);
    const Run run = runSignet(QStringList{"train"} + arguments + QStringList{"--run", path("without")});
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains(said.toUtf8()), run.err);
    QVERIFY(!QFile::exists(path("without")));
}

void TestCliTrain::interruptKeepsACheckpoint() {
    RunOptions options;
    options.onFirstOutput = [](QProcess& process) { ::kill(pid_t(process.processId()), SIGINT); };
    const Run run = runSignet(train("interrupted"), options);
    QCOMPARE(run.status, 130);
    QVERIFY2(run.out.contains("--resume"), run.out);
    QCOMPARE(runRecord(path("interrupted"))["state"].toString(), QStringLiteral("stopped"));
    QVERIFY(QFile::exists(path("interrupted/checkpoint.safetensors")));
}

/// kill -9 (twenty times; two hundred in a soak), at moments drawn over start, resume, steps, checkpoints,
/// validation and samples: every time the run goes on from its last checkpoint or the one before, and what
/// comes out at the end is what an uninterrupted run makes.
void TestCliTrain::killedAtAnyMoment() {
    QRandomGenerator random(11);
    const int kills = signet::test::repeats(kKilledTrainings);
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(runSignet(train("timed", {"--max-steps", "1"})).status, 0);
    const int longestMs = std::max(kLongestLifeMs, int(2 * clock.elapsed()));  // on a busy machine
    int lastStep = 0;
    int advanced = 0;
    for (int i = 0; i < kills; ++i) {
        QProcess process;
        process.setProgram(qEnvironmentVariable("SIGNET_BINARY"));
        process.setArguments(train("killed", {"--resume", "-q"}));
        process.setStandardOutputFile(QProcess::nullDevice());
        process.start();
        QVERIFY(process.waitForStarted());
        QVERIFY2(!process.waitForFinished(int(random.bounded(longestMs))), process.readAllStandardError());
        process.kill();
        QVERIFY(process.waitForFinished());
        if (!QFile::exists(path("killed/run.json"))) continue;  // killed before it had begun
        const QJsonObject record = runRecord(path("killed"));
        QVERIFY(!record.isEmpty());
        const int step = record["step"].toInt();
        QVERIFY2(step >= lastStep - 1, qPrintable(QStringLiteral("%1 after %2").arg(step).arg(lastStep)));
        advanced += step > lastStep;
        lastStep = step;
    }
    QVERIFY2(advanced > kills / 10, "most were killed before they did a step: the test shows nothing");
    const Run last = runSignet(train("killed", {"--resume", "--max-steps", "1"}));
    QVERIFY2(last.status == 0, last.err);
    const int steps = runRecord(path("killed"))["step"].toInt();
    const Run whole =
        runSignet(train("whole", {"--max-steps", QString::number(steps), "--set", "checkpointEvery=1000"}));
    QVERIFY2(whole.status == 0, whole.err);
    QCOMPARE(contents(path("killed/model/weights.safetensors")),
             contents(path("whole/model/weights.safetensors")));
    const auto curve = [&](const char* run) {
        QList<std::pair<int, double>> points;
        for (const QByteArray& line : contents(path(run) + "/metrics.jsonl").split('\n')) {
            const QJsonObject record = QJsonDocument::fromJson(line).object();
            if (record.contains("loss_presence"))
                points << std::pair(record["step"].toInt(), record["loss_presence"].toDouble());
        }
        return points;
    };
    QCOMPARE(curve("killed"), curve("whole"));
    qInfo("%d kills, %d of them after further steps, %d steps", kills, advanced, steps);
}

void TestCliTrain::diskFullAtACheckpoint() {
    QVERIFY(QDir().mkpath(path("disk")));
    RunOptions options;
    options.inChild = mountSmallDisk(path("disk"), 300'000);
    const Run run = runSignet({"train", path("smallest.json"), "--run", path("disk/run")}, options);
    if (run.status == kNoMount) QSKIP("a small disk cannot be mounted here");
    QCOMPARE(run.status, 3);
    QVERIFY2(run.err.contains("no space left"), run.err);
}

void TestCliTrain::tensorBoardReadsIt() {
    const QString cache = qEnvironmentVariable("XDG_CACHE_HOME", QDir::homePath() + "/.cache");
    const QString python = cache + "/signet/python-torch-2.11.0/bin/python";
    if (!QFile::exists(python)) QSKIP("installer/setup_python has not been run: no TensorBoard here");
    QCOMPARE(runSignet(train("board", {"--max-steps", "6", "--set", "validateEvery=3"})).status, 0);
    QFile::remove(path("board/checkpoint.safetensors"));  // resumes at 5: step 6 is repeated
    QCOMPARE(runSignet(train("board", {"--resume", "--max-steps", "3", "--set", "validateEvery=3"})).status,
             0);
    QProcess process;
    process.start(
        python,
        {"-c",
         "import sys, json\n"
         "from tensorboard.backend.event_processing.event_accumulator import EventAccumulator\n"
         "a = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0}); a.Reload()\n"
         "print(json.dumps({t: [[e.step, e.value] for e in a.Scalars(t)] for t in a.Tags()['scalars']}))",
         path("board")});
    QVERIFY(process.waitForFinished(120'000));
    const QJsonObject read = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QVERIFY2(!read.isEmpty(), process.readAllStandardError());
    QHash<QString, QList<std::pair<int, float>>> written;
    for (const QByteArray& line : contents(path("board/metrics.jsonl")).split('\n')) {
        const QJsonObject record = QJsonDocument::fromJson(line).object();
        for (const QString& key : record.keys()) {
            if (key != QLatin1String("step") && !key.startsWith(QLatin1String("eta_")))
                written[key] << std::pair(record["step"].toInt(), float(record[key].toDouble()));
        }
    }
    QStringList tags = written.keys();
    tags.sort();
    QCOMPARE(read.keys(), tags);  // a QJsonObject's keys are in order
    for (const QString& tag : written.keys()) {
        QList<std::pair<int, float>> points;
        for (const auto& point : read[tag].toArray())
            points << std::pair(point[0].toInt(), float(point[1].toDouble()));
        QCOMPARE(points, written[tag]);
    }
    QCOMPARE(written["loss_presence"].size(), 8);
}

/// A task with two folders of its own: they stand after the preset.
void TestCliTrain::classifierOfTwoFolders() {
    QVERIFY(QDir().mkpath(path("made")));
    for (unsigned i = 0; i < 12; ++i)
        signet::writeFileAtomically(
            path(QStringLiteral("made/%1.png").arg(i)).toStdString(),
            signet::image::encode(signet::tests::makePicture(50, 60, 3, 8, i + 101), {}),
            signet::IfExists::Refuse);
    const auto classifier = [&](const QStringList& folders, const QStringList& more) {
        return runSignet(QStringList{"train", "classifier"} + folders +
                         QStringList{"--set", "width=4", "--set", "side=32", "--set", "batch=4", "--set",
                                     "steps=6", "--set", "logEvery=1", "--set", "validateEvery=3", "--run",
                                     path("classifier"), "--json"} +
                         more);
    };
    const Run tooMany = classifier({path("photos"), path("made"), path("photos")}, {});
    QCOMPARE(tooMany.status, 2);
    QVERIFY2(tooMany.err.contains("2 folders"), tooMany.err);
    const Run first = classifier({path("photos"), path("made")}, {"--max-steps", "4"});
    QVERIFY2(first.status == 0, first.err);
    QVERIFY(first.allJson());
    const Run rest = runSignet({"train", "--run", path("classifier"), "--resume", "--json"});
    QVERIFY2(rest.status == 0, rest.err);
    QVERIFY(rest.records().last()["val_auc"].isDouble());
    const QJsonObject record = runRecord(path("classifier"));
    QCOMPARE(record["state"].toString(), QStringLiteral("finished"));
    QCOMPARE(record["options"].toObject()["task"].toString(), QStringLiteral("classifier"));
    QCOMPARE(record["data"].toObject()["folders"].toArray().size(), 2);
    const QJsonObject manifest =
        QJsonDocument::fromJson(contents(path("classifier/model/manifest.json"))).object();
    QCOMPARE(manifest["kind"].toString(), QStringLiteral("classifier"));
    QCOMPARE(manifest["options"].toObject()["classes"].toArray(), (QJsonArray{"photos", "made"}));
    QCOMPARE(runSignet(train("folders", {path("photos"), path("made")})).status, 2);  // a signature has one
}

/// What takes a signature off is trained on pictures that the program signs, and evaluated against it.
void TestCliTrain::removerIsEvaluated() {
    const Run trained =
        runSignet({"train", "remover", path("photos"), "--set", "side=64", "--set", "widths=[8,8,8]", "--set",
                   "batch=2", "--set", "steps=3", "--set", "logEvery=1", "--run", path("remover"), "--json"});
    QVERIFY2(trained.status == 0, trained.err);
    QVERIFY(trained.records().at(0)["gain_db"].isDouble());
    const auto evaluate = [&](const QString& remover) {
        return runSignet({"evaluate", "photo-keyed32", "--images", path("photos"), "--n", "2", "--remover",
                          remover, "--json"});
    };
    const Run run = evaluate(path("remover/model"));
    QVERIFY2(run.status == 0, run.err);
    QVERIFY(run.allJson());
    QStringList attacks;
    for (const QJsonObject& record : run.records()) {
        attacks << record["attack"].toString();
        QCOMPARE(record["n"].toInt(), 2);
        QCOMPARE(record["removal"].isObject(), attacks.last().startsWith("remover"));
        QVERIFY(record["psnr_db"].toObject()["value"].isDouble());
    }
    QCOMPARE(attacks, (QStringList{"none", "remover", "jpeg:75", "remover+jpeg:75"}));
    const QJsonObject removal = run.records().at(1)["removal"].toObject();
    QCOMPARE(removal["signature"].toString(), QStringLiteral("photo-keyed32"));
    QCOMPARE(removal["keys"].toString(), QStringLiteral("public"));
    QCOMPARE(removal["attacker"].toString(), QStringLiteral("remover"));
    QVERIFY(removal["seconds_per_picture"].toDouble() > 0);
    const Run other = evaluate("photo-keyed32");
    QCOMPARE(other.status, 2);
    QVERIFY2(other.err.contains("removes no signature"), other.err);
    const Run noSigner = runSignet({"train", "remover", path("photos"), "--set",
                                    "model=" + path("remover/model"), "--run", path("from nothing")});
    QCOMPARE(noSigner.status, 2);
    QVERIFY2(noSigner.err.contains("examines no images"), noSigner.err);
}

/// Models that options name are looked for where --workspace says, as by the other commands.
void TestCliTrain::modelsOfTheWorkspaceAreFound() {
    QCOMPARE(runSignet(train("signer", {"--max-steps", "1"})).status, 0);
    QVERIFY(copyFolder(path("signer/model"), path("workspace/models/own")));
    const auto remover = [&](const QStringList& more) {
        return runSignet(QStringList{"train", "remover", path("photos"), "--set", "model=smallest", "--set",
                                     "informed=false", "--set", "side=64", "--set", "widths=[8,8,8]", "--set",
                                     "batch=2", "--set", "steps=2", "--run", path("of the workspace")} +
                         more);
    };
    const Run elsewhere = remover({"--probe"});
    QCOMPARE(elsewhere.status, 3);
    QVERIFY2(elsewhere.err.contains("there is no model \"smallest\""), elsewhere.err);
    const Run tried = remover({"--probe", "--workspace", path("workspace")});
    QVERIFY2(tried.status == 0, tried.err);
    const Run begun = remover({"--workspace", path("workspace"), "--max-steps", "1"});
    QVERIFY2(begun.status == 0, begun.err);
    const Run trained = runSignet({"train", "--run", path("of the workspace"), "--resume"});  // knows whose
    QVERIFY2(trained.status == 0, trained.err);
    const QJsonObject manifest =
        QJsonDocument::fromJson(contents(path("of the workspace/model/manifest.json"))).object();
    QCOMPARE(manifest["signature"].toString(), QStringLiteral("smallest"));
}

void TestCliTrain::attackersAreRefused_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("said");
    QTest::newRow("steps of nothing") << QStringList{"--steps", "40"} << "--regenerate";
    QTest::newRow("eps of nothing") << QStringList{"--eps", "4"} << "--surrogate and --white-box";
    QTest::newRow("no eps") << QStringList{"--white-box", "--eps", "0"} << "--eps lies between 1 and 64";
    QTest::newRow("forgery as well") << QStringList{"--white-box", "--forgery", "5"} << "excludes";
    QTest::newRow("calibration as well") << QStringList{"--white-box", "--calibrate"} << "excludes";
    QTest::newRow("no generator") << QStringList{"--regenerate", "photo-keyed32"} << "draws no pictures";
    QTest::newRow("no classifier") << QStringList{"--surrogate", "photo-keyed32"} << "not a classifier";
}
void TestCliTrain::attackersAreRefused() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, said);
    const Run run =
        runSignet(QStringList{"evaluate", "photo-keyed32", "--images", path("photos")} + arguments);
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains(said.toUtf8()), run.err);
}

SIGNET_TEST(TestCliTrain)
#include "test_cli_train.moc"
