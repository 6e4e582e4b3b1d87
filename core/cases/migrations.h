#pragma once

#include "core/cases/database.h"

namespace signet::cases {

/// What a database of Signet is for, and the numbered files that make its tables.
struct SchemaKind {
    const char* holds;   ///< "case": for messages
    const char* folder;  ///< of the files, below resources/migrations; "": there
    const char* table;   ///< by which a database of this kind is known
    void (*afterUpgrade)(Database& database) = nullptr;  ///< of one that held something already
};
extern const SchemaKind kCaseSchema;

/// Of this program: the number of the last file.
int programSchema(const SchemaKind& kind = kCaseSchema);

/// Of the database; 0: none yet. Throws Corrupt where the database is something else.
int databaseSchema(Database& database, const SchemaKind& kind = kCaseSchema);

/// Runs the migrations from the database's schema to target, each in a transaction. Where the database holds
/// something already, a backup is made first (SQLite: "<file>.schema-N.backup" beside it; PostgreSQL: a
/// schema "backup_N" with copies of all tables). Returns the backup's name, empty when none was needed.
std::string migrate(Database& database, int target, const SchemaKind& kind = kCaseSchema);

}  // namespace signet::cases
