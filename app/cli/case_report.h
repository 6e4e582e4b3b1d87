#pragma once

#include "app/cli/common.h"

namespace signet::cli {

/// signet case report
void addCaseReport(CLI::App& caseApp, CommonOptions& common, int& status);

/// signet case export
void addCaseExport(CLI::App& caseApp, CommonOptions& common, int& status);

}  // namespace signet::cli
