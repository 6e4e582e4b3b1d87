#pragma once

#include <set>
#include <span>

#include "core/cases/case_types.h"

namespace signet::cases {

struct CaseConnection;

/// The examinations that a case waits for: an exhibit is claimed by a worker for a time, and examined once
/// into the record (see CaseStore).
class WorkQueue {
public:
    explicit WorkQueue(CaseConnection& connection) : m_case(connection) {}

    /// Makes exhibits wait for an examination (again).
    void enqueue(const std::set<RowId>& exhibits);
    /// The next waiting exhibit, or one whose worker's time is over, now this worker's; nothing when none is
    /// left to claim. only: of this exhibit alone; 0: of all.
    std::optional<Exhibit> claim(const std::string& worker, int leaseSeconds, RowId only = 0);
    /// Gives one back untouched.
    void release(RowId exhibit, const std::string& worker);
    /// Makes exhibits wait that dead processes of this machine hold; which these were. The files they were
    /// making stay: see removeLeftovers (case_files.h).
    std::set<RowId> releaseFromDead();
    /// Records an examination with its artifacts; false when the exhibit was claimed by another worker
    /// meanwhile: then nothing is recorded. The id is filled in.
    bool finish(Examination& examination, std::span<Artifact> artifacts, const std::string& worker);

    struct Progress {
        std::int64_t waiting = 0, running = 0, done = 0, failed = 0;
    };
    Progress progress();

private:
    CaseConnection& m_case;
};

}  // namespace signet::cases
