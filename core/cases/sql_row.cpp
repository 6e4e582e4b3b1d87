#include "core/cases/sql_row.h"

#include <fmt/format.h>

#include <deque>

namespace signet::cases {
namespace {

/// What PostgreSQL cannot hold in a text.
void refuseNul(const std::string& text) {
    if (text.find('\0') != std::string::npos)
        throw Error(ErrorCode::BadOption, "a text with a NUL character cannot be recorded");
}

/// A statement with values bound by name, which live as long as it does.
class Bound {
public:
    explicit Bound(soci::session& sql) : m_statement(sql) {}
    void bind(const std::string& name, const SqlValue& value) {
        if (const auto* integer = std::get_if<std::int64_t>(&value)) {
            m_integers.push_back(*integer);
            m_statement.exchange(soci::use(m_integers.back(), name));
        } else if (const auto* real = std::get_if<double>(&value)) {
            m_reals.push_back(*real);
            m_statement.exchange(soci::use(m_reals.back(), name));
        } else {
            refuseNul(std::get<std::string>(value));
            m_texts.push_back(std::get<std::string>(value));
            m_statement.exchange(soci::use(m_texts.back(), name));
        }
    }
    void bindKeys(const std::vector<SqlValue>& keys) {
        for (std::size_t i = 0; i < keys.size(); ++i) bind(fmt::format("key{}", i + 1), keys[i]);
    }
    soci::statement& prepare(const std::string& query) {
        m_statement.alloc();
        m_statement.prepare(query);
        m_statement.define_and_bind();
        return m_statement;
    }
    soci::statement& statement() { return m_statement; }

private:
    soci::statement m_statement;
    std::deque<long long> m_integers;
    std::deque<double> m_reals;
    std::deque<std::string> m_texts;
};

std::string insertText(const std::string& table, const std::vector<Field>& fields) {
    std::string columns, values;
    for (const Field& field : fields) {
        columns += fmt::format("{}{}", columns.empty() ? "" : ", ", field.column);
        values += fmt::format("{}:{}", values.empty() ? "" : ", ", field.column);
    }
    return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, values);
}

}  // namespace

RowId insertRow(soci::session& sql, const std::string& table, const std::vector<Field>& fields) {
    Bound bound(sql);
    long long id = 0;
    bound.statement().exchange(soci::into(id));
    for (const Field& field : fields) bound.bind(field.column, field.value);
    soci::statement& statement = bound.prepare(insertText(table, fields) + " RETURNING id");
    statement.execute(true);
    while (statement.fetch()) {  // SQLite has inserted only when the statement has run to its end
    }
    return id;
}

void insertPlain(soci::session& sql, const std::string& table, const std::vector<Field>& fields,
                 bool ifAbsent) {
    Bound bound(sql);
    for (const Field& field : fields) bound.bind(field.column, field.value);
    bound.prepare(insertText(table, fields) + (ifAbsent ? " ON CONFLICT DO NOTHING" : "")).execute(true);
}

std::int64_t updateRows(soci::session& sql, const std::string& table, const std::vector<Field>& fields,
                        const std::string& where, const std::vector<SqlValue>& keys) {
    Bound bound(sql);
    std::string changes;
    for (const Field& field : fields) {
        changes += fmt::format("{}{} = :{}", changes.empty() ? "" : ", ", field.column, field.column);
        bound.bind(field.column, field.value);
    }
    bound.bindKeys(keys);
    soci::statement& statement =
        bound.prepare(fmt::format("UPDATE {} SET {} WHERE {}", table, changes, where));
    statement.execute(true);
    return statement.get_affected_rows();
}

std::string RowReader::text() {
    return m_row.get<std::string>(m_at++);
}

std::int64_t RowReader::integer() {
    const std::size_t at = m_at++;
    switch (m_row.get_properties(at).get_data_type()) {
        case soci::dt_integer:
            return m_row.get<int>(at);
        case soci::dt_string:
            return std::stoll(m_row.get<std::string>(at));
        default:
            return m_row.get<long long>(at);
    }
}

double RowReader::real() {
    return m_row.get<double>(m_at++);
}

Json RowReader::json() {
    return Json::parse(text());
}

void eachRow(soci::session& sql, const std::string& query, const std::vector<SqlValue>& keys,
             const std::function<void(RowReader&)>& each) {
    soci::row row;
    Bound bound(sql);
    bound.statement().exchange(soci::into(row));
    bound.bindKeys(keys);
    soci::statement& statement = bound.prepare(query);
    statement.execute(false);
    while (statement.fetch()) {
        RowReader reader(row);
        each(reader);
    }
}

std::int64_t oneNumber(soci::session& sql, const std::string& query, const std::vector<SqlValue>& keys) {
    std::int64_t number = 0;
    eachRow(sql, query, keys, [&](RowReader& row) { number = row.integer(); });
    return number;
}

}  // namespace signet::cases
