#pragma once

#include <set>

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// What was done in a case, and by whom (see CaseStore). The chain itself: audit_chain.h.
class AuditLog {
public:
    explicit AuditLog(CaseConnection& connection) : m_case(connection) {}

    AuditEntry head();
    /// Entries first, first + 1, ... (at most count; 0: all).
    std::vector<AuditEntry> entries(std::int64_t first = 1, std::int64_t count = 0);
    /// An action that changes no row, e.g. an export.
    void note(const std::string& action, const std::string& subject, const Json& details);
    /// Everyone who took in, examined or assessed (by a finding) an exhibit, by name.
    std::set<std::string> actors();

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
