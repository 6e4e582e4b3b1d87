#pragma once

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// What analysts state about the exhibits of a case (see CaseStore).
class Findings {
public:
    explicit Findings(CaseConnection& connection) : m_case(connection) {}

    void save(Finding& finding);  ///< id 0: a new one
    void remove(RowId id);        ///< throws NotFound
    std::vector<Finding> all();
    std::vector<Finding> of(RowId exhibit);

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
