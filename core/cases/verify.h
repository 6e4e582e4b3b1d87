#pragma once

#include "core/base/progress.h"
#include "core/cases/case_store.h"
#include "core/cases/chain_check.h"

namespace signet::cases {

struct Verification {
    std::vector<Problem> problems;  ///< in the order found; the first is the first thing that does not fit
    std::int64_t auditEntries = 0;
    std::int64_t rows = 0;
    std::int64_t exhibitFiles = 0;
    std::int64_t artifacts = 0;
    std::vector<Problem> history;  ///< what did not fit once and does now, with when it was found
    std::string head;              ///< hash of the last audit entry
    /// Names in the case's folder of what is not recorded yet: an intake or examination goes on, or was cut
    /// off. No problem.
    std::vector<std::string> underWay;
    bool ok() const { return problems.empty(); }
};

struct VerifyOptions {
    bool files = true;  ///< also hash exhibits and artifacts, and look for files that are not registered
    /// A head hash printed in an earlier report: it must be in the chain. Only this finds a database that was
    /// put back whole to an earlier state.
    std::string expectedHead;
};

/// Walks the audit chain, the digests of all recorded rows, the exhibits' and artifacts' SHA-256, and the
/// case's folder for files that are not registered (case_files.h). Writes nothing.
Verification verify(CaseStore& store, const VerifyOptions& options, const WorkContext& context);

/// What is wrong with a file that was recorded with a SHA-256; empty when all is well.
std::string fileProblem(const std::filesystem::path& path, const std::string& sha256);

/// Records once that an exhibit is not what it was: a finding (Warning) and a custody event.
void recordMismatch(CaseStore& store, RowId exhibit, const std::string& problem);

/// Records that an exhibit which was not what it had been is as recorded: its findings of that kind say so
/// and stay as history (to be checked; params "restored_utc"), a custody event tells of it. Does nothing
/// where there is none.
void recordRestored(CaseStore& store, RowId exhibit);

/// Whether a finding says that an exhibit is not what was taken in, and nothing since that it is again.
bool isOpenMismatch(const Finding& finding);

/// Hashes one exhibit as it is now. A mismatch or a missing file is recorded (recordMismatch), and that it is
/// over (recordRestored), where the case can be written; what is wrong is returned, empty when all is well.
std::string verifyExhibit(CaseStore& store, const Exhibit& exhibit);

}  // namespace signet::cases
