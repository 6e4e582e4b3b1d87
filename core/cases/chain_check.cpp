#include "core/cases/chain_check.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "core/cases/sql_row.h"

namespace signet::cases {
namespace {

class ChainWalk {
public:
    ChainWalk(Database& database, std::span<const RecordedTable> tables, const std::string& expectedHead)
        : m_database(database), m_tables(tables), m_expectedHead(expectedHead) {}

    ChainCheck run() {
        checkPages();
        checkChain();
        checkRows();
        return std::move(m_result);
    }

private:
    void problem(const std::string& kind, const std::string& subject, const std::string& message) {
        m_result.problems.push_back({kind, subject, message});
    }

    /// SQLite's own check of the file's pages and indexes.
    void checkPages() {
        if (m_database.dialect() != Dialect::Sqlite) return;
        eachRow(m_database.sql(), "PRAGMA integrity_check(5)", {}, [&](RowReader& row) {
            const std::string text = row.text();
            if (text != "ok") problem("database", "database", "the file is damaged: " + text);
        });
    }

    void checkChain() {
        std::string previous = kNoPreviousHash;
        std::int64_t expected = 1;
        bool seen = m_expectedHead.empty();
        eachAudit(m_database, 0, 0, [&](const AuditEntry& entry) {
            const std::string subject = fmt::format("audit:{}", entry.seq);
            if (entry.seq != expected) {
                problem("audit", fmt::format("audit:{}", expected),
                        fmt::format("entry {} is missing from the audit log", expected));
            } else if (entry.previousHash != previous) {
                problem("audit", subject, "the entry does not follow the one before it");
            }
            if (hashOf(entry) != entry.hash)
                problem("audit", subject, "the entry was changed after it was written");
            expected = entry.seq + 1;
            previous = entry.hash;
            seen = seen || entry.hash == m_expectedHead;
            ++m_result.auditEntries;
            remember(entry);
        });
        m_result.head = previous;
        if (!seen)
            problem("audit", "audit",
                    fmt::format(
                        "the head {} of an earlier report is not in the audit log: entries were taken away "
                        "or the database was put back to an earlier state",
                        m_expectedHead));
    }

    /// The digest a row must have by the last entry about it, made with the table's name in that entry.
    void remember(const AuditEntry& entry) {
        const Json details = Json::parse(entry.details, nullptr, false);
        const auto digest = details.is_object() ? details.find("row_sha256") : details.end();
        if (details.is_object() && digest != details.end() && digest->is_string())
            m_recorded[subjectNow(entry.subject)] = {entry.subject.substr(0, entry.subject.find(':')),
                                                     digest->get<std::string>()};
    }

    void checkRows() {
        for (const RecordedTable& table : m_tables) {
            eachRecorded(m_database.sql(), table, 0, [&](const RecordedRow& row) {
                const std::string subject = fmt::format("{}:{}", table.name, row.id);
                ++m_result.rows;
                const auto recorded = m_recorded.find(subject);
                if (recorded == m_recorded.end()) {
                    problem("row", subject,
                            "the audit log knows nothing of this row: it was added past the program, "
                            "or the end of the audit log was taken away");
                    return;
                }
                if (recorded->second.digest != row.digest(recorded->second.table))
                    problem("row", subject, "the row was changed past the program");
                m_recorded.erase(recorded);
            });
        }
        for (const auto& [subject, recorded] : m_recorded)
            problem("row", subject, "the audit log tells of this row, but it is gone");
    }

    Database& m_database;
    std::span<const RecordedTable> m_tables;
    const std::string& m_expectedHead;
    ChainCheck m_result;
    struct Recorded {
        std::string table;
        std::string digest;
    };
    std::map<std::string, Recorded> m_recorded;  ///< by the row's subject
};

}  // namespace

ChainCheck checkChain(Database& database, std::span<const RecordedTable> tables,
                      const std::string& expectedHead) {
    return ChainWalk(database, tables, expectedHead).run();
}

}  // namespace signet::cases
