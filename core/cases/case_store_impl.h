#pragma once

#include "core/cases/audit_chain.h"
#include "core/cases/case_store.h"
#include "core/cases/database.h"
#include "core/cases/sql_row.h"

namespace signet::cases {

struct CaseStore::Impl {
    Impl(const std::string& location, const OpenOptions& options, bool create)
        : options(options), database(location, options.readOnly, create, options.patienceSeconds) {}

    soci::session& sql() { return database.sql(); }
    /// An action on a recorded row, with its custody event where it is about an exhibit.
    void record(const std::string& action, const std::string& table, RowId id,
                Json details = Json::object()) {
        recordRow(database, options.actor, action, table, id, std::move(details));
    }
    void custody(RowId evidence, const std::string& action, const std::string& details);

    OpenOptions options;
    Database database;
    std::filesystem::path folder;
    std::string readOnlyReason;
};

}  // namespace signet::cases
