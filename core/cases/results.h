#pragma once

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// What the examinations of a case gave (see CaseStore); they are recorded by WorkQueue::finish.
class Results {
public:
    explicit Results(CaseConnection& connection) : m_case(connection) {}

    std::vector<Examination> examinations(RowId exhibit);
    std::vector<Artifact> artifacts(RowId examination);
    std::vector<Artifact> artifacts();

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
