// signet case as scripts use it: the workflow, bad input, Ctrl-C, kill -9 at any moment, a full disk, several
// workers, a server that goes away.
#include <signal.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <array>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/image/encode.h"
#include "support/cli_process.h"
#include "support/postgres_server.h"
#include "tests/core/image_builders.h"
#include "tests/support/soak.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliCase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void workflow();
    void badUse_data();
    void badUse();
    void enteredByHand();
    void strangerInTheFolder();
    void oneBadExhibitStopsNothing();
    void alteredExhibitIsNotExamined();
    void nearCodesAreNoMatch();
    void interruptGivesBack();
    void killedAtAnyMoment();
    void diskFull();
    void readOnlyFolder();
    void fourWorkersOneKilled();
    void serverRestarts();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    QString newCase() const;
    QString newServerCase() const;
    /// Small pictures, each with bytes of its own; as many as photographs(n) says.
    QStringList pictures(int count) const;
    QJsonObject verified(const QString& location) const;
    static QList<QJsonObject> listed(const QString& location, const QString& what = "evidence");

    QTemporaryDir m_pictures;
    QTemporaryDir m_misused;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PostgresServer> m_server;
    QString m_why;
};

namespace {

constexpr int kKilledExaminations = 200;  ///< of a soak
constexpr int kPictures = 60;

/// The complete JSON lines of what a killed process said.
QList<QJsonObject> acknowledged(const QByteArray& out) {
    QList<QJsonObject> records;
    for (const QByteArray& line : out.left(out.lastIndexOf('\n') + 1).split('\n'))
        if (!line.isEmpty()) records.append(QJsonDocument::fromJson(line).object());
    return records;
}

std::unique_ptr<QProcess> startSignet(const QStringList& arguments) {
    auto process = std::make_unique<QProcess>();
    process->start(qEnvironmentVariable("SIGNET_BINARY"), arguments);
    return process;
}

}  // namespace

void TestCliCase::initTestCase() {
    m_server = PostgresServer::start(&m_why);
    for (int i = 0; i < kPictures; ++i) {
        const auto picture = signet::tests::makePicture(128, 96, 3, 8, static_cast<unsigned>(i + 1));
        signet::writeFileAtomically(
            m_pictures.filePath(QString("picture %1.png").arg(i, 2, 10, QChar('0'))).toStdString(),
            signet::image::encode(picture, {.format = signet::image::Format::Png}), signet::IfExists::Refuse);
    }
}

void TestCliCase::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

QString TestCliCase::newCase() const {
    const QString location = path("test.case");
    const Run run = runSignet({"case", "new", location, "--title", "A 'test'", "--examiner", "Ada", "-q"});
    return run.status == 0 ? location : QString();
}

QString TestCliCase::newServerCase() const {
    const QString location = QString::fromStdString(m_server->newDatabase());
    const Run run = runSignet(
        {"case", "new", location, "--title", "Shared", "--examiner", "Ada", "--folder", path("files"), "-q"});
    return run.status == 0 ? location : QString();
}

QStringList TestCliCase::pictures(int count) const {
    QStringList paths;
    for (int i = 0; i < count; ++i)
        paths << m_pictures.filePath(QString("picture %1.png").arg(i, 2, 10, QChar('0')));
    return paths;
}

QList<QJsonObject> TestCliCase::listed(const QString& location, const QString& what) {
    return runSignet({"case", "list", location, "--what", what, "--json"}).records();
}

QJsonObject TestCliCase::verified(const QString& location) const {
    const Run run = runSignet({"case", "verify", location, "--json"});
    return run.records().value(0);
}

void TestCliCase::workflow() {
    const QString location = newCase();
    QVERIFY(!location.isEmpty());
    const auto before = hashesUnder(sourceFolder() + "/resources/samples");
    QCOMPARE(runSignet({"case", "register", location, "0C0FFEE1", "--holder", "Example \"Ltd\""}).status, 0);
    const QString samples = sourceFolder() + "/resources/samples/";
    Run run = runSignet({"case", "add", location, samples + "coffee-signed.jpg", samples + "coffee.png",
                         "--from", "Drive 3", "--json"});
    QCOMPARE(run.status, 0);
    QVERIFY(run.allJson());
    QCOMPARE(run.records().size(), 2);
    QVERIFY(run.records()[0]["added"].toBool());
    run = runSignet({"case", "examine", location, "--json"});
    QCOMPARE(run.status, 0);
    QVERIFY2(run.allJson(), run.out);
    const QList<QJsonObject> exhibits = listed(location);
    QCOMPARE(exhibits[0]["presence"].toString(), QStringLiteral("present"));
    QCOMPARE(exhibits[0]["code"].toString(), QStringLiteral("0c0ffee1"));
    QCOMPARE(exhibits[0]["holder"].toString(), QStringLiteral("Example \"Ltd\""));
    QCOMPARE(exhibits[1]["presence"].toString(), QStringLiteral("not found"));
    QJsonObject match;
    for (const auto& finding : run.records()[0]["findings"].toArray())
        if (finding.toObject()["match"].isObject()) match = finding.toObject()["match"].toObject();
    QCOMPARE(match["matched"].toInt(), 32);
    QCOMPARE(match["database_size"].toInt(), 1);
    QVERIFY(match["also_matching"].toArray().isEmpty());
    QVERIFY(match["p_value_corrected"].toDouble() >= match["p_value"].toDouble());
    QVERIFY(verified(location)["verified"].toBool());
    QVERIFY(verified(location)["artifacts"].toInt() >= 2);
    QCOMPARE(runSignet({"case", "tag", location, "notable", "1"}).status, 0);
    QStringList actions;
    for (const QJsonObject& event : listed(location, "custody"))
        if (event["evidence"].toInt() == 1) actions << event["action"].toString();
    QCOMPARE(actions, QStringList({"received", "examined"}));
    const QString head = verified(location)["head"].toString();
    QCOMPARE(runSignet({"case", "verify", location, "--head", head}).status, 0);
    QCOMPARE(runSignet({"case", "verify", location, "--head", QString(64, 'a')}).status, 1);
    QCOMPARE(hashesUnder(sourceFolder() + "/resources/samples"), before);
}

void TestCliCase::badUse_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const QStringList& arguments, int status, const char* says) {
        QTest::newRow(name) << arguments << status << QByteArray(says);
    };
    row("no title", {"new", "CASE", "--examiner", "Ada"}, 2, "--title");
    row("no examiner", {"new", "CASE", "--title", "x"}, 2, "--examiner");
    row("exists", {"new", "CASE", "--title", "x", "--examiner", "Ada"}, 3, "exists");
    row("absent", {"list", "ABSENT"}, 3, "not there");
    row("no such list", {"list", "CASE", "--what", "secrets"}, 2, "secrets");
    row("no case", {"list", "TEXT"}, 3, "not a case");
    row("no such exhibit", {"tag", "CASE", "x", "99"}, 3, "exhibit 99");
    row("no hex", {"register", "CASE", "xyz", "--holder", "x"}, 2, "xyz");
    row("no such picture", {"register", "CASE", "0c0ffee1", "--holder", "x", "--picture", "ABSENT"}, 3,
        "not there");
    row("no picture", {"register", "CASE", "0c0ffee1", "--holder", "x", "--picture", "TEXT"}, 3, "text: ");
    row("no such key", {"register", "CASE", "0c0ffee1", "--holder", "x", "--key", "nobody"}, 3, "nobody");
    row("no such code", {"code", "CASE", "7", "--withdraw", "x"}, 3, "registered code 7");
    row("nothing to change", {"code", "CASE", "7"}, 2, "--holder");
    row("no key of that name", {"examine", "CASE", "--key", "nobody"}, 3, "nobody");
    row("the program's own word", {"custody", "CASE", "examined", "1"}, 2, "examined");
    row("custody of no exhibit", {"custody", "CASE", "sealed", "1"}, 3, "exhibit 1");
    row("absent file", {"add", "CASE", "ABSENT"}, 1, "not there");
    row("no server", {"list", "postgresql://nobody@127.0.0.1:1/none"}, 3, "connect");
    row("bad URL", {"list", "postgresql://[::1/x"}, 2, "postgresql");
}

void TestCliCase::badUse() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    const QString shared = m_misused.filePath("test.case");  // bad use changes nothing
    if (!QFile::exists(shared))
        QCOMPARE(runSignet({"case", "new", shared, "--title", "x", "--examiner", "Ada", "-q"}).status, 0);
    QFile text(path("text"));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("no case");
    text.close();
    arguments.replaceInStrings("CASE", shared).replaceInStrings("TEXT", path("text"));
    arguments.replaceInStrings("ABSENT", path("absent"));
    const Run run = runSignet(QStringList{"case"} + arguments);
    QCOMPARE(run.status, status);
    QVERIFY2(run.err.contains(says) || run.out.contains(says), run.err + run.out);
    QVERIFY(!QFile::exists(path("absent")));
}

/// Registered codes and custody events.
void TestCliCase::enteredByHand() {
    const QString location = newCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location, "-q"} + pictures(2)).status, 0);
    QCOMPARE(runSignet({"case", "register", location, "0c0ffee1", "--holder", "Example"}).status, 0);
    Run run =
        runSignet({"case", "code", location, "1", "--holder", "Example Ltd", "--note", "letter", "--json"});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.records()[0]["holder"].toString(), QStringLiteral("Example Ltd"));
    QCOMPARE(listed(location, "codes")[0]["notes"].toString(), QStringLiteral("letter"));
    QVERIFY(!listed(location, "codes")[0]["withdrawn"].toBool());
    QCOMPARE(runSignet({"case", "code", location, "1", "--withdraw", "by mistake"}).status, 0);
    QVERIFY(listed(location, "codes")[0]["withdrawn"].toBool());
    QVERIFY(listed(location, "codes")[0]["picture_hash"].isNull());
    QCOMPARE(runSignet({"case", "code", location, "1", "--holder", "Eve"}).status, 3);
    const QString picture = sourceFolder() + "/resources/samples/coffee.png";
    run = runSignet({"case", "register", location, "0c0ffee2", "--holder", "Example", "--key", "public",
                     "--picture", picture, "--json"});
    QCOMPARE(run.status, 0);
    const QJsonObject code = listed(location, "codes").last();
    QVERIFY(code["picture_hash"].toString().startsWith("2:"));
    for (const char* name : {"code", "key", "picture_sha256"})
        QVERIFY(!code[name].toString().isEmpty() && code[name] == run.records()[0][name]);
    run = runSignet({"case", "custody", location, "handed over", "1", "2", "--details", "to B. Russell",
                     "--examiner", "Grace", "--json"});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.records().size(), 2);
    const QJsonObject last = listed(location, "custody").last();
    QCOMPARE(last["action"].toString(), QStringLiteral("handed over"));
    QCOMPARE(last["details"].toString(), QStringLiteral("to B. Russell"));
    QCOMPARE(last["actor"].toString(), QStringLiteral("Grace"));
    QVERIFY(verified(location)["verified"].toBool());
}

/// A picture laid into the evidence folder: named by verify and the report, never exported.
void TestCliCase::strangerInTheFolder() {
    const QString location = newCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location, "-q"} + pictures(2)).status, 0);
    QVERIFY(verified(location)["verified"].toBool());
    QVERIFY(QFile::copy(pictures(3)[2], location + ".files/evidence/laid in.png"));
    const Run run = runSignet({"case", "verify", location, "--json"});
    QCOMPARE(run.status, 1);
    QVERIFY(!run.records()[0]["verified"].toBool());
    const QJsonObject problem = run.records()[0]["problems"].toArray().at(0).toObject();
    QCOMPARE(problem["kind"].toString(), QStringLiteral("file"));
    QCOMPARE(problem["subject"].toString(), QStringLiteral("evidence/laid in.png"));
    QCOMPARE(runSignet({"case", "export", location, "-o", path("out"), "-q"}).status, 0);
    for (const QString& name : hashesUnder(path("out")).keys())
        QVERIFY2(!name.contains("laid"), qPrintable(name));
    QCOMPARE(runSignet({"case", "report", location, "-o", path("r.json"), "-q"}).status, 1);
    QFile report(path("r.json"));
    QVERIFY(report.open(QIODevice::ReadOnly));
    QVERIFY(report.readAll().contains("laid in.png"));
}

void TestCliCase::oneBadExhibitStopsNothing() {
    const QString location = newCase();
    QFile broken(path("broken.png"));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("no picture");
    broken.close();
    QCOMPARE(runSignet(QStringList{"case", "add", location, path("broken.png")} + pictures(2)).status, 0);
    const Run run = runSignet({"case", "examine", location, "--json"});
    QCOMPARE(run.status, 1);
    QCOMPARE(run.records().size(), 3);
    const QList<QJsonObject> exhibits = listed(location);
    QCOMPARE(exhibits[0]["state"].toString(), QStringLiteral("failed"));
    QVERIFY(!exhibits[0]["problem"].toString().isEmpty());
    QCOMPARE(exhibits[1]["state"].toString(), QStringLiteral("done"));
    QCOMPARE(exhibits[2]["state"].toString(), QStringLiteral("done"));
    QVERIFY(verified(location)["verified"].toBool());
    QCOMPARE(runSignet({"case", "examine", location}).status, 0);  // nothing waits any more
}

void TestCliCase::alteredExhibitIsNotExamined() {
    const QString location = newCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location} + pictures(2)).status, 0);
    const QString copy = path("test.case.files/") + listed(location)[1]["copy"].toString();
    QFile::remove(copy);
    QVERIFY(QFile::copy(pictures(3).last(), copy));
    QCOMPARE(runSignet({"case", "examine", location}).status, 1);
    const QList<QJsonObject> findings = listed(location, "findings");
    QCOMPARE(findings.size(), 1);
    QCOMPARE(findings[0]["status"].toString(), QStringLiteral("warning"));
    QVERIFY(findings[0]["comment"].toString().contains("SHA-256"));
    const QJsonObject verification = verified(location);
    QVERIFY(!verification["verified"].toBool());
    QCOMPARE(verification["problems"].toArray()[0].toObject()["subject"].toString(),
             QStringLiteral("evidence:2"));
    // put back: verify, exhibit and finding agree
    QFile::remove(copy);
    QVERIFY(QFile::copy(pictures(2).last(), copy));
    const QJsonObject mended = verified(location);
    QVERIFY(mended["verified"].toBool());
    QVERIFY(mended["history"].toArray()[0].toObject()["message"].toString().contains("is now as recorded"));
    QCOMPARE(runSignet({"case", "examine", location, "--again"}).status, 0);
    const QString comment = listed(location, "findings")[0]["comment"].toString();
    QVERIFY2(comment.contains("was not what was taken in") && comment.contains("is now as recorded"),
             qPrintable(comment));
    QVERIFY(verified(location)["history"].toArray().isEmpty());
}

/// An image signed with 0c0ffee2 where 0c0ffee1 is registered: near, but no match; its total counts images.
void TestCliCase::nearCodesAreNoMatch() {
    const QString signedImage = path("signed.png");
    const QString plain = qEnvironmentVariable("SIGNET_SOURCE_DIR") + "/resources/samples/coffee.png";
    QCOMPARE(runSignet({"sign", "-m", "photo-code32", "--code", "0c0ffee2", "-o", signedImage, plain}).status,
             0);
    const Run check = runSignet({"check", "-m", "photo-code32", signedImage, plain});
    QVERIFY2(check.out.contains("0c0ffee2 (unverified)"), check.out.constData());
    QVERIFY2(check.out.contains("2 images examined: 1 signature found, 1 not found"), check.out.constData());
    QVERIFY(check.out.contains("if the image was signed and treated no worse"));
    const QJsonObject code = runSignet({"check", "--json", "-m", "photo-code32", signedImage})
                                 .records()
                                 .value(0)["findings"]
                                 .toArray()[0]
                                 .toObject()["code"]
                                 .toObject();
    QVERIFY(code["readable"].toBool() && !code["checked"].toBool(true));
    QCOMPARE(code["bit_logits"].toArray().size(), 32);

    const QString location = newCase();
    QCOMPARE(runSignet({"case", "register", location, "0c0ffee1", "--holder", "Noether"}).status, 0);
    QCOMPARE(runSignet({"case", "add", location, signedImage}).status, 0);
    const Run examined = runSignet({"case", "examine", location, "-m", "photo-code32", "--json"});
    const QJsonObject match =
        examined.records().value(0)["findings"].toArray()[0].toObject()["match"].toObject();
    QVERIFY(match["contradicted"].toBool());
    QCOMPARE(match["holder"].toString(), QString());
    QCOMPARE(match["matched"].toInt(), 30);
    const QJsonObject row = listed(location)[0];
    QVERIFY(row["holder"].isNull());
    QCOMPARE(row["nearest_holder"].toString(), QStringLiteral("Noether"));
    QCOMPARE(row["match"].toString(), QStringLiteral("near, but differs in bits read with certainty"));
    QVERIFY(runSignet({"case", "list", location}).out.contains("0c0ffee2 (unverified)"));
    QCOMPARE(runSignet({"case", "register", location, "0c0ffee2", "--holder", "Lovelace"}).status, 0);
    QCOMPARE(runSignet({"case", "examine", location, "-m", "photo-code32", "--again"}).status, 0);
    QCOMPARE(listed(location)[0]["holder"].toString(), QStringLiteral("Lovelace"));
}

void TestCliCase::interruptGivesBack() {
    const QString location = newCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location} + pictures(kPictures)).status, 0);
    RunOptions options;
    options.onFirstOutput = [](QProcess& process) { ::kill(pid_t(process.processId()), SIGINT); };
    const Run run = runSignet({"case", "examine", location, "--json"}, options);
    QCOMPARE(run.status, 130);
    int waiting = 0;
    for (const QJsonObject& exhibit : listed(location)) {
        QVERIFY(exhibit["state"].toString() != "running");
        waiting += exhibit["state"].toString() == "waiting";
    }
    QCOMPARE(waiting, kPictures - int(run.records().size()));
}

/// kill -9 (twenty times; two hundred in a soak) during intake, examination and report, at moments drawn over
/// what an undisturbed run takes: each time the case opens, the chain verifies and what was acknowledged is
/// there.
void TestCliCase::killedAtAnyMoment() {
    QRandomGenerator random(5);
    const int kills = signet::test::repeats(kKilledExaminations);
    const QString location = newCase();
    std::set<int> exhibits;
    std::set<int> examinations;
    // Other bytes each time, so that there is always something to take in.
    int made = 0;
    int reports = 0;
    enum Work { Intake, Examination, Report, WorkCount };
    const auto command = [&](int work) {
        if (work == Examination)
            return QStringList{"case", "examine", location, "--json", "-m", "photo-presence"};
        if (work == Report) {
            static const QStringList kEndings{"pdf", "html", "json", "csv"};
            const QString name = QString("report %1.%2").arg(reports + 1).arg(kEndings[reports % 4]);
            ++reports;
            return QStringList{"case", "report", location, "-o", path(name), "--json", "--no-pictures"};
        }
        QStringList arguments{"case", "add", location, "--json"};
        for (int n = 0; n < 5; ++n) {
            arguments << path(QString("new %1.png").arg(++made));
            QFile::copy(pictures(kPictures)[int(random.bounded(kPictures))], arguments.last());
            QFile file(arguments.last());
            if (file.open(QIODevice::Append)) file.write(QByteArray::number(made));
        }
        return arguments;
    };
    std::array<qint64, WorkCount> wholeMs{};
    for (int work = 0; work < WorkCount; ++work) {
        QElapsedTimer time;
        time.start();
        const Run run = runSignet(command(work));
        QVERIFY2(run.status == 0, run.err);
        wholeMs[work] = time.elapsed();
    }
    QMap<QString, QString> acknowledgedReports;  // SHA-256 by path
    int killed = 0;
    for (int i = 0; i < kills; ++i) {
        const int work = i % WorkCount;
        const auto process = startSignet(command(work));
        QVERIFY(process->waitForStarted());
        // Every other time after the first acknowledgement, however slow the machine is at the moment.
        const bool waits = work != Report && i / WorkCount % 2 == 1;
        if (waits) process->waitForReadyRead();
        if (!process->waitForFinished(int(random.bounded(1 + wholeMs[work] / (waits ? 4 : 1))))) ++killed;
        process->kill();
        process->waitForFinished();
        for (const QJsonObject& record : acknowledged(process->readAllStandardOutput())) {
            if (work == Intake)
                exhibits.insert(record["evidence"].toInt());
            else if (work == Examination)
                examinations.insert(record["examination"].toInt());
            else
                acknowledgedReports[record["output"].toString()] = record["sha256"].toString();
        }
        if (i % 10 == 9)
            QVERIFY2(verified(location)["verified"].toBool(), QJsonDocument(verified(location)).toJson());
    }
    QVERIFY2(killed > kills / 4, qPrintable(QString::number(killed)));
    QVERIFY2(int(exhibits.size()) > kills / 10, qPrintable(QString::number(exhibits.size())));
    if (kills == kKilledExaminations) QVERIFY2(!examinations.empty(), "no examination was acknowledged");
    QCOMPARE(runSignet({"case", "examine", location, "-m", "photo-presence"}).status, 0);
    std::set<int> recorded;
    for (const QJsonObject& exhibit : listed(location)) {
        QCOMPARE(exhibit["state"].toString(), QStringLiteral("done"));
        recorded.insert(exhibit["evidence"].toInt());
    }
    for (const int id : exhibits) QVERIFY2(recorded.contains(id), qPrintable(QString::number(id)));
    const auto acknowledgedExaminations = examinations.size();
    std::multiset<int> examined;
    for (const QJsonObject& entry : listed(location, "audit")) {
        if (entry["action"].toString() != "examined") continue;
        examined.insert(entry["details"].toObject()["evidence"].toInt());
        examinations.erase(entry["subject"].toString().section(':', 1).toInt());
    }
    // every report that can be read is in the register as it is, every acknowledged one can be read
    QMap<QString, QString> registered;
    for (const QJsonObject& report : listed(location, "reports"))
        registered[report["path"].toString()] = report["sha256"].toString();
    const QFileInfoList written = QDir(m_folder->path()).entryInfoList({"report *"}, QDir::Files);
    QVERIFY(!written.isEmpty());
    for (const QFileInfo& file : written)
        QCOMPARE(registered.value(file.filePath()),
                 QString::fromStdString(signet::hashFile(file.filePath().toStdString()).sha256));
    for (auto report = acknowledgedReports.cbegin(); report != acknowledgedReports.cend(); ++report) {
        QCOMPARE(registered.value(report.key()), report.value());
        QVERIFY2(QFile::exists(report.key()), qPrintable(report.key()));
    }
    QVERIFY(examinations.empty());               // every acknowledged one is in the chain
    QCOMPARE(examined.size(), recorded.size());  // each exhibit exactly once
    QCOMPARE(std::set<int>(examined.begin(), examined.end()).size(), recorded.size());
    QVERIFY(verified(location)["verified"].toBool());
    // a copy that was made but not recorded stays until the same bytes are taken in again
    QStringList all;
    for (int n = 1; n <= made; ++n) all << path(QString("new %1.png").arg(n));
    QCOMPARE(runSignet(QStringList{"case", "add", location, "-q"} + all).status, 0);
    QCOMPARE(runSignet({"case", "add", location, all[0]}).status, 0);
    const QDir folder(location + ".files/evidence");
    QVERIFY(folder.entryList(QDir::Files | QDir::Hidden).isEmpty());  // what dead ones were copying is gone
    qInfo(
        "%d of %d processes killed; %d exhibits; killed ones acknowledged %d exhibits, %d examinations and "
        "%d reports of %d written",
        killed, kills, int(recorded.size()), int(exhibits.size()), int(acknowledgedExaminations),
        int(acknowledgedReports.size()), int(written.size()));
}

void TestCliCase::diskFull() {
    const QString disk = path("disk");
    QVERIFY(QDir().mkpath(disk));
    QFile large(path("large.png"));
    QVERIFY(large.open(QIODevice::WriteOnly));
    large.write(QByteArray(3 << 20, 'x'));
    large.close();
    // The case is made, filled and looked at within one process tree that sees the small disk.
    const QString script = path("script.sh");
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QString("set -u\nS=%1\nC=%2/test.case\n"
                       "$S case new $C --title T --examiner Ada -q || exit 11\n"
                       "$S case add $C '%3' -q || exit 12\n"
                       "$S case add $C %4 -q; test $? = 3 || exit 13\n"
                       "$S case verify $C -q || exit 14\n"
                       "test $($S case list $C --json | wc -l) = 1 || exit 15\n"
                       "$S case add $C '%5' -q || exit 16\n"
                       "head -c 3m /dev/zero > %2/rest; C2=%6; cp -r $C $C2; cp -r $C.files $C2.files\n"
                       "$S case report $C2 -o %2/r.pdf -q; test $? = 3 || exit 17\n"
                       "test -z \"$(ls -A %2 | grep r.pdf)\" || exit 18\n"
                       "test $($S case list $C2 --what reports --json | wc -l) = 0 || exit 19\n"
                       "$S case report $C -o %6.pdf -q; test $? = 3 || exit 20\n"
                       "test ! -e %6.pdf || exit 21\n"
                       "rm %2/rest\n"
                       "$S case report $C -o %6.pdf -q && $S case verify $C -q || exit 22\n")
                   .arg(qEnvironmentVariable("SIGNET_BINARY"), disk, pictures(1)[0], path("large.png"),
                        pictures(2)[1], path("elsewhere.case"))
                   .toUtf8());
    file.close();
    QProcess process;
    process.setChildProcessModifier(mountSmallDisk(disk, 2 << 20));
    process.start("bash", {script});
    QVERIFY(process.waitForFinished(60'000));
    if (process.exitCode() == kNoMount) QSKIP("no right to mount a small disk here");
    QVERIFY2(process.exitCode() == 0,
             QByteArray::number(process.exitCode()) + process.readAllStandardError());
}

void TestCliCase::readOnlyFolder() {
    const QString location = newCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location} + pictures(2)).status, 0);
    const auto before = hashesUnder(m_folder->path());
    QFile::setPermissions(location, QFile::ReadOwner);
    QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::ExeOwner);
    RunOptions options;
    options.inChild = dropRootsFileRights;
    QCOMPARE(runSignet({"case", "verify", location}, options).status, 0);
    QCOMPARE(runSignet({"case", "list", location}, options).status, 0);
    const Run run = runSignet({"case", "tag", location, "x", "1"}, options);
    QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QCOMPARE(run.status, 3);
    QVERIFY2(run.err.contains("write"), run.err);
    QCOMPARE(hashesUnder(m_folder->path()), before);
}

void TestCliCase::fourWorkersOneKilled() {
    if (!m_server) QSKIP(qPrintable(m_why));
    const QString location = newServerCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location} + pictures(kPictures)).status, 0);
    std::vector<std::unique_ptr<QProcess>> workers;
    for (int i = 0; i < 4; ++i)
        workers.push_back(startSignet({"case", "examine", location, "--worker", "--json", "--threads", "1",
                                       "--examiner", QString("Worker %1").arg(i), "-m", "photo-presence"}));
    QVERIFY(workers[1]->waitForReadyRead(60'000));  // it is at work
    workers[1]->kill();
    for (const auto& worker : workers) QVERIFY(worker->waitForFinished(120'000));
    std::set<int> seen;
    for (const QJsonObject& entry : listed(location, "audit")) {
        if (entry["action"].toString() != "examined") continue;
        const int exhibit = entry["details"].toObject()["evidence"].toInt();
        QVERIFY2(seen.insert(exhibit).second, qPrintable(QString("exhibit %1 twice").arg(exhibit)));
    }
    QCOMPARE(int(seen.size()), kPictures);
    std::set<QString> actors;
    for (const QJsonObject& entry : listed(location, "audit"))
        if (entry["action"].toString() == "examined") actors.insert(entry["actor"].toString());
    QVERIFY(actors.size() >= 3);
    QVERIFY(verified(location)["verified"].toBool());
}

void TestCliCase::serverRestarts() {
    if (!m_server) QSKIP(qPrintable(m_why));
    const QString location = newServerCase();
    QCOMPARE(runSignet(QStringList{"case", "add", location} + pictures(30)).status, 0);
    const auto process = startSignet({"case", "examine", location, "--json", "-m", "photo-presence"});
    QVERIFY(process->waitForReadyRead(60'000));
    m_server->stop();
    QTest::qWait(500);
    m_server->startAgain();
    QVERIFY(process->waitForFinished(120'000));
    QVERIFY2(process->exitCode() == 0, process->readAllStandardError());
    std::set<int> seen;
    for (const QJsonObject& entry : listed(location, "audit"))
        if (entry["action"].toString() == "examined")
            QVERIFY(seen.insert(entry["details"].toObject()["evidence"].toInt()).second);
    QCOMPARE(int(seen.size()), 30);
    QVERIFY(verified(location)["verified"].toBool());
}

SIGNET_TEST(TestCliCase)
#include "test_cli_case.moc"
