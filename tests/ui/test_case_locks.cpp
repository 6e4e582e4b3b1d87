// The locks of an open case hold whatever this process does with the case's files beside SQLite: file dialogs
// list them, code reads them. Started with --writer CASE NAME it is one of two processes that write at once.
#include <fcntl.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QApplication>
#include <QFileDialog>
#include <QFileSystemModel>
#include <QProcess>
#include <QTest>
#include <iostream>
#include <set>
#include <thread>

#include "core/base/file_io.h"
#include "core/cases/case_store.h"
#include "core/cases/verify.h"
#include "tests/support/soak.h"
#include "ui/bridge/loaded_image.h"
#include "ui/intake/file_dialogs.h"

using namespace signet;
namespace fs = std::filesystem;

namespace {

constexpr int kWaitMs = 30'000;
constexpr int kRounds = 200;     ///< of a soak
constexpr int kLeastWrites = 3;  ///< of each writer before one is closed and one killed
constexpr int kPauseMs = 5;      ///< between two writes, so that neither is kept waiting by the other

cases::CaseStore openStore(const QString& file, const std::string& actor) {
    cases::OpenOptions options;
    options.actor = actor;
    return {file.toStdString(), options};
}

const QString kCase = QStringLiteral("one.case");
const QString kFolder = QStringLiteral("a folder");

QString makeCase(const QString& folder) {
    QString file = folder + QLatin1Char('/') + kCase;
    QDir(folder).mkdir(kFolder);
    cases::CaseInfo info;
    info.title = "Locks";
    info.examiner = "test";
    cases::CaseStore::create(file.toStdString(), info, {});
    return file;
}

/// The lines of /proc/locks that are about these files, without their numbers.
QStringList locksOf(const QString& file) {
    std::set<std::string> inodes;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        struct stat status {};
        if (::stat((file + QLatin1String(suffix)).toLocal8Bit().constData(), &status) == 0)
            inodes.insert(std::to_string(status.st_ino));
    }
    QStringList found;
    QFile all(QStringLiteral("/proc/locks"));  // has no size to go by
    if (!all.open(QIODevice::ReadOnly)) return {};
    for (const QString& line : QString::fromLatin1(all.readAll()).split(QLatin1Char('\n'))) {
        const QStringList words = line.simplified().split(QLatin1Char(' '));
        if (words.size() >= 8 && words[1] != QLatin1String("->") &&
            inodes.contains(words[5].section(QLatin1Char(':'), -1).toStdString()))
            found << words.mid(1).join(QLatin1Char(' '));
    }
    found.sort();
    return found;
}

/// One of the program's dialogs.
struct Dialog {
    const char* name;
    QString lists;  ///< of what is in the folder, what it shows
    std::function<void(QWidget*, const QString&)> show;
};

const std::vector<Dialog>& dialogs() {
    static const ui::FileDialogs::Done kNothing = [](const QStringList&) {};
    static const std::vector<Dialog> kAll = {
        {"openFilesDialog", kFolder,
         [](QWidget* w, const QString& at) { ui::FileDialogs::openFiles(w, {}, at, kNothing); }},
        {"openFileDialog", kCase,
         [](QWidget* w, const QString& at) { ui::FileDialogs::openFile(w, {}, at, {}, kNothing); }},
        {"openFolderDialog", kFolder,
         [](QWidget* w, const QString& at) { ui::FileDialogs::openFolder(w, {}, at, kNothing); }},
        {"saveFileDialog", kCase,
         [](QWidget* w, const QString& at) {
             ui::FileDialogs::saveFile(w, {}, at + QStringLiteral("/new.case"), {}, kNothing);
         }},
    };
    return kAll;
}

/// Shows it and, once what is in the folder stands in it with an icon, closes it. Whether that came.
bool browse(const Dialog& dialog, const QString& folder) {
    QWidget parent;
    dialog.show(&parent, folder);
    auto* shown = parent.findChild<QFileDialog*>(QLatin1String(dialog.name));
    if (shown == nullptr) return false;
    auto* files = shown->findChild<QFileSystemModel*>();
    const bool came = QTest::qWaitFor(
        [&] {
            const QModelIndex at = files->index(folder + QLatin1Char('/') + dialog.lists);
            return at.isValid() && !files->fileIcon(at).isNull();
        },
        kWaitMs);
    shown->reject();
    return came;
}

/// Writes codes, and names each on stdout once it is recorded, until stdin is closed.
int write(const QString& file, const QString& name) {
    cases::CaseStore store = openStore(file, name.toStdString());
    for (const Dialog& dialog : dialogs())
        if (!browse(dialog, QFileInfo(file).absolutePath())) return 2;
    std::cout << "ready" << std::endl;
    for (unsigned i = 0;; ++i) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, kPauseMs) > 0) return 0;
        cases::RegisteredCode code;
        code.holder = QStringLiteral("%1 %2").arg(name).arg(i).toStdString();
        code.hex = QStringLiteral("%1")
                       .arg(qHash(QString::fromStdString(code.holder)) & 0xffffffff, 8, 16, QLatin1Char('0'))
                       .toStdString();
        code.bits = 32;
        store.codes().add(code);
        std::cout << "wrote " << code.holder << std::endl;
    }
}

QString integrityOf(const QString& file) {
    sqlite3* database = nullptr;
    QString answer;
    if (sqlite3_open_v2(file.toUtf8().constData(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK)
        sqlite3_exec(
            database, "PRAGMA integrity_check",
            [](void* to, int, char** values, char**) {
                *static_cast<QString*>(to) += QString::fromUtf8(values[0]);
                return 0;
            },
            &answer, nullptr);
    sqlite3_close(database);
    return answer;
}

/// A writer process and what it has been told is recorded.
class Writer {
public:
    Writer(const QString& file, const QString& name) {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--writer"), file, name});
    }
    bool hasWritten(int count) {
        return QTest::qWaitFor(
            [&] {
                read();
                return m_ready && int(m_holders.size()) >= count;
            },
            kWaitMs);
    }
    /// Its exit status.
    int close() {
        m_process.closeWriteChannel();
        return ended() ? m_process.exitCode() : -1;
    }
    bool kill() {
        m_process.kill();
        return ended();
    }
    const std::set<std::string>& holders() const { return m_holders; }

private:
    bool ended() {
        const bool over = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(kWaitMs);
        read();
        return over;
    }
    void read() {
        m_text += m_process.readAllStandardOutput();
        for (qsizetype end; (end = m_text.indexOf('\n')) >= 0; m_text.remove(0, end + 1)) {
            const QByteArray line = m_text.left(end);
            if (line == "ready") m_ready = true;
            if (line.startsWith("wrote ")) m_holders.insert(line.mid(6).toStdString());
        }
    }

    QProcess m_process;
    QByteArray m_text;
    bool m_ready = false;
    std::set<std::string> m_holders;
};

}  // namespace

class TestCaseLocks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void dialogsLeaveTheLocks_data();
    void dialogsLeaveTheLocks();
    void dialogsOpenNoFile();
    void readingLeavesTheLocks();
    void locksKeepOthersOut();
    void locksGoWithTheLastConnection();
    void oneIsClosedOneIsKilled();
};

void TestCaseLocks::dialogsLeaveTheLocks_data() {
    QTest::addColumn<int>("dialog");
    for (int i = 0; i < int(dialogs().size()); ++i) QTest::newRow(dialogs()[std::size_t(i)].name) << i;
}
void TestCaseLocks::dialogsLeaveTheLocks() {
    QFETCH(int, dialog);
    const QTemporaryDir folder;
    const QString file = makeCase(folder.path());
    cases::CaseStore store = openStore(file, "test");
    (void)store.info();
    const QStringList before = locksOf(file);
    QVERIFY(!before.isEmpty());
    QVERIFY(browse(dialogs()[std::size_t(dialog)], folder.path()));
    QCOMPARE(locksOf(file), before);
}

/// Names are enough for the icons.
void TestCaseLocks::dialogsOpenNoFile() {
    const QTemporaryDir folder;
    const QString file = folder.filePath(kCase);
    QVERIFY(QDir(folder.path()).mkdir(kFolder));
    const QString nameless = folder.filePath(QStringLiteral("no_ending"));
    for (const QString& name : {file, nameless}) {
        QFile made(name);
        QVERIFY(made.open(QIODevice::WriteOnly));
        made.write("SQLite format 3");
    }
    const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (const QString& name : {file, nameless})
        QVERIFY(::inotify_add_watch(watch, name.toLocal8Bit().constData(), IN_OPEN) >= 0);
    for (const Dialog& dialog : dialogs()) {
        QVERIFY(browse(dialog, folder.path()));
        std::array<char, 4096> events{};
        QVERIFY2(::read(watch, events.data(), events.size()) < 0, dialog.name);
    }
    ::close(watch);
}

/// Hashing, decoding, a second connection: what the program does with any file it is given.
void TestCaseLocks::readingLeavesTheLocks() {
    const QTemporaryDir folder;
    const QString file = makeCase(folder.path());
    cases::CaseStore store = openStore(file, "test");
    (void)store.info();
    const QStringList before = locksOf(file);
    QVERIFY(!before.isEmpty());
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const fs::path path = (file + QLatin1String(suffix)).toStdString();
        (void)readFile(path);
        QVERIFY(!ui::loadImage(path)->error.empty());
    }
    QCOMPARE(locksOf(file), before);
    {
        cases::CaseStore second = openStore(file, "second");
        (void)second.info();
    }
    QCOMPARE(locksOf(file), before);
    std::thread([&] { (void)openStore(file, "third").info(); }).join();
    QCOMPARE(locksOf(file), before);
}

/// A program with SQLite's own locks, as an older Signet is, waits for a transaction of this one.
void TestCaseLocks::locksKeepOthersOut() {
    const QTemporaryDir folder;
    const QString file = makeCase(folder.path());
    cases::CaseStore store = openStore(file, "test");
    (void)store.info();
    QVERIFY(browse(dialogs().front(), folder.path()));
    // whoever closes the case last takes the log away: with POSIX locks that is byte 0x40000002 onwards
    const int other = ::open(file.toLocal8Bit().constData(), O_RDWR | O_CLOEXEC);
    struct flock exclusive {};
    exclusive.l_type = F_WRLCK;
    exclusive.l_whence = SEEK_SET;
    exclusive.l_start = 0x40000002;
    exclusive.l_len = 510;
    QVERIFY(::fcntl(other, F_SETLK, &exclusive) != 0);
    ::close(other);
    (void)store.info();
}

void TestCaseLocks::locksGoWithTheLastConnection() {
    const QTemporaryDir folder;
    const QString file = makeCase(folder.path());
    {
        auto first = std::make_unique<cases::CaseStore>(openStore(file, "first"));
        (void)first->info();
        cases::CaseStore second = openStore(file, "second");
        (void)second.info();
        first.reset();
        QVERIFY(!locksOf(file).isEmpty());
        (void)second.info();
    }
    QCOMPARE(locksOf(file), QStringList());
    QVERIFY(!QFile::exists(file + QStringLiteral("-wal")));  // the last one wrote the log back
}

/// Two processes write at once, each after its user looked at the folder in every dialog; one is closed, one
/// is killed.
void TestCaseLocks::oneIsClosedOneIsKilled() {
    const QTemporaryDir folder;
    const QString file = makeCase(folder.path());
    std::set<std::string> acknowledged;
    const int rounds = test::repeats(kRounds);
    for (int round = 0; round < rounds; ++round) {
        Writer closed(file, QStringLiteral("closed %1").arg(round));
        Writer killed(file, QStringLiteral("killed %1").arg(round));
        QVERIFY(closed.hasWritten(kLeastWrites) && killed.hasWritten(kLeastWrites));
        if (round % 2 == 0) QVERIFY(killed.kill());
        QCOMPARE(closed.close(), 0);
        QVERIFY(killed.kill());
        for (const Writer* writer : {&closed, &killed})
            acknowledged.insert(writer->holders().begin(), writer->holders().end());

        QCOMPARE(integrityOf(file), QStringLiteral("ok"));
        cases::CaseStore store = openStore(file, "test");
        std::set<std::string> recorded;
        for (const cases::RegisteredCode& code : store.codes().valid()) recorded.insert(code.holder);
        for (const std::string& holder : acknowledged)
            QVERIFY2(recorded.contains(holder),
                     qPrintable(
                         QStringLiteral("round %1 lost %2").arg(round).arg(QString::fromStdString(holder))));
        const auto verification = cases::verify(store, {}, {});
        QVERIFY2(verification.ok(),
                 verification.problems.empty() ? "" : verification.problems[0].message.c_str());
    }
    QVERIFY(int(acknowledged.size()) >= 2 * rounds * kLeastWrites);
}

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--writer"))
        return write(arguments[2], arguments[3]);
    TestCaseLocks test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_case_locks.moc"
