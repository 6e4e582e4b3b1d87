#include "core/cases/report_register.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/read_rows.h"

namespace signet::cases {

void ReportRegister::add(IssuedReport& report) {
    m_case.database.write([&] {
        const auto next =
            static_cast<int>(oneNumber(m_case.sql(), "SELECT COALESCE(MAX(version), 0) + 1 FROM report"));
        if (report.version == 0) report.version = next;
        if (report.version != next)
            throw Error(
                ErrorCode::Exists,
                fmt::format("another report was issued meanwhile: this one would be version {}", next));
        report.createdUtc = utcNow();
        report.author = m_case.actor;
        if (report.auditHead.empty()) report.auditHead = auditHead(m_case.database).hash;
        report.id = insertRow(m_case.sql(), "report",
                              {{"version", std::int64_t{report.version}},
                               {"supersedes", std::int64_t{report.supersedes}},
                               {"format", report.format},
                               {"path", report.path},
                               {"sha256", report.sha256},
                               {"status", report.status},
                               {"created_utc", report.createdUtc},
                               {"author", report.author},
                               {"audit_head", report.auditHead}});
        m_case.record("report issued", "report", report.id,
                      {{"version", report.version}, {"status", report.status}, {"sha256", report.sha256}});
    });
}

std::vector<IssuedReport> ReportRegister::all() {
    return readRows(
        m_case,
        "SELECT id, version, supersedes, format, path, sha256, status, created_utc, author, audit_head "
        "FROM report ORDER BY id",
        {}, [](RowReader& row) {
            IssuedReport r;
            r.id = row.integer();
            r.version = static_cast<int>(row.integer());
            r.supersedes = static_cast<int>(row.integer());
            r.format = row.text();
            r.path = row.text();
            r.sha256 = row.text();
            r.status = row.text();
            r.createdUtc = row.text();
            r.author = row.text();
            r.auditHead = row.text();
            return r;
        });
}

}  // namespace signet::cases
