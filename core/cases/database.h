#pragma once

#include <soci/soci.h>

#include <filesystem>
#include <functional>
#include <string>

#include "core/cases/database_url.h"

namespace signet::cases {

/// One connection to a case's database. Errors of SOCI become signet::Error here and nowhere else.
class Database {
public:
    /// create: the SQLite file must not be there yet, a PostgreSQL database must be there. Throws NotFound,
    /// NoPermission, Corrupt, Exists, Environment.
    Database(const std::string& location, bool readOnly, bool create, double patienceSeconds);

    Dialect dialect() const { return m_dialect; }
    soci::session& sql() { return m_session; }
    bool readOnly() const { return m_readOnly; }
    const std::string& location() const { return m_location; }

    /// Runs body in a transaction that writes (on SQLite it is a writer from the first statement on; on
    /// PostgreSQL all writers of a case come one after another, for the chain of the audit log). When the
    /// server's connection is lost it is made again, for as long as patience allows, and body runs once more:
    /// body must be repeatable.
    void write(const std::function<void()>& body);
    /// A write that adds nothing to the audit chain: it need not come in the chain's order.
    void writeAside(const std::function<void()>& body);
    /// Runs body in a transaction that sees one state of the database, with the same patience.
    void read(const std::function<void()>& body);

    /// Has SQLite keep up to so many MiB of the file in memory, in place of 2; a server has its own rule.
    void keepInMemory(int mib);

    /// SQL of "now" in ms since 1970 by the database's clock.
    const char* nowMs() const;

private:
    void connect(bool create);
    void refuseReadOnly() const;
    void transaction(const char* begin, const std::function<void()>& body);
    void reconnect(double* patience);
    [[noreturn]] void rethrow();

    std::string m_location;
    Dialect m_dialect;
    bool m_readOnly;
    double m_patienceSeconds;
    bool m_inTransaction = false;
    soci::session m_session;
};

}  // namespace signet::cases
