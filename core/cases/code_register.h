#pragma once

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// The registered codes of a case, which decoded ones are compared with (see CaseStore).
class CodeRegister {
public:
    explicit CodeRegister(CaseConnection& connection) : m_case(connection) {}

    /// Returns what the person must know: that codes of other holders are so like it that an image of the one
    /// can pass for a match with the other; empty: there is none. The id is filled in. Throws BadOption, also
    /// where the key's fingerprint is none.
    std::string add(RegisteredCode& code);
    /// Both throw NotFound where there is no such code, or it was withdrawn. What was examined before keeps
    /// the match it was given then.
    void change(RowId id, const std::string& holder, const std::string& notes);
    void withdraw(RowId id, const std::string& reason);  ///< reason: kept in the audit log
    /// Those that decoded codes are compared with.
    std::vector<RegisteredCode> valid();
    /// Also the withdrawn ones.
    std::vector<RegisteredCode> all();

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
