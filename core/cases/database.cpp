#include "core/cases/database.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <chrono>
#include <memory>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/cases/sqlite_locks.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

constexpr int kBusySeconds = 10;  ///< a writer waits so long for another

/// Thrown inside, where a connection is gone and the work can be done again on a new one.
struct ConnectionLost {
    std::string message;
};

/// path as a SQLite URI: everything but plain characters as %XX.
std::string sqliteUri(const fs::path& path, const std::string& parameters) {
    std::string uri = "file:";
    for (const unsigned char c : fs::absolute(path).string()) {
        const bool plain = std::isalnum(c) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
        uri += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    }
    return uri + "?" + parameters;
}

/// Once, before SQLite is used: file names may be URIs.
void allowUris() {
    static const int result = sqlite_api::sqlite3_config(SQLITE_CONFIG_URI, 1);
    (void)result;
}

/// A postgresql:// URL as the pairs SOCI takes, which knows no URLs and no quoted values.
std::string connectionPairs(const std::string& url) {
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), &message), &PQconninfoFree);
    if (!options) {
        const std::string text = message == nullptr ? "not a URL of a database server" : message;
        PQfreemem(message);
        throw Error(ErrorCode::BadOption, fmt::format("{}: {}", withoutPassword(url), text));
    }
    std::string pairs;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        const std::string value = option->val;
        if (value.empty() || value.find_first_of(" '\\") != std::string::npos)
            throw Error(
                ErrorCode::BadOption,
                fmt::format("the {} in the URL is empty or has a space, a quote or a backslash; put a "
                            "password like that into ~/.pgpass",
                            option->keyword));
        pairs += fmt::format("{}{}={}", pairs.empty() ? "" : " ", option->keyword, value);
    }
    return pairs;
}

/// What only the bytes of the file say, before SQLite touches it.
void refuseOtherFiles(const fs::path& path) {
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    std::error_code error;
    if (fs::is_directory(path, error))
        throw Error(ErrorCode::Corrupt, fmt::format("{} is a folder, not a case", toUtf8(path.string())));
    std::string begin;
    readParts(path, [&](std::span<const std::uint8_t> part) {
        begin.assign(reinterpret_cast<const char*>(part.data()), std::min<std::size_t>(part.size(), 100));
        return false;
    });
    if (begin.size() < 100 || begin.compare(0, kMagic.size(), kMagic) != 0) {
        throw Error(ErrorCode::Corrupt,
                    fmt::format("{} is not a case: {}", toUtf8(path.string()),
                                begin.empty() ? "the file is empty" : "it is no SQLite database"));
    }
}

[[noreturn]] void throwSqlite(int result, const std::string& message, const std::string& where) {
    switch (result & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw Error(ErrorCode::Environment,
                        fmt::format("{} is locked by another program; try again when it is done", where));
        case SQLITE_FULL:
            throw Error(ErrorCode::DiskFull,
                        fmt::format("no space left to write {}: free some space and try again", where));
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            throw Error(ErrorCode::NoPermission, fmt::format("cannot write {}: {}", where, message));
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            throw Error(
                ErrorCode::Corrupt,
                fmt::format("{} is damaged ({}); work on a copy or on the last backup", where, message));
        case SQLITE_IOERR:
            throw Error(ErrorCode::Environment, fmt::format("cannot read or write {}: {}", where, message));
        default:
            throw Error(ErrorCode::Internal, fmt::format("{}: {}", where, message));
    }
}

}  // namespace

Database::Database(const std::string& location, bool readOnly, bool create, double patienceSeconds)
    : m_location(location),
      m_dialect(dialectOf(location)),
      m_readOnly(readOnly),
      m_patienceSeconds(patienceSeconds) {
    try {
        connect(create);
    } catch (const ConnectionLost& lost) {
        throw Error(ErrorCode::Environment, lost.message);
    }
}

void Database::connect(bool create) {
    try {
        if (m_dialect == Dialect::Postgres) {
            m_session.open(soci::postgresql, connectionPairs(m_location));
            m_session << "SET client_min_messages = warning";
            if (m_readOnly) m_session << "SET default_transaction_read_only = on";
            return;
        }
        allowUris();
        useOwnSqliteLocks();
        const fs::path path = m_location;
        if (create) {
            if (fs::exists(fs::symlink_status(path)))
                throw Error(ErrorCode::Exists,
                            fmt::format("{} exists: choose another name", toUtf8(m_location)));
        } else {
            refuseOtherFiles(path);
        }
        // Where nobody is writing, a reader needs no journal beside the file and leaves none behind.
        const bool immutable = m_readOnly && !fs::exists(fs::path(m_location + "-wal"));
        const char* mode = create        ? "mode=rwc"
                           : !m_readOnly ? "mode=rw"
                           : immutable   ? "mode=ro&immutable=1"
                                         : "mode=ro";
        m_session.open(soci::sqlite3,
                       fmt::format("dbname={} timeout={}", sqliteUri(path, mode), kBusySeconds));
        m_session << "PRAGMA foreign_keys = ON";
        m_session << "PRAGMA trusted_schema = OFF";
        if (!m_readOnly) {
            std::string journal;
            m_session << "PRAGMA journal_mode = WAL", soci::into(journal);
            m_session << "PRAGMA synchronous = FULL";
        }
    } catch (...) {
        rethrow();
    }
}

void Database::keepInMemory(int mib) {
    if (m_dialect == Dialect::Sqlite) m_session << fmt::format("PRAGMA cache_size = -{}", mib * 1024);
}

const char* Database::nowMs() const {
    return m_dialect == Dialect::Postgres ? "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
                                          : "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
}

void Database::refuseReadOnly() const {
    if (m_readOnly)
        throw Error(ErrorCode::NoPermission,
                    fmt::format("{} is open read-only", toUtf8(withoutPassword(m_location))));
}

void Database::writeAside(const std::function<void()>& body) {
    refuseReadOnly();
    transaction(m_dialect == Dialect::Sqlite ? "BEGIN IMMEDIATE" : "BEGIN", body);
}

void Database::write(const std::function<void()>& body) {
    refuseReadOnly();
    if (m_dialect == Dialect::Sqlite) return transaction("BEGIN IMMEDIATE", body);
    transaction("BEGIN", [&] {
        m_session << "LOCK TABLE audit IN EXCLUSIVE MODE";  // readers go on
        body();
    });
}

void Database::read(const std::function<void()>& body) {
    transaction(m_dialect == Dialect::Postgres ? "BEGIN ISOLATION LEVEL REPEATABLE READ" : "BEGIN", body);
}

void Database::transaction(const char* begin, const std::function<void()>& body) {
    if (m_inTransaction) return body();
    for (double patience = m_patienceSeconds;;) {
        try {
            m_inTransaction = true;
            m_session << begin;
            body();
            m_session << "COMMIT";
            m_inTransaction = false;
            return;
        } catch (...) {
            m_inTransaction = false;
            try {
                if (m_session.is_connected()) m_session << "ROLLBACK";
            } catch (const std::exception&) {  // already rolled back, or the connection is gone
            }
            try {
                rethrow();
            } catch (const ConnectionLost& lost) {
                if (patience <= 0) throw Error(ErrorCode::Environment, lost.message);
                reconnect(&patience);
            }
        }
    }
}

void Database::reconnect(double* patience) {
    using namespace std::chrono_literals;
    const auto begun = std::chrono::steady_clock::now();
    for (auto pause = 100ms;; pause = std::min<std::chrono::milliseconds>(2 * pause, 2s)) {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
        try {
            m_session.close();
            connect(false);
            *patience -= spent.count() + 0.1;
            return;
        } catch (const ConnectionLost& lost) {
            if (spent.count() > *patience) throw Error(ErrorCode::Environment, lost.message);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Environment || spent.count() > *patience) throw;
        }
        std::this_thread::sleep_for(pause);
    }
}

void Database::rethrow() {
    const std::string shown = withoutPassword(m_location);
    const std::string where = toUtf8(shown.substr(0, shown.find('?')));
    try {
        throw;
    } catch (const Error&) {
        throw;
    } catch (const soci::sqlite3_soci_error& error) {
        throwSqlite(error.result(), error.what(), where);
    } catch (const soci::postgresql_soci_error& error) {
        const std::string state = error.sqlstate();
        // class 08: connection; 57P0x: the server is shutting down or starting; none: the socket is gone
        const bool none = state.find_first_not_of(std::string_view(" \0", 2)) == std::string::npos;
        if (none || state.starts_with("08") || state.starts_with("57P"))
            throw ConnectionLost{fmt::format("the database server does not answer: {}", error.what())};
        if (state.starts_with("53100")) throw Error(ErrorCode::DiskFull, error.what());
        if (state.starts_with("42501") || state.starts_with("28"))
            throw Error(ErrorCode::NoPermission, error.what());
        if (state.starts_with("3D")) throw Error(ErrorCode::NotFound, error.what());
        throw Error(ErrorCode::Internal, fmt::format("{}: {}", where, error.what()));
    } catch (const soci::soci_error& error) {
        const std::string message = error.what();
        if (m_dialect == Dialect::Postgres && message.find("establish connection") != std::string::npos)
            throw ConnectionLost{message};
        if (message.find("not a database") != std::string::npos ||
            message.find("malformed") != std::string::npos)
            throwSqlite(SQLITE_CORRUPT, message, where);
        if (message.find("readonly") != std::string::npos ||
            message.find("unable to open") != std::string::npos)
            throwSqlite(SQLITE_CANTOPEN, message, where);
        if (message.find("full") != std::string::npos) throwSqlite(SQLITE_FULL, message, where);
        if (message.find("locked") != std::string::npos) throwSqlite(SQLITE_BUSY, message, where);
        throw Error(ErrorCode::Internal, fmt::format("{}: {}", where, message));
    }
}

}  // namespace signet::cases
