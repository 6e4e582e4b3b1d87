#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/cases/audit_chain.h"

namespace signet::cases {

/// What does not fit in a database or beside it.
struct Problem {
    std::string kind;     ///< "audit", "row", "evidence", "artifact", "file", "database"
    std::string subject;  ///< "audit:17", "evidence:3", of a "file" its name in the case's folder
    std::string message;
};

/// What a walk over an audit chain and the rows it tells of found.
struct ChainCheck {
    std::vector<Problem> problems;  ///< in the order found
    std::int64_t auditEntries = 0;
    std::int64_t rows = 0;
    std::string head;  ///< hash of the last entry
};

/// Walks a database's pages (SQLite's own check), its audit chain and the digests of all rows that it
/// records. expectedHead: a head hash known from before, which must be in the chain; empty: none. Inside a
/// read transaction; writes nothing.
ChainCheck checkChain(Database& database, std::span<const RecordedTable> tables,
                      const std::string& expectedHead);

}  // namespace signet::cases
