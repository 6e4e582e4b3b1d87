#pragma once

#include <set>

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// The tags of a case, and which exhibits have them (see CaseStore). A finding's tags are saved with it.
class Tags {
public:
    explicit Tags(CaseConnection& connection) : m_case(connection) {}

    RowId save(Tag& tag);  ///< id 0: a new one, or the one of that name
    std::vector<Tag> all();
    void set(RowId exhibit, RowId tag, bool on);
    void set(const std::set<RowId>& exhibits, RowId tag, bool on);  ///< all or none

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
