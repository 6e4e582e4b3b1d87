// What holds for every subcommand, whatever models are installed: help, wrong usage, statuses.
#include <QRegularExpression>
#include <QTemporaryDir>

#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliContract : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyHelpHasAnExample();
    void versionIsTold();
    void wrongUsage_data();
    void wrongUsage();
    void withoutDisplayTheDesktopSaysWhatToDo();
    void fullStandardOutput();
    void unknownModel();
    void unknownGpu();
    void withoutModelsAndResources_data();
    void withoutModelsAndResources();

private:
    void walkHelp(const QStringList& command);
};

namespace {

/// Names in the "Subcommands:" part of a --help text.
QStringList subcommandsIn(const QString& help) {
    QStringList names;
    static const QRegularExpression kName("^  ([a-z]+) ");
    const qsizetype start = help.indexOf("\nSubcommands:\n");
    if (start < 0) return names;
    const qsizetype length = help.indexOf("\nExample:\n", start) - start;
    for (const QString& line : help.mid(start, length).split('\n')) {
        const QRegularExpressionMatch match = kName.match(line);
        if (match.hasMatch()) names.append(match.captured(1));
    }
    return names;
}

}  // namespace

void TestCliContract::walkHelp(const QStringList& command) {
    const Run run = runSignet(command + QStringList{"--help"});
    const QString help = QString::fromUtf8(run.out);
    const QByteArray name = command.join(' ').toUtf8();
    QVERIFY2(run.status == 0, name);
    const qsizetype example = help.indexOf("Example:\n  signet ");
    QVERIFY2(example >= 0, name + " --help has no example");
    const QStringList nested = subcommandsIn(help);
    if (!command.isEmpty()) {
        QVERIFY2(help.indexOf("signet " + command.join(' '), example) > 0,
                 name + ": the example shows another");
        if (nested.isEmpty() && command != QStringList{"desktop"}) {
            for (const char* option :
                 {"--json", "--device", "--threads", "--workspace", "--quiet", "--verbose"})
                QVERIFY2(help.contains(option), name + " --help lacks " + option);
        }
    }
    for (const QString& sub : nested) walkHelp(command + QStringList{sub});
}

void TestCliContract::everyHelpHasAnExample() {
    const QStringList all = subcommandsIn(QString::fromUtf8(runSignet({"--help"}).out));
    for (const char* name : {"check", "sign", "model", "bench"}) QVERIFY2(all.contains(name), name);
    walkHelp({});
}

void TestCliContract::versionIsTold() {
    const Run run = runSignet({"--version"});
    QCOMPARE(run.status, 0);
    QVERIFY(run.out.startsWith("signet 0."));
}

void TestCliContract::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    const QString image = sampleImages().first();
    QTest::newRow("neither subcommand nor file") << QStringList{"chekc", image};
    QTest::newRow("missing file alone") << QStringList{"no-such-image.jpg"};
    QTest::newRow("unknown option") << QStringList{"--frobnicate"};
    QTest::newRow("check without a path") << QStringList{"check"};
    QTest::newRow("check, unknown option") << QStringList{"check", "--frobnicate", image};
    QTest::newRow("check, negative threads") << QStringList{"check", "--threads", "-1", image};
    QTest::newRow("check, threads no number") << QStringList{"check", "--threads", "many", image};
    QTest::newRow("check, unknown device") << QStringList{"check", "--device", "gpu", image};
    QTest::newRow("check, device without number") << QStringList{"check", "--device", "cuda:", image};
    QTest::newRow("check, quiet and verbose") << QStringList{"check", "-q", "-v", image};
    QTest::newRow("sign without an output") << QStringList{"sign", image};
    QTest::newRow("sign without a path") << QStringList{"sign", "-o", "out"};
    QTest::newRow("sign, strength too high") << QStringList{"sign", "--strength", "9", "-o", "out", image};
    QTest::newRow("sign, quality 0") << QStringList{"sign", "--quality", "0", "-o", "out", image};
    QTest::newRow("sign, unknown format") << QStringList{"sign", "--format", "gif", "-o", "out", image};
    QTest::newRow("model alone") << QStringList{"model"};
    QTest::newRow("model show nothing") << QStringList{"model", "show"};
    QTest::newRow("bench alone") << QStringList{"bench"};
    QTest::newRow("bench, no images") << QStringList{"bench", "check", "--n", "0"};
}

void TestCliContract::wrongUsage() {
    QFETCH(QStringList, arguments);
    const QTemporaryDir folder;
    RunOptions options;
    options.workingFolder = folder.path();
    const Run run = runSignet(arguments, options);
    QCOMPARE(run.status, 2);
    QVERIFY(run.out.isEmpty());
    QVERIFY(!run.err.isEmpty());
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestCliContract::withoutDisplayTheDesktopSaysWhatToDo() {
    RunOptions options;
    options.environment = {{"QT_QPA_PLATFORM", ""}};
    const Run run = runSignet({}, options);
    QCOMPARE(run.status, 3);
    QVERIFY(run.err.contains("signet check"));
}

void TestCliContract::fullStandardOutput() {
    RunOptions options;
    options.stdoutFile = "/dev/full";
    const Run run = runSignet({"model", "list"}, options);
    QCOMPARE(run.status, 3);
    QVERIFY(run.err.contains("standard output"));
}

void TestCliContract::unknownModel() {
    const Run run = runSignet({"check", "--json", "--model", "no-such-model", sampleImages().first()});
    QCOMPARE(run.status, 3);
    QVERIFY(run.out.isEmpty());
    QVERIFY(run.err.contains("no-such-model"));
}

void TestCliContract::unknownGpu() {
    const QTemporaryDir folder;
    const Run run = runSignet({"train", "presence", "--set", "data=" + sourceFolder() + "/resources/samples",
                               "--run", folder.filePath("run"), "--device", "cuda:99"});
    QCOMPARE(run.status, 3);
    QVERIFY2(run.err.contains("device cuda:99 was asked for"), run.err);
    QVERIFY(!QFile::exists(folder.filePath("run")));
}

void TestCliContract::withoutModelsAndResources_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::newRow("version") << QStringList{"--version"} << 0;
    QTest::newRow("help") << QStringList{"--help"} << 0;
    QTest::newRow("help of train") << QStringList{"train", "--help"} << 0;
    QTest::newRow("check") << QStringList{"check", sampleImages().first()} << 3;
    QTest::newRow("model list") << QStringList{"model", "list"} << 3;
    QTest::newRow("train, a preset") << QStringList{"train", "presence"} << 3;
    QTest::newRow("train, no preset") << QStringList{"train"} << 3;
    QTest::newRow("bench check") << QStringList{"bench", "check", "--n", "1"} << 3;
    QTest::newRow("desktop") << QStringList{"desktop"} << 3;
}

void TestCliContract::withoutModelsAndResources() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    const QTemporaryDir folder;
    RunOptions options;
    options.workingFolder = folder.path();
    options.program = folder.filePath("signet");
    QVERIFY(QFile::copy(qEnvironmentVariable("SIGNET_BINARY"), options.program));
    options.environment = {{"SIGNET_DATA_DIR", ""},
                           {"HOME", folder.path()},
                           {"XDG_DATA_HOME", folder.path()},
                           {"QT_QPA_PLATFORM", "offscreen"}};
    const Run run = runSignet(arguments, options);
    QCOMPARE(run.status, status);
    if (status == 0)
        QVERIFY(run.out.startsWith("signet 0.") || run.out.contains("Example:"));
    else
        QVERIFY2(run.err.contains("SIGNET_DATA_DIR") || run.err.contains("has no desktop"), run.err);
}

SIGNET_TEST(TestCliContract)
#include "test_cli_contract.moc"
