#pragma once

#include "core/base/progress.h"
#include "core/cases/case_store.h"

namespace signet::cases {

struct IntakeOptions {
    bool copy = true;  ///< a verified copy goes into the case folder; false: the file is referenced in place
    std::string receivedFrom;  ///< free text
    std::string note;
};

struct IntakeResult {
    Evidence evidence;
    bool added = false;  ///< false: this path with these bytes is in the case already
};

/// Takes a file into a case. It is opened read-only and read once: SHA-256, MD5 and the copy come from the
/// same pass; the copy is read back and compared, and stands under its SHA-256
/// ("evidence/ab/<sha256>.<ending>"), so equal files share one copy. When this returns, the copy and the
/// record are on the disk. Throws signet::Error; a failure leaves at most a copy that the next intake of the
/// same bytes takes over.
IntakeResult takeIn(CaseStore& store, const std::filesystem::path& path, const IntakeOptions& options);

}  // namespace signet::cases
