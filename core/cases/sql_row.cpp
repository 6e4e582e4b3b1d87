#include "core/cases/sql_row.h"

#include <fmt/format.h>

#include <deque>
#include <utility>

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
    /// Other values of the same types, in the order in which they were bound.
    void rebind(const std::vector<SqlValue>& values) {
        std::size_t integers = 0, reals = 0, texts = 0;
        for (const SqlValue& value : values) {
            if (const auto* integer = std::get_if<std::int64_t>(&value)) {
                m_integers.at(integers++) = *integer;
            } else if (const auto* real = std::get_if<double>(&value)) {
                m_reals.at(reals++) = *real;
            } else {
                refuseNul(std::get<std::string>(value));
                m_texts.at(texts++) = std::get<std::string>(value);
            }
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

/// Runs an INSERT that returns the new row's id into what is bound; false where there was none to return.
bool inserted(soci::statement& statement) {
    if (!statement.execute(true)) return false;
    while (statement.fetch()) {  // SQLite has inserted only when the statement has run to its end
    }
    return true;
}

}  // namespace

struct NewRows::Prepared {
    explicit Prepared(soci::session& sql) : bound(sql) {}
    Bound bound;
    long long id = 0;
};

NewRows::NewRows(soci::session& sql, const std::string& table, const std::vector<const char*>& columns)
    : m_sql(sql), m_table(table), m_columns(columns) {}

NewRows::~NewRows() = default;

std::optional<RowId> NewRows::add(const std::vector<SqlValue>& values) {
    if (m_prepared) {
        m_prepared->bound.rebind(values);
    } else {
        auto prepared = std::make_unique<Prepared>(m_sql);
        prepared->bound.statement().exchange(soci::into(prepared->id));
        std::vector<Field> fields;
        for (std::size_t i = 0; i < m_columns.size(); ++i) fields.push_back({m_columns[i], values.at(i)});
        for (const Field& field : fields) prepared->bound.bind(field.column, field.value);
        prepared->bound.prepare(insertText(m_table, fields) + " ON CONFLICT DO NOTHING RETURNING id");
        m_prepared = std::move(prepared);  // not of values that were refused
    }
    if (!inserted(m_prepared->bound.statement())) return std::nullopt;
    return m_prepared->id;
}

RowId insertRow(soci::session& sql, const std::string& table, const std::vector<Field>& fields) {
    Bound bound(sql);
    long long id = 0;
    bound.statement().exchange(soci::into(id));
    for (const Field& field : fields) bound.bind(field.column, field.value);
    inserted(bound.prepare(insertText(table, fields) + " RETURNING id"));
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
