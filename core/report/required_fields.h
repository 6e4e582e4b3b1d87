#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/cases/case_types.h"
#include "core/report/report_options.h"

namespace signet::report {

/// A field of a report that the case or the options give. Those with a key of CaseInfo itself (title, number,
/// examiner, organisation, customer, description) are read from there, the others from CaseInfo::fields.
struct ReportField {
    const char* key;
    const char* label;
    const char* help;    ///< one sentence for a form
    const char* clause;  ///< of ISO/IEC 17025:2017 or ISO 21043-5:2025 that asks for it; empty: none does
    bool required;       ///< a final report is refused without it
};

/// All of them, in the order of the report.
std::span<const ReportField> reportFields();

/// The value of a field: the options' own, else the case's; empty where neither has it. Throws BadOption for
/// an unknown key.
std::string fieldValue(const std::string& key, const cases::CaseInfo& info, const ReportOptions& options);

/// The required fields without a value: what keeps a report from being final. White space is no value.
std::vector<const ReportField*> missingFields(const cases::CaseInfo& info, const ReportOptions& options);

}  // namespace signet::report
