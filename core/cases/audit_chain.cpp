#include "core/cases/audit_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/cases/sql_row.h"

namespace signet::cases {
namespace {

const std::array<RecordedTable, 11> kTables{{
    {"case_info",
     {"title", "number", "examiner", "organisation", "customer", "description", "created_utc", "closed",
      "fields_json", "folder"}},
    {"evidence",
     {"sha256", "md5", "size", "original_path", "original_path_hex", "copy_path", "received_utc",
      "received_by", "received_from", "modified_utc", "duplicate_of", "note"}},
    {"custody_event", {"evidence_id", "utc", "actor", "action", "details"}},
    {"examination",
     {"evidence_id", "method", "method_version", "models_json", "params_json", "device", "host", "examiner",
      "started_utc", "finished_utc", "outcome", "problem", "record_json"}},
    {"artifact", {"examination_id", "kind", "path", "sha256"}},
    {"finding",
     {"evidence_id", "examination_id", "status", "comment", "region_json", "params_json", "created_utc",
      "author", "removed"}},
    {"tag", {"name", "shortcut"}},
    {"evidence_tag", {"evidence_id", "tag_id", "removed"}},
    {"finding_tag", {"finding_id", "tag_id", "removed"}},
    {"report",
     {"version", "supersedes", "format", "path", "sha256", "status", "created_utc", "author", "audit_head"}},
    {"registered_code",
     {"code", "bits", "model", "holder", "issued_utc", "notes", "removed"},
     "fingerprint",
     {"key_fingerprint", "picture_hash", "picture_sha256"}},
}};

AuditEntry readEntry(RowReader& row) {
    AuditEntry entry;
    entry.seq = row.integer();
    entry.utc = row.text();
    entry.actor = row.text();
    entry.action = row.text();
    entry.subject = row.text();
    entry.details = row.text();
    entry.previousHash = row.text();
    entry.hash = row.text();
    return entry;
}

constexpr const char* kAuditColumns = "seq, utc, actor, action, subject, details, previous_hash, hash";

}  // namespace

std::span<const RecordedTable> recordedTables() {
    return kTables;
}

const RecordedTable& recordedTable(const std::string& name) {
    return *std::find_if(kTables.begin(), kTables.end(),
                         [&](const RecordedTable& table) { return name == table.name; });
}

std::string RecordedRow::digest(const std::string& table) const {
    Json row = Json::array({table, id});
    for (const std::string& value : values) row.push_back(value);
    return sha256Hex(row.dump(-1, ' ', true, Json::error_handler_t::replace));
}

std::string subjectNow(const std::string& subject) {
    for (const RecordedTable& table : kTables)
        if (table.formerName != nullptr && subject.starts_with(fmt::format("{}:", table.formerName)))
            return table.name + subject.substr(subject.find(':'));
    return subject;
}

void eachRecorded(soci::session& sql, const RecordedTable& table, RowId id,
                  const std::function<void(const RecordedRow&)>& each) {
    std::string query = "SELECT id";
    for (const char* column : table.columns) query += fmt::format(", CAST({} AS TEXT)", column);
    for (const char* column : table.laterColumns) query += fmt::format(", {}", column);
    query += fmt::format(" FROM {}", table.name);
    std::vector<SqlValue> keys;
    if (id != 0) {
        query += " WHERE id = :key1";
        keys.emplace_back(id);
    } else if (table.where != nullptr) {
        query += fmt::format(" WHERE {}", table.where);
    }
    eachRow(sql, query + " ORDER BY id", keys, [&](RowReader& row) {
        RecordedRow recorded;
        recorded.id = row.integer();
        for (std::size_t i = 0; i < table.columns.size(); ++i) recorded.values.push_back(row.text());
        for (const char* column : table.laterColumns)
            if (const std::string value = row.text(); !value.empty())
                recorded.values.push_back(fmt::format("{}={}", column, value));
        each(recorded);
    });
}

std::string hashOf(const AuditEntry& e) {
    const Json values = Json::array({e.seq, e.utc, e.actor, e.action, e.subject, e.details, e.previousHash});
    return sha256Hex(values.dump(-1, ' ', true, Json::error_handler_t::replace));
}

AuditEntry auditHead(Database& database) {
    AuditEntry head;
    head.hash = kNoPreviousHash;
    eachRow(database.sql(), fmt::format("SELECT {} FROM audit ORDER BY seq DESC LIMIT 1", kAuditColumns), {},
            [&](RowReader& row) { head = readEntry(row); });
    return head;
}

AuditEntry appendAudit(Database& database, const std::string& actor, const std::string& action,
                       const std::string& subject, const Json& details) {
    const AuditEntry head = auditHead(database);
    AuditEntry entry{head.seq + 1, utcNow(),     actor,
                     action,       subject,      details.dump(-1, ' ', false, Json::error_handler_t::replace),
                     head.hash,    std::string()};
    entry.hash = hashOf(entry);
    insertPlain(database.sql(), "audit",
                {{"seq", entry.seq},
                 {"utc", entry.utc},
                 {"actor", entry.actor},
                 {"action", entry.action},
                 {"subject", entry.subject},
                 {"details", entry.details},
                 {"previous_hash", entry.previousHash},
                 {"hash", entry.hash}});
    return entry;
}

AuditEntry recordRow(Database& database, const std::string& actor, const std::string& action,
                     const RecordedTable& table, RowId id, Json details) {
    eachRecorded(database.sql(), table, id,
                 [&](const RecordedRow& row) { details["row_sha256"] = row.digest(table.name); });
    return appendAudit(database, actor, action, fmt::format("{}:{}", table.name, id), details);
}

void eachAudit(Database& database, std::int64_t first, std::int64_t count,
               const std::function<void(const AuditEntry&)>& each) {
    std::string query = fmt::format("SELECT {} FROM audit WHERE seq >= :key1 ORDER BY seq", kAuditColumns);
    if (count > 0) query += fmt::format(" LIMIT {}", count);
    eachRow(database.sql(), query, {first}, [&](RowReader& row) { each(readEntry(row)); });
}

}  // namespace signet::cases
