#pragma once

#include <sys/types.h>

#include <QString>
#include <QTemporaryDir>
#include <memory>
#include <string>

namespace signet::test {

/// A PostgreSQL server of the tests' own: a cluster in a temporary folder, on a free port of 127.0.0.1, run
/// by the user "postgres" where the tests run as root (the server refuses root). Stopped and removed at the
/// end.
class PostgresServer {
public:
    /// Nothing, with the reason in why, where Debian's package "postgresql" is not installed.
    static std::unique_ptr<PostgresServer> start(QString* why);
    ~PostgresServer();

    /// URL of a new empty database.
    std::string newDatabase();
    /// As "pg_ctl stop -m fast" and "start" do; both wait until it is done.
    void stop();
    void startAgain();
    /// The URL as key=value pairs, which SOCI takes.
    static std::string pairs(const std::string& url);
    /// Runs statements past the program; throws std::runtime_error.
    void execute(const std::string& url, const std::string& sql);

private:
    PostgresServer() = default;
    bool run(const QString& program, const QStringList& arguments, QString* output = nullptr) const;

    QTemporaryDir m_folder;
    QString m_binaries;
    uid_t m_user = 0;  ///< Who runs the server; 0: whoever runs the tests.
    gid_t m_group = 0;
    int m_port = 0;
    int m_databases = 0;
};

}  // namespace signet::test
