#pragma once

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// The reports that were issued of a case (see CaseStore).
class ReportRegister {
public:
    explicit ReportRegister(CaseConnection& connection) : m_case(connection) {}

    /// version 0 and an empty audit head are filled in; a version that is not the next one throws Exists.
    void add(IssuedReport& report);
    std::vector<IssuedReport> all();

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
