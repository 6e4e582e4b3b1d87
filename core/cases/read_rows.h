#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/cases/case_connection.h"

namespace signet::cases {

/// What read(RowReader&) makes of each row that a query gives, from one state of the database; keys as for
/// eachRow.
template <typename Read>
auto readRows(CaseConnection& store, const std::string& query, const std::vector<SqlValue>& keys,
              Read&& read) {
    std::vector<std::invoke_result_t<Read&, RowReader&>> rows;
    store.database.read([&] {
        rows.clear();
        eachRow(store.sql(), query, keys, [&](RowReader& row) { rows.push_back(read(row)); });
    });
    return rows;
}

/// Gives the tags that a query gives (the row's id, the tag's) to the rows of these ids; rows are in the
/// order of their ids.
template <typename Tagged>
void readTags(CaseConnection& store, const std::string& query, std::vector<Tagged>& rows) {
    eachRow(store.sql(), query, {}, [&](RowReader& row) {
        const RowId id = row.integer();
        const RowId tag = row.integer();
        const auto found = std::lower_bound(rows.begin(), rows.end(), id,
                                            [](const Tagged& a, RowId wanted) { return a.id < wanted; });
        if (found != rows.end() && found->id == id) found->tags.push_back(tag);
    });
}

}  // namespace signet::cases
