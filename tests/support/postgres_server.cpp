#include "tests/support/postgres_server.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QUrl>
#include <stdexcept>

#include "tests/support/free_port.h"

namespace signet::test {
namespace {

constexpr int kTimeoutMs = 120'000;

/// Folder of the newest installed version's programs; empty: none.
QString serverBinaries() {
    QDir versions("/usr/lib/postgresql");
    QStringList names = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    std::sort(names.begin(), names.end(),
              [](const QString& a, const QString& b) { return a.toInt() > b.toInt(); });
    for (const QString& name : names) {
        QString folder = versions.filePath(name + "/bin");
        if (QFile::exists(folder + "/initdb") && QFile::exists(folder + "/postgres")) return folder;
    }
    return {};
}

}  // namespace

std::unique_ptr<PostgresServer> PostgresServer::start(QString* why) {
    std::unique_ptr<PostgresServer> server(new PostgresServer);
    server->m_binaries = serverBinaries();
    if (server->m_binaries.isEmpty()) {
        *why = "no PostgreSQL server is installed (Debian: apt install postgresql)";
        return nullptr;
    }
    if (::getuid() == 0) {
        const passwd* user = ::getpwnam("postgres");  // NOLINT(concurrency-mt-unsafe): the only look-up
        if (user == nullptr ||
            ::chown(server->m_folder.path().toLocal8Bit(), user->pw_uid, user->pw_gid) != 0) {
            *why = "the tests run as root and there is no user \"postgres\" to run the server as";
            return nullptr;
        }
        server->m_user = user->pw_uid;
        server->m_group = user->pw_gid;
    }
    const QString data = server->m_folder.filePath("data");
    QString output;
    if (!server->run("initdb", {"-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"},
                     &output)) {
        *why = "initdb failed: " + output;
        return nullptr;
    }
    server->m_port = tests::freePort();
    QFile settings(data + "/postgresql.conf");
    if (!settings.open(QIODevice::Append)) {
        *why = "cannot write the server's settings";
        return nullptr;
    }
    settings.write(
        QString("\nport = %1\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n")
            .arg(server->m_port)
            .toUtf8());
    settings.close();
    server->startAgain();
    return server;
}

PostgresServer::~PostgresServer() {
    if (m_port != 0) run("pg_ctl", {"-D", m_folder.filePath("data"), "-m", "immediate", "-w", "stop"});
}

std::string PostgresServer::newDatabase() {
    const QString name = QString("case_%1").arg(++m_databases);
    const std::string url = QString("postgresql://tester@127.0.0.1:%1/").arg(m_port).toStdString();
    execute(url + "postgres", "CREATE DATABASE " + name.toStdString());
    return url + name.toStdString();
}

void PostgresServer::stop() {
    if (!run("pg_ctl", {"-D", m_folder.filePath("data"), "-m", "fast", "-w", "stop"}))
        throw std::runtime_error("the server does not stop");
}

void PostgresServer::startAgain() {
    QString output;
    if (!run("pg_ctl", {"-D", m_folder.filePath("data"), "-l", m_folder.filePath("log"), "-w", "start"},
             &output))
        throw std::runtime_error("the server does not start: " + output.toStdString());
}

std::string PostgresServer::pairs(const std::string& url) {
    const QUrl parts(QString::fromStdString(url));
    return QString("host=%1 port=%2 user=%3 dbname=%4")
        .arg(parts.host())
        .arg(parts.port())
        .arg(parts.userName(), parts.path().mid(1))
        .toStdString();
}

void PostgresServer::execute(const std::string& url, const std::string& sql) {
    QString output;
    if (!run("psql",
             {"-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", QString::fromStdString(sql),
              QString::fromStdString(url)},
             &output))
        throw std::runtime_error(output.toStdString());
}

bool PostgresServer::run(const QString& program, const QStringList& arguments, QString* output) const {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(m_folder.path());
    process.setStandardOutputFile(
        m_folder.filePath("output"));  // a pipe would stay open as long as the server runs
    if (m_user != 0) {
        process.setChildProcessModifier([user = m_user, group = m_group] {
            if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(user) != 0) ::_exit(126);
        });
    }
    process.start(m_binaries + "/" + program, arguments);
    const bool done = process.waitForFinished(kTimeoutMs) && process.exitStatus() == QProcess::NormalExit &&
                      process.exitCode() == 0;
    QFile file(m_folder.filePath("output"));
    if (output != nullptr && file.open(QIODevice::ReadOnly)) *output = QString::fromUtf8(file.readAll());
    return done;
}

}  // namespace signet::test
