#pragma once

#include <soci/soci.h>

#include <QObject>
#include <QTemporaryDir>
#include <memory>

#include "core/cases/case_store.h"
#include "tests/support/postgres_server.h"

namespace signet::tests {

/// Where the tests keep their cases beside SQLite files; one server for all of them.
struct Backends {
    std::unique_ptr<test::PostgresServer> server;  ///< nothing: see whyNoServer
    QString whyNoServer;
};

/// Base of the tests of cases in both kinds of database: each function has a new folder, and a case in it
/// after open(). Rows of backends() are run with a SQLite file and a server.
class CaseStoreTest : public QObject {
    Q_OBJECT

public:
    explicit CaseStoreTest(const Backends& backends)
        : m_server(backends.server.get()), m_why(backends.whyNoServer) {}

protected Q_SLOTS:
    void init();
    void cleanup();

protected:
    static void backends();
    cases::OpenOptions options() const;
    void create();
    /// Makes a case; false where the row's backend is not here.
    bool open();
    bool open(bool server);
    /// A case of an older program, from tests/data; false where the row's backend is not here.
    bool openOld(int schema);
    cases::CaseStore reopen() const { return cases::CaseStore(m_location, options()); }

    /// A connection of somebody who does not use the program.
    std::unique_ptr<soci::session> pastTheProgram() const;
    void execute(const QString& statements) const;
    void dropTriggers() const;

    std::filesystem::path write(const std::string& name, const std::string& content) const;
    /// Takes in files of their own bytes: "exhibit 1", ...
    void add(cases::CaseStore& store, int count) const;

    test::PostgresServer* m_server;
    QString m_why;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_location;
};

/// Texts that break careless programs: quotes, control characters, a right-to-left override, and length.
std::string hostileText();

/// A signature with a code was found, or the file could not be read.
cases::Examination examinationOf(const cases::Exhibit& exhibit, bool done = true);

// The tests of this executable, by subject.
std::unique_ptr<QObject> exhibitTests(const Backends& backends);
std::unique_ptr<QObject> codeTests(const Backends& backends);
std::unique_ptr<QObject> integrityTests(const Backends& backends);
std::unique_ptr<QObject> schemaTests(const Backends& backends);

}  // namespace signet::tests
