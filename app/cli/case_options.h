#pragma once

#include <string>

#include "app/cli/common.h"
#include "core/cases/case_store.h"

namespace signet::cli {

/// What every `signet case` subcommand takes.
struct CaseOptions {
    std::string location;
    std::string examiner;
    std::string folder;
};

/// Adds DB, --examiner and --folder.
void addCaseOptions(CLI::App& sub, CaseOptions& options);

/// Opens the case: as the examiner given, else as the one who opened the case.
cases::CaseStore openCase(const CaseOptions& options, bool readOnly);

/// An exhibit as `case add` and `case list` tell of it.
Json recordOf(const cases::Exhibit& exhibit);

}  // namespace signet::cli
