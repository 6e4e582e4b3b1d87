#pragma once

#include <soci/soci.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/cases/case_types.h"

namespace signet::cases {

using SqlValue = std::variant<std::int64_t, double, std::string>;

struct Field {
    const char* column;
    SqlValue value;
};

/// INSERT of one row into a table with a self-counting id, which is returned.
RowId insertRow(soci::session& sql, const std::string& table, const std::vector<Field>& fields);
/// INSERT of many rows into a table with a self-counting id, by one statement that is prepared once. Not to
/// be kept beyond the transaction.
class NewRows {
public:
    NewRows(soci::session& sql, const std::string& table, const std::vector<const char*>& columns);
    ~NewRows();
    NewRows(const NewRows&) = delete;
    NewRows& operator=(const NewRows&) = delete;
    /// values: of the columns in their order; a column has the same type in all rows. Returns the row's id,
    /// or nothing where a row with the same key is there, which stays as it is.
    std::optional<RowId> add(const std::vector<SqlValue>& values);

private:
    struct Prepared;
    soci::session& m_sql;
    std::string m_table;
    std::vector<const char*> m_columns;
    std::unique_ptr<Prepared> m_prepared;  ///< from the first row on
};

/// INSERT of one row into any table; ifAbsent: a row with the same key stays as it is.
void insertPlain(soci::session& sql, const std::string& table, const std::vector<Field>& fields,
                 bool ifAbsent = false);
/// UPDATE of the rows that match where ("id = :key1 AND ..."; keys are bound to :key1, :key2 ...); how many.
std::int64_t updateRows(soci::session& sql, const std::string& table, const std::vector<Field>& fields,
                        const std::string& where, const std::vector<SqlValue>& keys);

/// Reads the columns of a row in order, whatever integer type the dialect gave them.
class RowReader {
public:
    explicit RowReader(const soci::row& row) : m_row(row) {}
    std::string text();
    std::int64_t integer();
    double real();
    Json json();

private:
    const soci::row& m_row;
    std::size_t m_at = 0;
};

/// Calls each with every row of a query; keys are bound to :key1, :key2 ...
void eachRow(soci::session& sql, const std::string& query, const std::vector<SqlValue>& keys,
             const std::function<void(RowReader&)>& each);

/// The one number a query gives; 0 where it gives no row.
std::int64_t oneNumber(soci::session& sql, const std::string& query, const std::vector<SqlValue>& keys = {});

}  // namespace signet::cases
