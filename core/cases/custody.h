#pragma once

#include <set>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// What people do with exhibits outside the program, as proposed where it is entered. Other words are taken,
/// too.
std::span<const char* const> custodyActions();

/// Why an event may not be entered under this name; empty: it may. The program's own words (received,
/// examined, ...) are kept for what it did itself.
std::string custodyActionProblem(const std::string& action);

/// Who did what with the exhibits of a case (see CaseStore).
class CustodyLog {
public:
    explicit CustodyLog(CaseConnection& connection) : m_case(connection) {}

    std::vector<CustodyEvent> of(RowId exhibit);
    /// What the program did itself.
    void add(RowId exhibit, const std::string& action, const std::string& details);
    /// Enters what a person did with exhibits; details (may be empty): who or what else was concerned, where,
    /// and when if not now. For all of them or for none. Throws BadOption (custodyActionProblem, no exhibit),
    /// NotFound.
    void enter(const std::set<RowId>& exhibits, const std::string& action, const std::string& details);

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
