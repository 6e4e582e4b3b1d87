#pragma once

#include <functional>
#include <memory>

#include "core/cases/audit_log.h"
#include "core/cases/code_register.h"
#include "core/cases/custody.h"
#include "core/cases/exhibits.h"
#include "core/cases/findings.h"
#include "core/cases/report_register.h"
#include "core/cases/results.h"
#include "core/cases/tags.h"
#include "core/cases/work_queue.h"

namespace signet::cases {

struct OpenOptions {
    std::string actor;      ///< the examiner's name that every action is recorded with
    bool readOnly = false;  ///< writes nothing, not even what a reader of SQLite's journal would
    /// Where copies and artifacts are; empty: "<file>.files" beside a SQLite file, for PostgreSQL the folder
    /// that was given when the case was made.
    std::filesystem::path folder;
    double patienceSeconds = 60;  ///< how long to wait for a database server that is away
};

/// A case in its database: a SQLite file, or a PostgreSQL database (postgresql:// URL). One object is one
/// connection, for one thread at a time; several objects and processes may have a case open, each change is
/// one transaction with its entry in the audit chain. What is in a case is reached by subject; a subject is a
/// handle on the connection, valid as long as the store. Errors are signet::Error: NotFound, NoPermission,
/// Corrupt (no case, or a damaged one), Environment (locked, server away), DiskFull, Exists, BadOption.
class CaseStore {
public:
    /// Makes a new case. Throws Exists where there is one.
    static void create(const std::string& location, const CaseInfo& info, const OpenOptions& options);

    /// Opens a case. An older schema is brought up to date after a backup; a newer one is opened read-only.
    CaseStore(const std::string& location, const OpenOptions& options);
    ~CaseStore();
    CaseStore(CaseStore&&) noexcept;

    const std::string& location() const;
    const std::string& actor() const;
    void setActor(const std::string& actor);
    const std::filesystem::path& folder() const;  ///< of copies and artifacts
    bool readOnly() const;
    /// Why nothing can be written; empty for a case opened for writing.
    const std::string& readOnlyReason() const;

    CaseInfo info();
    void setInfo(const CaseInfo& info);

    Exhibits exhibits() { return Exhibits(*m_connection); }
    CustodyLog custody() { return CustodyLog(*m_connection); }
    WorkQueue work() { return WorkQueue(*m_connection); }
    Results results() { return Results(*m_connection); }
    CodeRegister codes() { return CodeRegister(*m_connection); }
    Findings findings() { return Findings(*m_connection); }
    Tags tags() { return Tags(*m_connection); }
    ReportRegister reports() { return ReportRegister(*m_connection); }
    AuditLog audit() { return AuditLog(*m_connection); }

    /// Runs body as one transaction: all its changes or none. It runs once more where a server's connection
    /// was lost, so it must be repeatable.
    void write(const std::function<void()>& body);

    /// For core/cases alone.
    CaseConnection& connection() { return *m_connection; }

private:
    std::unique_ptr<CaseConnection> m_connection;
};

}  // namespace signet::cases
