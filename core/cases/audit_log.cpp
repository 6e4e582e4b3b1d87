#include "core/cases/audit_log.h"

#include "core/cases/case_connection.h"

namespace signet::cases {

AuditEntry AuditLog::head() {
    AuditEntry entry;
    m_case.database.read([&] { entry = auditHead(m_case.database); });
    return entry;
}

std::vector<AuditEntry> AuditLog::entries(std::int64_t first, std::int64_t count) {
    std::vector<AuditEntry> entries;
    m_case.database.read([&] {
        entries.clear();
        eachAudit(m_case.database, first, count, [&](const AuditEntry& entry) { entries.push_back(entry); });
    });
    return entries;
}

void AuditLog::note(const std::string& action, const std::string& subject, const Json& details) {
    m_case.database.write([&] { appendAudit(m_case.database, m_case.actor, action, subject, details); });
}

std::set<std::string> AuditLog::actors() {
    std::set<std::string> actors;
    m_case.database.read([&] {
        actors.clear();
        eachRow(m_case.sql(),
                "SELECT received_by FROM evidence UNION SELECT examiner FROM examination UNION SELECT author "
                "FROM finding WHERE params_json NOT LIKE '%\"integrity\"%'",
                {}, [&](RowReader& row) { actors.insert(row.text()); });
    });
    return actors;
}

}  // namespace signet::cases
