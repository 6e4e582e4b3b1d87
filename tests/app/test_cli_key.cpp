// signet key: making, listing, exporting and importing keys; where passphrases come from; what is never
// printed.
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;

class TestCliKey : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void newAndList();
    void exportAndImport_data();
    void exportAndImport();
    void importUnderTheSameName();
    void wrongPassphrase();
    void passphraseAtTheTerminal_data();
    void passphraseAtTheTerminal();
    void withoutATerminal();
    void keysOfOthersAreRefused();
    void refused_data();
    void refused();

private:
    QString at(const QString& name) const { return m_folder->filePath(name); }
    QString writeFile(const QString& name, const QByteArray& text) const;
    QByteArray readFile(const QString& name) const;
    /// Without a terminal to ask at, whatever the tests are run from.
    Run run(const QStringList& arguments, const QString& workspace = "workspace") const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QByteArray kCtrlC = "\x03";

unsigned modeOf(const QString& path) {
    struct stat info {};
    return ::stat(path.toUtf8().constData(), &info) == 0 ? info.st_mode & 0777 : 0;
}

/// The key of a file that holds it open.
QByteArray secretIn(const QByteArray& file) {
    return QJsonDocument::fromJson(file).object().value("key").toString().toUtf8();
}

/// A terminal at which answers are typed, each when a prompt (a text that ends in ": ") has come.
class Typist {
public:
    explicit Typist(const QList<QByteArray>& answers)
        : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)), m_answers(answers) {
        std::array<char, 64> name{};
        if (m_master < 0 || ::grantpt(m_master) != 0 || ::unlockpt(m_master) != 0 ||
            ::ptsname_r(m_master, name.data(), name.size()) != 0)
            qFatal("no pseudo-terminal");
        m_name = name.data();
        m_slave = ::open(m_name.constData(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        m_thread = std::thread([this] { type(); });
    }
    ~Typist() {
        finish();
        ::close(m_slave);
        ::close(m_master);
    }
    /// For RunOptions::inChild: makes it the terminal of the process.
    std::function<void()> terminal() const {
        return [name = m_name] {
            ::setsid();
            ::close(::open(name.constData(), O_RDWR));  // a session's first terminal becomes its own
        };
    }
    /// What was to be seen, after the program has ended.
    QByteArray shown() {
        finish();
        return m_shown;
    }

private:
    void finish() {
        m_ended = true;
        if (m_thread.joinable()) m_thread.join();
    }
    void type() {
        qsizetype seen = 0;
        for (;;) {
            pollfd ready{m_master, POLLIN, 0};
            if (::poll(&ready, 1, 50) <= 0) {
                if (m_ended) return;
                continue;
            }
            char part[256];
            const ssize_t n = ::read(m_master, part, sizeof part);
            if (n <= 0) return;
            m_shown.append(part, n);
            if (m_answers.isEmpty() || m_shown.indexOf(": ", seen) < 0) continue;
            seen = m_shown.size();
            QByteArray line = m_answers.takeFirst();
            if (line != kCtrlC) line += '\n';
            if (::write(m_master, line.constData(), static_cast<std::size_t>(line.size())) < 0) return;
        }
    }

    int m_master;
    int m_slave = -1;
    QByteArray m_name;
    QList<QByteArray> m_answers;
    QByteArray m_shown;
    std::atomic<bool> m_ended = false;
    std::thread m_thread;
};

}  // namespace

void TestCliKey::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestCliKey::writeFile(const QString& name, const QByteArray& text) const {
    QFile file(at(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        qFatal("no file");
    return at(name);
}

QByteArray TestCliKey::readFile(const QString& name) const {
    QFile file(at(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Run TestCliKey::run(const QStringList& arguments, const QString& workspace) const {
    RunOptions options;
    options.inChild = [] { ::setsid(); };
    return runSignet(QStringList{"key"} + arguments + QStringList{"--json", "--workspace", at(workspace)},
                     options);
}

void TestCliKey::newAndList() {
    const Run made = run({"new", "lab"});
    QVERIFY2(made.status == 0, made.err);
    const QJsonObject key = made.records().value(0);
    QCOMPARE(key.value("name").toString(), QString("lab"));
    QCOMPARE(key.value("fingerprint").toString().size(), 16);
    QVERIFY(key.value("created_utc").toString().endsWith('Z'));
    QVERIFY(!key.value("protected").toBool(true));
    QVERIFY(!key.value("public").toBool(true));
    QCOMPARE(modeOf(at("workspace/keys")), 0700u);
    QCOMPARE(modeOf(at("workspace/keys/lab.json")), 0600u);

    const Run list = run({"list"});
    QCOMPARE(list.status, 0);
    QCOMPARE(list.records().size(), 2);
    QVERIFY(list.records()[0].value("public").toBool());
    QCOMPARE(list.records()[0].value("fingerprint").toString(), QString("b72b63deee226f26"));
    QCOMPARE(list.records()[1], key);

    const QByteArray secret = secretIn(readFile("workspace/keys/lab.json"));
    QCOMPARE(secret.size(), 64);
    const Run table = runSignet({"key", "list", "-v", "--workspace", at("workspace")});
    for (const QByteArray& output : {made.out, made.err, list.out, list.err, table.out, table.err})
        QVERIFY(!output.contains(secret));
    QVERIFY(table.out.contains(key.value("fingerprint").toString().toUtf8()));
}

void TestCliKey::exportAndImport_data() {
    QTest::addColumn<bool>("isProtected");
    QTest::addColumn<QStringList>("options");  // of export
    QTest::addColumn<bool>("isOpen");          // what is exported
    QTest::newRow("open, behind a new passphrase") << false << QStringList{"--passphrase-file", "P"} << false;
    QTest::newRow("open, open") << false << QStringList{"--secret"} << true;
    QTest::newRow("protected, as it is") << true << QStringList() << false;
    QTest::newRow("protected, open") << true << QStringList{"--secret", "--passphrase-file", "P"} << true;
}

void TestCliKey::exportAndImport() {
    QFETCH(bool, isProtected);
    QFETCH(QStringList, options);
    QFETCH(bool, isOpen);
    const QString passphrase = writeFile("passphrase", "correct horse\nanother line\n");
    options.replaceInStrings("P", passphrase);
    const QStringList protect{"--passphrase-file", passphrase};
    const Run made = run(QStringList{"new", "lab"} + (isProtected ? protect : QStringList()));
    QVERIFY2(made.status == 0, made.err);
    const QString fingerprint = made.records().value(0).value("fingerprint").toString();
    QCOMPARE(made.records().value(0).value("protected").toBool(), isProtected);

    const Run exported = run(QStringList{"export", fingerprint, "-o", at("lab.key")} + options);
    QVERIFY2(exported.status == 0, exported.err);
    QCOMPARE(exported.records().value(0).value("output").toString(), at("lab.key"));
    QCOMPARE(modeOf(at("lab.key")), 0600u);
    QCOMPARE(secretIn(readFile("lab.key")).size(), isOpen ? 64 : 0);
    QCOMPARE(run(QStringList{"export", "lab", "-o", at("lab.key")} + options).status,
             3);  // it is there already
    QCOMPARE(run(QStringList{"export", "lab", "-o", at("lab.key"), "--force"} + options).status, 0);

    const Run imported = run(
        QStringList{"import", at("lab.key"), "--name", "copy"} + (isOpen ? QStringList() : protect), "other");
    QVERIFY2(imported.status == 0, imported.err);
    const QJsonObject kept = imported.records().value(0);
    QCOMPARE(kept.value("name").toString(), QString("copy"));
    QCOMPARE(kept.value("fingerprint").toString(), fingerprint);
    QCOMPARE(kept.value("created_utc"), made.records().value(0).value("created_utc"));
    QCOMPARE(kept.value("protected").toBool(), !isOpen);
    QCOMPARE(modeOf(at("other/keys/copy.json")), 0600u);

    const Run open = run(QStringList{"export", "copy", "-o", at("copy.key"), "--secret"} + protect, "other");
    QVERIFY2(open.status == 0, open.err);
    const QByteArray secret = secretIn(readFile("copy.key"));
    QCOMPARE(secret.size(), 64);
    for (const Run& one : {made, exported, imported, open}) {
        QVERIFY(!one.out.contains(secret) && !one.err.contains(secret));
        QVERIFY(!one.out.contains("horse") && !one.err.contains("horse"));
    }
}

/// An open key is put behind a passphrase on its way in; a key is not kept twice.
void TestCliKey::importUnderTheSameName() {
    QCOMPARE(run({"new", "lab"}).status, 0);
    QCOMPARE(run({"export", "lab", "-o", at("lab.key"), "--secret"}).status, 0);
    const QString passphrase = writeFile("passphrase", "correct horse\r\n");
    const Run imported = run({"import", at("lab.key"), "--passphrase-file", passphrase}, "other");
    QVERIFY2(imported.status == 0, imported.err);
    QCOMPARE(imported.records().value(0).value("name").toString(), QString("lab"));
    QVERIFY(imported.records().value(0).value("protected").toBool());
    const Run again = run({"import", at("lab.key"), "--name", "second"});
    QCOMPARE(again.status, 3);
    QVERIFY2(again.err.contains("is kept already, as lab"), again.err);
    QCOMPARE(run({"new", "lab"}).status, 3);
}

void TestCliKey::wrongPassphrase() {
    const QString right = writeFile("right", "correct horse"), wrong = writeFile("wrong", "battery staple");
    QCOMPARE(run({"new", "lab", "--passphrase-file", right}).status, 0);
    QCOMPARE(run({"export", "lab", "-o", at("lab.key")}).status, 0);
    const Run exported = run({"export", "lab", "-o", at("open.key"), "--secret", "--passphrase-file", wrong});
    QCOMPARE(exported.status, 3);
    QVERIFY2(exported.err.contains("does not open"), exported.err);
    QVERIFY(!QFile::exists(at("open.key")));
    QCOMPARE(run({"import", at("lab.key"), "--passphrase-file", wrong}, "other").status, 3);
    QVERIFY(!QFile::exists(at("other/keys/lab.json")));
}

void TestCliKey::passphraseAtTheTerminal_data() {
    QTest::addColumn<QList<QByteArray>>("answers");
    QTest::addColumn<int>("status");
    QTest::newRow("twice the same") << QList<QByteArray>{"correct horse", "correct horse"} << 0;
    QTest::newRow("two") << QList<QByteArray>{"correct horse", "correct house"} << 2;
    QTest::newRow("short") << QList<QByteArray>{"horse", "horse"} << 2;
    QTest::newRow("Ctrl-C") << QList<QByteArray>{kCtrlC} << 130;
}

void TestCliKey::passphraseAtTheTerminal() {
    QFETCH(QList<QByteArray>, answers);
    QFETCH(int, status);
    Typist typist(answers);
    RunOptions options;
    options.inChild = typist.terminal();
    const Run made =
        runSignet({"key", "new", "lab", "--protect", "--json", "--workspace", at("workspace")}, options);
    const QByteArray shown = typist.shown();
    QVERIFY2(made.status == status, made.err);
    QVERIFY2(shown.contains("New passphrase of the key lab: "), shown);
    QCOMPARE(shown.contains("The same again: "), answers.size() == 2);
    for (const QByteArray& answer : answers)
        for (const QByteArray& output : {shown, made.out, made.err}) QVERIFY(!output.contains(answer));
    QCOMPARE(QFile::exists(at("workspace/keys/lab.json")), status == 0);
    if (status != 0) return;
    const QString passphrase = writeFile("passphrase", answers[0]);
    QCOMPARE(run({"export", "lab", "-o", at("lab.key"), "--secret", "--passphrase-file", passphrase}).status,
             0);
}

void TestCliKey::withoutATerminal() {
    const Run made = run({"new", "lab", "--protect"});
    QCOMPARE(made.status, 2);
    QVERIFY2(made.err.contains("--passphrase-file"), made.err);
    QVERIFY(!QFile::exists(at("workspace/keys/lab.json")));
}

void TestCliKey::keysOfOthersAreRefused() {
    QCOMPARE(run({"new", "lab"}).status, 0);
    QVERIFY(QFile::setPermissions(at("workspace/keys/lab.json"),
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
    const Run list = run({"list"});
    QCOMPARE(list.status, 0);
    QCOMPARE(list.records().size(), 1);
    QVERIFY2(list.err.contains("chmod 600"), list.err);
    const Run exported = run({"export", "lab", "-o", at("lab.key"), "--secret"});
    QCOMPARE(exported.status, 3);
    QVERIFY2(exported.err.contains("chmod 600"), exported.err);
    QVERIFY(!QFile::exists(at("lab.key")));
}

void TestCliKey::refused_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::newRow("no name") << QStringList{"new"} << 2;
    QTest::newRow("a path as a name") << QStringList{"new", "../lab"} << 2;
    QTest::newRow("the public name") << QStringList{"new", "public"} << 2;
    QTest::newRow("a passphrase on the command line") << QStringList{"new", "lab", "--passphrase", "x"} << 2;
    QTest::newRow("no passphrase file") << QStringList{"new", "lab", "--passphrase-file", "missing"} << 3;
    QTest::newRow("an empty passphrase") << QStringList{"new", "lab", "--passphrase-file", "/dev/null"} << 3;
    QTest::newRow("export of nothing") << QStringList{"export", "lab", "-o", "out"} << 3;
    QTest::newRow("export of the public key") << QStringList{"export", "public", "-o", "out"} << 2;
    QTest::newRow("export to nowhere") << QStringList{"export", "lab"} << 2;
    QTest::newRow("import of nothing") << QStringList{"import", "missing"} << 3;
}

void TestCliKey::refused() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    const Run refused = run(arguments);
    QVERIFY2(refused.status == status, QByteArray::number(refused.status) + refused.err);
    QVERIFY(refused.out.isEmpty());
    QVERIFY(!refused.err.isEmpty());
    QVERIFY(!QFile::exists(at("workspace/keys")));
}

SIGNET_TEST(TestCliKey)
#include "test_cli_key.moc"
