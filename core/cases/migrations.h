#pragma once

#include "core/cases/database.h"

namespace signet::cases {

/// Of this program: the number of the last file in resources/migrations.
int programSchema();

/// Of the database; 0: none yet. Throws Corrupt where the database is something else.
int databaseSchema(Database& database);

/// Runs the migrations from the database's schema to target, each in a transaction. Where the database holds
/// a case already, a backup is made first (SQLite: "<file>.schema-N.backup" beside it; PostgreSQL: a schema
/// "backup_N" with copies of all tables). Returns the backup's name, empty when none was needed.
std::string migrate(Database& database, int target);

}  // namespace signet::cases
