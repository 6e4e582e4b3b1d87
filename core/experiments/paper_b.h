#pragma once

#include "core/experiments/experiment.h"

// The rows of paper B's tables and figures, a file each.
namespace signet::experiments {

std::vector<RowPlan> fidelityRows(const Settings& settings);     ///< B.T1
std::vector<RowPlan> codeSetRows(const Settings& settings);      ///< B.T2
std::vector<RowPlan> attributionRows(const Settings& settings);  ///< B.T3
std::vector<RowPlan> layerRows(const Settings& settings);        ///< B.T4
std::vector<RowPlan> lossRows(const Settings& settings);         ///< B.T5
std::vector<RowPlan> backboneRows(const Settings& settings);     ///< B.T6
std::vector<RowPlan> capacityRows(const Settings& settings);     ///< B.F4
std::vector<RowPlan> robustnessRows(const Settings& settings);   ///< B.F5
std::vector<RowPlan> residualRows(const Settings& settings);     ///< B.F7
std::vector<RowPlan> secrecyRows(const Settings& settings);      ///< B.S

}  // namespace signet::experiments
