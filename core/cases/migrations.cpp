#include "core/cases/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/cases/answers.h"
#include "core/cases/sql_row.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

constexpr int kApplicationId = 0x53676e74;  ///< "Sgnt" in the SQLite header

/// The numbered files, in order.
std::map<int, fs::path> migrationFiles(const SchemaKind& kind) {
    std::map<int, fs::path> files;
    for (const fs::path& path : filesIn(dataFolder() / "resources/migrations" / kind.folder))
        if (path.extension() == ".sql") files.emplace(std::stoi(path.stem().string()), path);
    return files;
}

/// The statements of a migration for one dialect; its rules stand at the head of 0001_case.sql.
std::vector<std::string> statementsOf(const std::string& text, Dialect dialect) {
    const bool sqlite = dialect == Dialect::Sqlite;
    const std::string id =
        sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    std::vector<std::string> statements;
    std::string current;
    bool wanted = true;
    std::istringstream lines(text + "\n\n");
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("--")) {
            if (line == "-- all") wanted = true;
            if (line == "-- sqlite") wanted = sqlite;
            if (line == "-- postgresql") wanted = !sqlite;
            continue;
        }
        if (const auto at = line.find("{id}"); at != std::string::npos) line.replace(at, 4, id);
        if (!line.empty()) {
            current += line + "\n";
        } else if (!current.empty()) {
            if (wanted) statements.push_back(current);
            current.clear();
        }
    }
    return statements;
}

bool hasTable(Database& database, const std::string& name) {
    const char* query = database.dialect() == Dialect::Sqlite
                            ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :key1"
                            : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                              "current_schema() AND table_name = :key1";
    return oneNumber(database.sql(), query, {name}) > 0;
}

std::string backUp(Database& database, int schema) {
    if (database.dialect() == Dialect::Sqlite) {
        std::string backup;
        for (int n = 0; backup.empty() || fs::exists(backup); ++n)
            backup = fmt::format("{}.schema-{}{}.backup", database.location(), schema,
                                 n == 0 ? "" : fmt::format("-{}", n));
        database.sql() << "VACUUM INTO :file", soci::use(backup, "file");
        return backup;
    }
    std::string backup = fmt::format("backup_{}", schema);
    database.write([&] {
        std::vector<std::string> tables;
        eachRow(database.sql(),
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = "
                "current_schema() AND table_type = 'BASE TABLE'",
                {}, [&](RowReader& row) { tables.push_back(row.text()); });
        database.sql() << fmt::format("CREATE SCHEMA IF NOT EXISTS {}", backup);
        for (const std::string& table : tables) {
            database.sql() << fmt::format("DROP TABLE IF EXISTS {}.{}", backup, table);
            database.sql() << fmt::format("CREATE TABLE {}.{} AS TABLE {}", backup, table, table);
        }
    });
    return backup;
}

}  // namespace

const SchemaKind kCaseSchema{"case", "", "case_info", fillAnswers};

int programSchema(const SchemaKind& kind) {
    const auto files = migrationFiles(kind);
    if (files.empty()) throw Error(ErrorCode::Environment, "resources/migrations has no files");
    return files.rbegin()->first;
}

int databaseSchema(Database& database, const SchemaKind& kind) {
    int schema = 0;
    bool empty = false, ofKind = true;
    database.read([&] {
        schema = 0;
        if (hasTable(database, "schema_version"))
            schema = static_cast<int>(
                oneNumber(database.sql(), "SELECT COALESCE(MAX(version), 0) FROM schema_version"));
        ofKind = schema == 0 || hasTable(database, kind.table);
        const char* any = database.dialect() == Dialect::Sqlite
                              ? "SELECT COUNT(*) FROM sqlite_master"
                              : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                                "current_schema()";
        empty = oneNumber(database.sql(), any) == 0;
    });
    if (!ofKind || (schema == 0 && !empty))
        throw Error(ErrorCode::Corrupt,
                    fmt::format("{} is a database, but no {} of Signet",
                                toUtf8(withoutPassword(database.location())), kind.holds));
    return schema;
}

std::string migrate(Database& database, int target, const SchemaKind& kind) {
    const int from = databaseSchema(database, kind);
    std::string backup;
    if (from > 0 && from < target) backup = backUp(database, from);
    for (const auto& migration : migrationFiles(kind)) {
        const int number = migration.first;
        if (number <= from || number > target) continue;
        const std::vector<std::string> statements =
            statementsOf(readTextFile(migration.second), database.dialect());
        const auto apply = [&] {
            if (number == 1) {
                database.sql()
                    << "CREATE TABLE schema_version (version BIGINT PRIMARY KEY, applied_utc TEXT NOT NULL)";
                if (database.dialect() == Dialect::Sqlite)
                    database.sql() << fmt::format("PRAGMA application_id = {}", kApplicationId);
            }
            for (const std::string& statement : statements) database.sql() << statement;
            if (from > 0 && number == target && kind.afterUpgrade != nullptr) kind.afterUpgrade(database);
            insertPlain(database.sql(), "schema_version",
                        {{"version", std::int64_t{number}}, {"applied_utc", utcNow()}});
        };
        number == 1 ? database.writeAside(apply) : database.write(apply);
    }
    return backup;
}

}  // namespace signet::cases
