#pragma once

#include <QString>

#include "core/jobs/job_queue.h"
#include "ui/bridge/case_data.h"
#include "ui/bridge/case_report_data.h"

namespace signet::ui {

// What the Cases page says about its work, in whole sentences; the details list every item.

QString intakeText(const IntakeSummary& summary);
QString intakeDetails(const IntakeSummary& summary);
/// "1 audit entry", "12 audit entries".
QString entriesText(int count);
QString verificationText(const cases::Verification& found);
QString verificationDetails(const cases::Verification& found);
/// Empty where every exhibit is what it was.
QString integrityText(const std::vector<cases::Finding>& findings);
QString integrityDetails(const std::vector<cases::Finding>& findings);
/// left: exhibits that wait or are being examined.
QString workText(const jobs::JobInfo& work, int left);

/// What was issued, in one sentence, and its SHA-256 with what a reader must know.
QString issuedText(const ReportIssued& issued);
QString issuedDetails(const ReportIssued& issued);
QString exportedText(const CaseExported& exported);
QString exportedDetails(const CaseExported& exported);

/// "2026-11-24 23:05:39 +01:00" in the machine's time zone.
QString localTimeText(const std::string& utc);

/// Whether a case lies on a server, by its location.
bool isDatabase(const QString& location);

/// The tag of that name among known ones, or a new one with the next free key.
cases::Tag tagNamed(const std::string& name, const std::vector<cases::Tag>& known);

}  // namespace signet::ui
