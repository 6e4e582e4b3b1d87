#pragma once

#include "core/base/progress.h"
#include "core/cases/case_store.h"
#include "core/image/find_images.h"

namespace signet::cases {

struct IntakeOptions {
    bool copy = true;  ///< a verified copy goes into the case folder; false: the file is referenced in place
    std::string receivedFrom;  ///< free text
    std::string note;
    bool allFrames = false;  ///< each page, picture or frame of the file becomes an exhibit; else the first
};

struct IntakeResult {
    Exhibit exhibit;
    bool added = false;  ///< false: this path with these bytes is in the case already
    int frames = 1;      ///< pages, pictures or frames in the file; 1 where it cannot be read as an image
};

/// Takes a file into a case. It is opened read-only and read once: SHA-256, MD5 and the copy come from the
/// same pass; the copy is read back and compared, and stands under its SHA-256
/// ("evidence/ab/<sha256>.<ending>"), so equal files share one copy. When this returns, the copy and the
/// records are on the disk. One result an exhibit, at least one. Throws signet::Error; a failure leaves at
/// most a copy that the next intake of the same bytes takes over.
std::vector<IntakeResult> takeIn(CaseStore& store, const std::filesystem::path& path,
                                 const IntakeOptions& options);

/// A file or folder that was to be taken in and could not be.
struct NotTaken {
    std::filesystem::path path;
    std::string message;
};

/// Puts into the audit log what an intake did not take in: what in the folders is no image this program
/// reads, and what failed. Nothing where there is neither.
void recordNotTaken(CaseStore& store, const std::vector<image::LeftOut>& leftOut,
                    const std::vector<NotTaken>& failed);

}  // namespace signet::cases
