#pragma once

#include "core/report/report_content.h"

namespace signet::report {

// Parts of the JSON report that the portable export has as well (report-schema.json).

Json exhibitJson(const ExhibitContent& exhibit);
Json caseJson(const ReportContent& content);
Json auditJson(const cases::AuditEntry& entry);

}  // namespace signet::report
