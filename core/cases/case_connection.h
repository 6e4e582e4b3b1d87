#pragma once

#include "core/cases/audit_chain.h"
#include "core/cases/database.h"
#include "core/cases/sql_row.h"

namespace signet::cases {

/// The one connection that a case's subjects share, with who acts over it. For core/cases alone.
struct CaseConnection {
    /// create, patienceSeconds: see Database.
    CaseConnection(const std::string& location, bool readOnly, bool create, double patienceSeconds,
                   std::string actor)
        : database(location, readOnly, create, patienceSeconds), actor(std::move(actor)) {}

    soci::session& sql() { return database.sql(); }
    /// Records an action on a row of a recorded table; inside a write transaction.
    void record(const std::string& action, const std::string& table, RowId id,
                Json details = Json::object()) {
        recordRow(database, actor, action, recordedTable(table), id, std::move(details));
    }

    Database database;
    std::string actor;
    std::filesystem::path folder;  ///< of copies and artifacts
    std::string readOnlyReason;
};

}  // namespace signet::cases
