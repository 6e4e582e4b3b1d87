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
};

std::span<const RecordedTable> recordedTables();
const RecordedTable& recordedTable(const std::string& name);

/// Calls each with the id and the digest of every row of a table (id 0), or of one.
void eachDigest(soci::session& sql, const RecordedTable& table, RowId id,
                const std::function<void(RowId, const std::string&)>& each);

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
                     const std::string& table, RowId id, Json details);

AuditEntry auditHead(Database& database);
void eachAudit(Database& database, std::int64_t first, std::int64_t count,
               const std::function<void(const AuditEntry&)>& each);

}  // namespace signet::cases
