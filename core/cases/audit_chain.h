#pragma once

#include <map>
#include <span>

#include "core/cases/case_types.h"
#include "core/cases/database.h"

namespace signet::cases {

/// A table whose rows are recorded in the audit chain: each action on a row carries the SHA-256 of the row as
/// it is afterwards, so that a later change past the program does not fit.
struct RecordedTable {
    const char* name;
    std::vector<const char*> columns;  ///< texts and integers only: their text form is exact
    /// What it was called up to schema 3: entries of that time name it so, in their subject and under their
    /// digest. Null: always as now.
    const char* formerName = nullptr;
    /// Columns of a later schema, texts: an empty one is no part of the digest, so that what was recorded
    /// before it holds still.
    std::vector<const char*> laterColumns = {};
    /// Of which rows the chain tells one by one; null: of all.
    const char* where = nullptr;
};

/// A row of a recorded table: its id and its columns as texts.
struct RecordedRow {
    RowId id = 0;
    std::vector<std::string> values;  ///< of a later column "name=value"
    /// SHA-256 over [table, id, values...] as JSON; table: the name of the time.
    std::string digest(const std::string& table) const;
};

/// Those of a case.
std::span<const RecordedTable> recordedTables();
const RecordedTable& recordedTable(const std::string& name);

/// "table:id" with the name that the table has now.
std::string subjectNow(const std::string& subject);

/// Calls each with every row of a table (id 0), or with one.
void eachRecorded(soci::session& sql, const RecordedTable& table, RowId id,
                  const std::function<void(const RecordedRow&)>& each);

/// SHA-256 over [seq, utc, actor, action, subject, details, previousHash] as JSON.
std::string hashOf(const AuditEntry& entry);

/// What the first entry names as the one before.
inline constexpr const char* kNoPreviousHash =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// Adds an entry; inside a write transaction, whose order is the chain's.
AuditEntry appendAudit(Database& database, const std::string& actor, const std::string& action,
                       const std::string& subject, const Json& details);

/// The same about a row of a recorded table, with its digest as "row_sha256" in the details.
AuditEntry recordRow(Database& database, const std::string& actor, const std::string& action,
                     const RecordedTable& table, RowId id, Json details);

AuditEntry auditHead(Database& database);
void eachAudit(Database& database, std::int64_t first, std::int64_t count,
               const std::function<void(const AuditEntry&)>& each);

}  // namespace signet::cases
