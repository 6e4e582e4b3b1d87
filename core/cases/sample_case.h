#pragma once

#include <filesystem>
#include <vector>

#include "core/base/progress.h"
#include "core/cases/case_store.h"

namespace signet::cases {

/// What a case for benchmarks holds. Its results are made up; hashes, audit log and custody are real.
struct SampleCaseOptions {
    std::vector<std::filesystem::path> files;  ///< one an exhibit, left where they are
    int tagEvery = 10;                         ///< each such exhibit has a tag, each tenth of these two
    int waitEvery = 50;                        ///< each such one waits, the others are examined
    int signedEvery = 4;                       ///< of those examined, each such one carries a code
    int findingEvery = 500;                    ///< each such exhibit has a finding
};

/// Puts these files into a new case as exhibits with examinations, tags and findings, through the same calls
/// as intake and examination, some hundred in one transaction. Throws Cancelled.
void fillSampleCase(CaseStore& store, const SampleCaseOptions& options, const WorkContext& context);

}  // namespace signet::cases
