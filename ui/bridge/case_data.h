#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/cases/case_types.h"
#include "core/cases/intake.h"
#include "core/cases/verify.h"

namespace signet::ui {

/// Everything the page shows of a case when it is opened. Made on the case's worker, read-only afterwards.
struct CaseContents {
    std::string location;
    std::filesystem::path folder;  ///< of copies and maps
    cases::CaseInfo info;
    std::string readOnlyReason;  ///< empty: it can be written
    std::vector<cases::Exhibit> exhibits;
    std::vector<cases::Tag> tags;
    std::vector<cases::Finding> integrity;  ///< exhibits that were found not to be what they were
};

/// What is known of one exhibit beside its row.
struct ExhibitDetails {
    cases::Exhibit exhibit;
    std::filesystem::path file;    ///< the copy, or the original
    std::filesystem::path folder;  ///< that artifacts' paths start from
    std::vector<cases::Examination> examinations;
    std::vector<cases::Artifact> artifacts;  ///< of the last examination
    std::vector<cases::CustodyEvent> custody;
    std::vector<cases::Finding> findings;
};

struct IntakeSummary {
    int added = 0;
    int known = 0;    ///< in the case already
    int further = 0;  ///< pictures, pages and frames of the files that are no exhibits yet
    std::vector<std::filesystem::path> several;  ///< the files that hold them
    std::vector<image::LeftOut> leftOut;         ///< of the folders
    std::vector<cases::NotTaken> failed;
    std::string stoppedBy;  ///< what concerned all that follow; empty: nothing did
};

/// What the picture in a file looks like, for a registered code (cases::setPicture).
struct PictureRead {
    std::filesystem::path file;
    std::string hash;
    std::string sha256;
    std::string problem;  ///< why it cannot be read; empty: it was
};

using CaseContentsPtr = std::shared_ptr<CaseContents>;  ///< the receiver may move rows out
using ExhibitDetailsPtr = std::shared_ptr<const ExhibitDetails>;
using AuditLogPtr = std::shared_ptr<const std::vector<cases::AuditEntry>>;
using ExhibitsPtr = std::shared_ptr<const std::vector<cases::Exhibit>>;

}  // namespace signet::ui
