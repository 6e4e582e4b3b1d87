#pragma once

#include "core/experiments/experiment.h"

// The rows of paper A's tables and figures, a file each.
namespace signet::experiments {

std::vector<RowPlan> presenceRows(const Settings& settings);     ///< A.T1
std::vector<RowPlan> codeRows(const Settings& settings);         ///< A.T2
std::vector<RowPlan> weightRows(const Settings& settings);       ///< A.T6
std::vector<RowPlan> jointRows(const Settings& settings);        ///< A.T8
std::vector<RowPlan> persistenceRows(const Settings& settings);  ///< A.T9
std::vector<RowPlan> securedRows(const Settings& settings);      ///< A.T3
std::vector<RowPlan> securedCodeRows(const Settings& settings);  ///< A.T4
std::vector<RowPlan> detectorRows(const Settings& settings);     ///< A.T5
std::vector<RowPlan> augmentedRows(const Settings& settings);    ///< A.T7
std::vector<RowPlan> kappaRows(const Settings& settings);        ///< A.F3
std::vector<RowPlan> restoredRows(const Settings& settings);     ///< A.R

}  // namespace signet::experiments
