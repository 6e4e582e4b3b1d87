#pragma once

#include <QByteArray>
#include <QList>
#include <QStringList>

#include "core/report/issue.h"
#include "core/report/writers.h"
#include "support/case_folder.h"

namespace signet::test {

QByteArray written(const report::ReportContent& content, const report::ReportWriter& writer);

/// Rows and cells after RFC 4180; empty where the text breaks its rules.
QList<QStringList> parseCsv(const QString& text);

/// Leaves bytes as a file in the folder $SIGNET_TEST_OUTPUT, where there is one, to be looked at.
void keep(const char* name, const QByteArray& bytes);

/// The folder of a test of reports, and reports of the case in it.
class ReportFolder : protected CaseFolder {
protected:
    /// One with a code of a registered holder and a second model, one without a signature, one in between.
    void threeExhibits();
    report::ReportContent collect(const report::ReportOptions& options = {});
    /// In the format that name ends in.
    cases::IssuedReport issue(const std::string& name, const report::ReportOptions& options = {});
};

}  // namespace signet::test
