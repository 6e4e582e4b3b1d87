#pragma once

#include <set>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// The exhibits of a case (see CaseStore).
class Exhibits {
public:
    explicit Exhibits(CaseConnection& connection) : m_case(connection) {}

    /// Records exhibits with their custody events; ids are filled in. One whose path and SHA-256 are in the
    /// case already is not recorded again: it gets that one's id and false in the result.
    std::vector<bool> add(std::span<Exhibit> items);
    std::vector<Exhibit> all();
    std::vector<Exhibit> withIds(const std::set<RowId>& ids);
    /// Throws NotFound.
    Exhibit byId(RowId id);
    std::filesystem::path fileOf(const Exhibit& exhibit) const;  ///< the copy, or the original
    void setNote(RowId exhibit, const std::string& note);

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
